"""Fifty kills of the bot at random moments across live rounds with ten members each on Slack.

It does what `kills` does on Discord.
"""

import asyncio
import random
import sys
import tempfile
from pathlib import Path

from tests.bench import Findings, Goal
from tests.bench.kills import KILLS, ROUNDS
from tests.chat.slack.kills import rampage
from tests.fakes import slack_server


async def _measure() -> tuple[int, int, int]:
    seed = random.randrange(1000)
    sys.stderr.write(f"seed {seed}\n")
    with slack_server.process() as address, tempfile.TemporaryDirectory() as folder:
        async with slack_server.visiting(address) as slack:
            return await rampage(slack, Path(folder), KILLS, ROUNDS, seed)


def measure() -> Findings:
    killed, acknowledged, failed = asyncio.run(_measure())
    figures = {
        "kills": float(killed),
        "acknowledged": float(acknowledged),
        "pressed_again": float(failed),
    }
    return Findings(figures, {"kills": Goal(figures["kills"], KILLS, floor=True)})
