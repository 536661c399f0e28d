"""A live round with ten members, before a bot that is killed at random moments and started again each time."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.store.database import Database
from bot.store.tables import attempts, rounds
from tests.conftest import ROOT
from tests.fakes.denied import Denied
from tests.fakes.discord.guild import Discord, Member
from tests.fakes.discord.seen import Act, Seen
from tests.stories.questions import bank

MEMBERS = 10
LASTS_S = 16.0
"""A round that all have finished closes after its first 15 seconds."""
DEADLINE_S = 120
PLANS = ("A", "BA", "BC", "CA", "DA", "A", "BD", "A", "CB", "DA")
"""What each member presses, one letter after the other, until it is taken."""


class Bot:
    """The whole bot as a process, which can be killed at any time and starts again at once."""

    def __init__(self, discord: Discord, folder: Path) -> None:
        self.kills = 0
        self._settings = {
            "TORCHPROOF_DISCORD_TOKEN": discord.token,
            "TORCHPROOF_DISCORD_API_URL": discord.api,
            "TORCHPROOF_DISCORD_GATEWAY_URL": discord.gateway,
            "TORCHPROOF_DATA_DIR": str(folder),
            "TORCHPROOF_QUESTIONS_DIR": str(folder / "questions"),
            "TORCHPROOF_WEB_PORT": "0",
            "TORCHPROOF_LOG_LEVEL": "error",
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


@dataclass(slots=True)
class Witness:
    """What people saw: which of their presses were acknowledged."""

    acknowledged: list[Act] = field(default_factory=list)
    failed: int = 0


async def play(discord: Discord, members: Sequence[Member], bot: Bot, kills: int, chance: random.Random) -> Witness:
    """One round from its question to its end, with so many kills on the way."""
    witness = Witness()
    killing = asyncio.create_task(_kill(bot, kills, chance))
    card = await _asked(members[0])
    await asyncio.gather(
        *(_take_part(one, card, plan, witness, chance) for one, plan in zip(members, PLANS, strict=True))
    )
    await killing
    async with asyncio.timeout(DEADLINE_S):
        version = 0
        while "(over)" not in (await _same(members[0], card)).text:
            version = await discord.do("changed", version=version, seconds=2)
    return witness


async def _kill(bot: Bot, kills: int, chance: random.Random) -> None:
    """At moments that nobody foresees; that is what the sleep is for."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    for moment in sorted(chance.uniform(0, LASTS_S) for _ in range(kills)):
        await asyncio.sleep(max(0.0, began + moment - loop.time()))
        bot.kill()
        bot.start()


async def _asked(asker: Member) -> Seen:
    """Ask until a card stands: a command that fails may have been heard, and its card may come after a restart."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            before = {seen.id for seen in await asker.sees()}
            fresh = partial(_is_fresh, before)
            try:
                await asker.slash("challenge", pack="gates", level="intermediate")
                return await asker.finds("Worth", fresh)
            except (AssertionError, Denied):
                continue


def _is_fresh(before: Container[str], seen: Seen) -> bool:
    return seen.id not in before and "A" in seen.buttons


async def _take_part(member: Member, card: Seen, plan: str, witness: Witness, chance: random.Random) -> None:
    for letter in plan:
        await asyncio.sleep(chance.uniform(0, LASTS_S / 3))
        async with asyncio.timeout(DEADLINE_S):
            while (act := await member.click(letter, card)).failed:
                witness.failed += 1
        witness.acknowledged.append(act)


async def _same(member: Member, card: Seen) -> Seen:
    return next(seen for seen in await member.sees() if seen.id == card.id)


async def judged(folder: Path, members: Sequence[Member], witness: Witness) -> None:
    """Once ended, once counted, never lost, never doubled."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'torchproof.db'}")
    try:
        ended = await _ended(database)
        async with database.look() as tx:
            written = (await tx.execute(select(attempts))).all()
    finally:
        await database.close()
    acts = {row.act for row in written}
    lost = [act.id for act in witness.acknowledged if act.id not in acts and not await _refused(members, act)]
    assert lost == [], "an answer was acknowledged, and is nowhere"
    public = [seen for seen in await members[0].sees() if not seen.private]
    assert sorted(seen.id for seen in public) == sorted(row.message for row in ended), "a message is doubled or missing"
    for row in ended:
        card = next(seen for seen in public if seen.id == row.message)
        _counted(card, [one for one in written if one.round_id == row.id])


async def _ended(database: Database) -> Sequence[Any]:
    """The rounds, once each is told: the card stands a moment before its row says so."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            async with database.look() as tx:
                rows = (await tx.execute(select(rounds.c.id, rounds.c.status, rounds.c.message))).all()
            standing = [row for row in rows if row.status != "void"]
            if all(row.status == "told" for row in standing):
                return standing


async def _refused(members: Sequence[Member], act: Act) -> bool:
    """Whether the person was told that this press was not taken, because an earlier one was."""
    seen = [one for member in members for one in await member.sees() if one.id in act.messages]
    return any(
        words in one.text for one in seen for words in ("Solved already", "No tries left", "Time is up", "is over")
    )


def _counted(card: Seen, written: Sequence[Any]) -> None:
    """The card at the end tells what the database holds."""
    by_player: dict[int, list[Any]] = {}
    for one in written:
        by_player.setdefault(one.player_id, []).append(one)
    assert all([one.number for one in tries] == list(range(1, len(tries) + 1)) for tries in by_player.values())
    solved = sum(any(one.share == 1 for one in tries) for tries in by_player.values())
    assert f"{solved} of {len(by_player)} members" in card.text
    chosen = Counter(tries[-1].answer[0] for tries in by_player.values())
    for letter, count in chosen.items():
        assert f"**{letter}:**" in card.text
        line = next(line for line in card.text.splitlines() if line.startswith(f"**{letter}:**"))
        assert f"chosen by {count}" in line


async def rampage(discord: Discord, folder: Path, kills: int, rounds_played: int, seed: int) -> tuple[int, int, int]:
    """So many kills over so many rounds: how many there were, how many presses were acknowledged, how many failed."""
    chance = random.Random(seed)
    bank(folder / "questions")
    guild = await discord.guild("Study group")
    members = [await guild.join(f"Member {number}") for number in range(MEMBERS)]
    bot = Bot(discord, folder)
    acknowledged = failed = 0
    try:
        await discord.until(lambda known: bool(known["tree"]), "commands", what="the commands", guild="")
        for number in range(rounds_played):
            share = kills // rounds_played + (number < kills % rounds_played)
            witness = await play(discord, members, bot, share, chance)
            await judged(folder, members, witness)
            acknowledged, failed = acknowledged + len(witness.acknowledged), failed + witness.failed
    finally:
        bot.stop()
    return bot.kills, acknowledged, failed
