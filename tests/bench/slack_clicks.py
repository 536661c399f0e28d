"""A thousand presses at once on one Slack message.

Measured are answers per second and the time to each acknowledgement.

As `clicks`, before the Slack simulator and by socket: the whole bot as a process of its own, and
beside it a bare bolt bot that only acknowledges, in turns; medians are compared. Seconds are those
of the simulator's clock.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bot.chat.slack.manifest import manifest
from tests.bench import Findings, Goal
from tests.bench.clicks import BOT, WARMING, Storm, program
from tests.chat.slack.kills import settings_of
from tests.fakes import slack_server
from tests.fakes.slack.workspace import Member, Slack
from tests.stories.questions import bank

CLICKS = 1000
TURNS = 3
BARE = ("-OO", "-m", "tests.fakes.slack.bare_bot")
DEADLINE_S = 120


async def storm(slack: Slack, line: Sequence[str], clicks: int, folder: Path) -> Storm:
    """So many members press B on the bot's message at once, after a first few have warmed it."""
    bank(folder / "questions")
    await slack.reset()
    await slack.limits(on=False)
    await slack.manifest(manifest())
    home = await slack.workspace("Study group")
    members = [await home.join(f"Member {number}") for number in range(clicks + WARMING)]
    with program(line, settings_of(slack, home), folder):
        await slack.online()
        if line is BOT:
            await settled(members[0])
        await members[0].slash("/quiz", "challenge gates intermediate")
        shown = await members[0].finds("", lambda seen: "B" in seen.buttons)
        await slack.storm([(member, shown, "B") for member in members[:WARMING]])
        began = time.perf_counter()
        acts = await slack.storm([(member, shown, "B") for member in members[WARMING:]])
        if line is BOT:
            await answered(slack, members)
        seconds = time.perf_counter() - began
    acks = [act.after for act in acts if act.after is not None]
    return Storm(clicks, clicks - len(acks), seconds, tuple(acks))


async def settled(member: Member) -> None:
    """Return when the bot's worker has started too: what it imports is no part of a press."""
    await member.slash("/run", "print(6 * 7)")
    await member.finds("42")


async def answered(slack: Slack, members: Sequence[Member]) -> None:
    """Return when everybody has been told what became of their press."""
    async with asyncio.timeout(DEADLINE_S):
        while await told(slack) < len(members):
            version = (await slack.do("connections"))["version"]
            await slack.do("changed", version=version, seconds=0.2)


async def told(slack: Slack) -> int:
    return len([line for line in await slack.requests("hooks") if line["status"] == 200])


async def storms(clicks: int = CLICKS, turns: int = TURNS) -> list[tuple[Storm, Storm]]:
    """Ours and the bare one, in turns."""
    with slack_server.process() as address, tempfile.TemporaryDirectory() as folder:
        async with Slack.at(address) as slack:
            return [
                (
                    await storm(slack, BOT, clicks, Path(folder) / f"{turn}"),
                    await storm(slack, BARE, clicks, Path(folder)),
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
        "ack_longest": max(max(each.acks) for each in ours),
        "unanswered": float(sum(each.unanswered for each in ours)),
        "bare_per_second": median(each.per_second for each in bare),
        "bare_ack_p99": median(each.percentile(99) for each in bare),
    }
    return Findings(
        figures,
        {"unanswered": Goal(figures["unanswered"], 0), "ack_p99": Goal(figures["ack_p99"], 3.0)},
    )
