"""The bank, read again whenever the second folder changes."""

import asyncio
import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from bot.every import every
from bot.quiz.files.bank import Bank, load, load_with_problems, pack_of
from bot.quiz.files.problems import Problem

Stamp = tuple[str, int, int]  # a file's path, its size and the time of its last change
MOST_FILES = 20_000


class WatchedBank:
    """Each pack keeps its last good version until its files are mended."""

    def __init__(
        self, own: Path, second: Path | None, report: Callable[[tuple[Problem, ...]], object]
    ) -> None:
        self._own = load(own)
        self._second = second
        self._report = report
        self._stamps: tuple[Stamp, ...] | None = None
        self._last_good: Bank | None = None
        self.bank = self._own
        self.problems: tuple[Problem, ...] = ()
        self.refresh()

    def refresh(self) -> bool:
        # Returns whether the folder has changed.
        if self._second is None:
            return False
        stamps = tuple(sorted(_stamps(self._second)))
        if stamps == self._stamps:
            return False
        self._stamps = stamps
        found, problems = load_with_problems(self._second)
        own = {pack.name for pack in self._own.packs}
        for pack in found.packs:
            if pack.name in own:
                wrong = "There is a pack of this name already."
                remedy = "Give its folder another name."
                problems += (Problem(f"{pack.name}/pack.toml", 0, "", wrong, remedy),)
        found = found.only(lambda name: name not in own)
        self._last_good = self._with_last_good(found, problems)
        self.bank = self._own.joined(self._last_good)
        if problems != self.problems:
            self.problems = problems
            self._report(problems)
        return True

    async def watch(self, seconds: float) -> None:
        await every(seconds, lambda: asyncio.to_thread(self.refresh))

    def _with_last_good(self, found: Bank, problems: tuple[Problem, ...]) -> Bank:
        if self._last_good is None:
            return found
        broken = {pack_of(problem.file) for problem in problems}
        is_lost = any(problem.file == str(self._second) for problem in problems)
        whole = {pack.name for pack in found.packs}
        kept = self._last_good.only(lambda name: (is_lost or name in broken) and name not in whole)
        return kept.joined(found)


def _stamps(folder: Path) -> Iterator[Stamp]:
    files = (Path(inside) / name for inside, _, names in os.walk(folder) for name in names)
    for path in islice(files, MOST_FILES):
        try:
            status = path.stat()
        except OSError:
            continue
        yield str(path), status.st_size, status.st_mtime_ns
