"""A live round with ten members, before a bot that is killed at random and started again.

It is the same on any platform.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.store.sql.database import Database
from bot.store.sql.tables.rounds import attempts, rounds
from tests.conftest import ROOT
from tests.stories.questions import bank

MEMBERS = 10
LASTS_S = 16.0
"""A round that all have finished closes after its first 15 seconds."""
DEADLINE_S = 120
PLANS = ("A", "BA", "BC", "CA", "DA", "A", "BD", "A", "CB", "DA")
"""What each member presses, one letter after the other, until it is taken."""
REFUSED = ("Solved already", "No tries left", "Time is up", "is over")
OVER = "(over)"


class Bot:
    """The whole bot as a process, which can be killed at any time and starts again at once."""

    def __init__(self, settings: Mapping[str, str], folder: Path) -> None:
        self.kills = 0
        self._settings = {
            "TORCHPROOF_DATA_DIR": str(folder),
            "TORCHPROOF_QUESTIONS_DIR": str(folder / "questions"),
            "TORCHPROOF_WEB_PORT": "0",
            "TORCHPROOF_LOG_LEVEL": "error",
            **settings,
        }
        self._log = (folder / "bot.log").open("a", encoding="utf-8")
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-OO", "-m", "bot"],
            cwd=ROOT,
            env={**os.environ, **self._settings},
            stdout=self._log,
            stderr=self._log,
        )

    def kill(self) -> None:
        self.kills += 1
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()
        self._log.close()


@dataclass(frozen=True, slots=True)
class Press:
    """What became of one: `act` as the platform names it."""

    act: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A public message of the bot: its name in the rounds' rows, and its words without marks."""

    message: str
    text: str


class Screen(ABC):
    """Members of a group before a platform, who can ask, press and read."""

    settings: Mapping[str, str]

    @abstractmethod
    async def ready(self) -> None:
        """Return when the bot is there for the first time."""

    @abstractmethod
    async def ask(self) -> str:
        """Try to ask a question; the public message that came of it.

        It is an AssertionError where none came.
        """

    @abstractmethod
    async def press(self, member: int, letter: str, message: str) -> Press: ...

    @abstractmethod
    async def shown(self) -> Sequence[Shown]: ...

    @abstractmethod
    async def told(self, act: str) -> Sequence[str]:
        """What a person was told about one of their presses."""

    @abstractmethod
    async def changed(self) -> None:
        """Return when something new may be read."""


@dataclass(slots=True)
class Witness:
    """What people saw: which of their presses were acknowledged."""

    acknowledged: list[str] = field(default_factory=list)
    failed: int = 0


async def rampage(
    screen: Screen, folder: Path, kills: int, rounds_played: int, seed: int
) -> tuple[int, int, int]:
    """So many kills over so many rounds.

    It tells how many there were, how many presses were acknowledged, how many failed.
    """
    chance = random.Random(seed)
    bank(folder / "questions")
    bot = Bot(screen.settings, folder)
    acknowledged = failed = 0
    try:
        await screen.ready()
        for number in range(rounds_played):
            share = kills // rounds_played + (number < kills % rounds_played)
            witness = await _play(screen, bot, share, chance)
            await judged(screen, folder, witness)
            acknowledged, failed = acknowledged + len(witness.acknowledged), failed + witness.failed
    finally:
        bot.stop()
    return bot.kills, acknowledged, failed


async def _play(screen: Screen, bot: Bot, kills: int, chance: random.Random) -> Witness:
    """One round from its question to its end, with so many kills on the way."""
    witness = Witness()
    killing = asyncio.create_task(_kill(bot, kills, chance))
    message = await _asked(screen)
    await asyncio.gather(
        *(
            _take_part(screen, one, message, plan, witness, chance)
            for one, plan in enumerate(PLANS[:MEMBERS])
        )
    )
    await killing
    async with asyncio.timeout(DEADLINE_S):
        while not any(one.message == message and OVER in one.text for one in await screen.shown()):
            await screen.changed()
    return witness


async def _kill(bot: Bot, kills: int, chance: random.Random) -> None:
    """At moments that nobody foresees; that is what the sleep is for."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    for moment in sorted(chance.uniform(0, LASTS_S) for _ in range(kills)):
        await asyncio.sleep(max(0.0, began + moment - loop.time()))
        bot.kill()
        bot.start()


async def _asked(screen: Screen) -> str:
    """Ask until a card stands.

    A command that fails may have been heard, and its card may come after a restart.
    """
    async with asyncio.timeout(DEADLINE_S):
        while True:
            try:
                return await screen.ask()
            except AssertionError:
                continue


async def _take_part(
    screen: Screen, member: int, message: str, plan: str, witness: Witness, chance: random.Random
) -> None:
    for letter in plan:
        await asyncio.sleep(chance.uniform(0, LASTS_S / 3))
        async with asyncio.timeout(DEADLINE_S):
            while (press := await screen.press(member, letter, message)).failed:
                witness.failed += 1
        witness.acknowledged.append(press.act)


async def judged(screen: Screen, folder: Path, witness: Witness) -> None:
    """Once ended, once counted, never lost, never doubled."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'torchproof.db'}")
    try:
        ended = await _ended(database)
        async with database.reading() as tx:
            written = (await tx.execute(select(attempts))).all()
    finally:
        await database.close()
    missing = [act for act in witness.acknowledged if not any(act in row.act for row in written)]
    lost = [act for act in missing if not await _refused(screen, act)]
    assert lost == [], "an answer was acknowledged, and is nowhere"
    public = {one.message: one.text for one in await screen.shown()}
    assert sorted(one.message for one in await screen.shown()) == sorted(
        row.message for row in ended
    ), "a message is doubled or missing"
    for row in ended:
        _counted(public[row.message], [one for one in written if one.round_id == row.id])


async def _ended(database: Database) -> Sequence[Any]:
    """The rounds, once each is told: the card stands a moment before its row says so."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            async with database.reading() as tx:
                rows = (
                    await tx.execute(select(rounds.c.id, rounds.c.status, rounds.c.message))
                ).all()
            standing = [row for row in rows if row.status != "void"]
            if all(row.status == "announced" for row in standing):
                return standing


async def _refused(screen: Screen, act: str) -> bool:
    """Whether the person was told that this press was not taken, because an earlier one was."""
    return any(words in text for text in await screen.told(act) for words in REFUSED)


def _counted(text: str, written: Sequence[Any]) -> None:
    """The card at the end tells what the database holds."""
    by_player: dict[int, list[Any]] = {}
    for one in written:
        by_player.setdefault(one.player_id, []).append(one)
    assert all(
        [one.number for one in tries] == list(range(1, len(tries) + 1))
        for tries in by_player.values()
    )
    solved = sum(any(one.share == 1 for one in tries) for tries in by_player.values())
    assert f"{solved} of {len(by_player)} members" in text
    chosen = Counter(tries[-1].answer[0] for tries in by_player.values())
    for letter, count in chosen.items():
        line = next(line for line in text.splitlines() if line.startswith(f"{letter}:"))
        assert f"chosen by {count}" in line
