"""The bank that is asked from: our own packs, and those of a second folder, read again whenever it changes."""

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from bot.quiz.files.bank import Bank, gathered, load, pack_of
from bot.quiz.files.problems import Problem

log = logging.getLogger(__name__)
Stamp = tuple[tuple[str, int, int], ...]
MOST_FILES = 20_000


class WatchedBank:
    """Holds the bank that is good now.

    What is wrong in the second folder is told, once, and never takes away what was good before:
    each pack there keeps its last good version until its files are mended.
    """

    def __init__(
        self, own: Path, second: Path | None, tell: Callable[[tuple[Problem, ...]], object]
    ) -> None:
        self._own = load(own)
        self._second = second
        self._tell = tell
        self._stamp: Stamp | None = None
        self._kept: Bank | None = None
        self.bank = self._own
        self.problems: tuple[Problem, ...] = ()
        self.refresh()

    def refresh(self) -> bool:
        """Read the second folder again if anything in it changed; whether it did."""
        if self._second is None or (stamp := tuple(sorted(_stamps(self._second)))) == self._stamp:
            return False
        self._stamp = stamp
        found, problems = gathered(self._second)
        taken = {pack.name for pack in self._own.packs}
        problems += tuple(_taken(pack.name) for pack in found.packs if pack.name in taken)
        self._kept = self._with_last_good(found.only(lambda name: name not in taken), problems)
        self.bank = self._own.joined(self._kept)
        if problems != self.problems:
            self.problems = problems
            self._tell(problems)
        return True

    async def watch(self, seconds: float) -> None:
        """Look for changes for ever, at this interval."""
        while True:
            await asyncio.sleep(seconds)
            try:
                await asyncio.to_thread(self.refresh)
            except Exception:
                log.exception(
                    "the second folder of questions could not be read; what ran before goes on running"
                )

    def _with_last_good(self, found: Bank, problems: tuple[Problem, ...]) -> Bank:
        """The packs found, and of each broken one the version before."""
        if self._kept is None:
            return found
        broken = {pack_of(problem.file) for problem in problems}
        lost = any(problem.file == str(self._second) for problem in problems)
        whole = {pack.name for pack in found.packs}
        return self._kept.only(lambda name: (lost or name in broken) and name not in whole).joined(
            found
        )


def _taken(name: str) -> Problem:
    return Problem(
        f"{name}/pack.toml",
        0,
        "",
        "There is a pack of this name already.",
        "Give its folder another name.",
    )


def _stamps(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Every file with its size and the time of its last change."""
    files = (Path(inside) / name for inside, _, names in os.walk(folder) for name in names)
    for path in islice(files, MOST_FILES):
        try:
            seen = path.stat()
        except OSError:
            continue
        yield str(path), seen.st_size, seen.st_mtime_ns
