"""A thousand clicks at once on one Discord message.

Measured are answers per second and the time to each acknowledgement.

The whole bot runs as a process of its own (`python -OO -m bot`, SQLite on disk) before the Discord
simulator, which is another; each click is an answer of another member, judged, written and answered
with its verdict. Beside it a bare discord.py bot, that only acknowledges each click, under the same
storm. They take turns; medians are compared. Seconds are those of the simulator's clock, from the
click to the callback.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from tests.bench import Findings, Goal
from tests.chat.discord.kills import settings_of
from tests.fakes import discord_server
from tests.fakes.discord.guild import Discord, Member
from tests.fakes.discord.screen import Act
from tests.stories.questions import bank

ROOT = Path(__file__).resolve().parents[2]
CLICKS = 1000
TURNS = 5
WARMING = 20
THINKING = 5
BOT = ("-OO", "-m", "bot")
BARE = ("-OO", "-m", "tests.fakes.discord.bare_bot")


@dataclass(frozen=True, slots=True)
class Storm:
    """What a storm of clicks came to."""

    clicks: int
    unanswered: int
    seconds: float
    acks: tuple[float, ...]

    @property
    def per_second(self) -> float:
        return self.clicks / self.seconds

    def percentile(self, n: int) -> float:
        return quantiles(self.acks, n=100)[n - 1]


@contextmanager
def program(line: Sequence[str], platform: Mapping[str, str], folder: Path) -> Iterator[None]:
    """A bot before the simulator that these settings name, until the context is left."""
    settings = {
        **platform,
        "TORCHPROOF_DATA_DIR": str(folder),
        "TORCHPROOF_QUESTIONS_DIR": str(folder / "questions"),
        "TORCHPROOF_WEB_PORT": "0",
        "TORCHPROOF_LOG_LEVEL": "error",
    }
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    with subprocess.Popen(
        [sys.executable, *line],
        cwd=ROOT,
        env={**environment, **settings},
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            yield
        finally:
            process.terminate()
            process.wait()


async def storm(discord: Discord, line: Sequence[str], clicks: int, folder: Path) -> Storm:
    """So many members press B on the bot's message at once, after a first few have warmed it."""
    bank(folder / "questions")
    await discord.reset()
    await discord.limits(on=False)
    guild = await discord.guild("Study group")
    members = [await guild.join(f"Member {number}") for number in range(clicks + WARMING)]
    with program(line, settings_of(discord), folder):
        await discord.until(
            lambda known: bool(known["tree"]), "commands", what="the commands", guild=""
        )
        await discord.online()
        if line is BOT:
            await settled(members[0])
        await members[0].slash("challenge", pack="gates", level="intermediate")
        shown = await members[0].finds("", lambda seen: "B" in seen.buttons)
        await discord.storm([(member, shown, "B") for member in members[:WARMING]])
        began = time.perf_counter()
        acts = await discord.storm([(member, shown, "B") for member in members[WARMING:]])
        if line is BOT:
            await answered(discord, acts)
        seconds = time.perf_counter() - began
    acks = [act.after for act in acts if act.after is not None]
    return Storm(clicks, clicks - len(acks), seconds, tuple(acks))


async def settled(member: Member) -> None:
    """Return when the bot's worker has started too: what it imports is no part of a click."""
    await member.slash("run", code="print(6 * 7)")
    await member.finds("42")


async def answered(discord: Discord, acts: Sequence[Act]) -> None:
    """Return when those who were asked to wait have their answer too."""
    waiting = sum(act.answer == THINKING for act in acts)
    async with asyncio.timeout(60):
        while len(await discord.requests("PATCH", "/webhooks/")) < waiting:
            pass


async def storms(clicks: int = CLICKS, turns: int = TURNS) -> list[tuple[Storm, Storm]]:
    """Ours and the bare one, in turns."""
    with discord_server.process() as address, tempfile.TemporaryDirectory() as folder:
        async with Discord.at(address) as discord:
            return [
                (
                    await storm(discord, BOT, clicks, Path(folder) / f"{turn}"),
                    await storm(discord, BARE, clicks, Path(folder)),
                )
                for turn in range(turns)
            ]


def measure() -> Findings:
    taken = asyncio.run(storms())
    ours, bare = [turn[0] for turn in taken], [turn[1] for turn in taken]
    figures = {
        "clicks_per_second": median(each.per_second for each in ours),
        "ack_p50": median(each.percentile(50) for each in ours),
        "ack_p99": median(each.percentile(99) for each in ours),
        "unanswered": float(sum(each.unanswered for each in ours)),
        "bare_per_second": median(each.per_second for each in bare),
        "bare_ack_p50": median(each.percentile(50) for each in bare),
        "bare_ack_p99": median(each.percentile(99) for each in bare),
        "clicks_vs_bare": median(one.per_second / other.per_second for one, other in taken),
    }
    goals = {"clicks_vs_bare": Goal(figures["clicks_vs_bare"], 0.7, floor=True)}
    return Findings(figures, {**goals, "unanswered": Goal(figures["unanswered"], 0)})
