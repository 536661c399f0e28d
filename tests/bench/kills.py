"""Fifty kills of the bot at random moments across live rounds with ten members each on Discord.

Whatever happens between any two effects, a round ends once, every acknowledged answer counts, none
counts twice, and no message is doubled; a benchmark that finds otherwise fails. The figures tell
how hard it was.
"""

import asyncio
import random
import sys
import tempfile
from pathlib import Path

from tests.bench import Findings, Goal
from tests.chat.discord.kills import rampage
from tests.fakes import discord_server

KILLS = 50
ROUNDS = 9


async def _measure() -> tuple[int, int, int]:
    seed = random.randrange(1000)
    sys.stderr.write(f"seed {seed}\n")
    with discord_server.process() as address, tempfile.TemporaryDirectory() as folder:
        async with discord_server.visiting(address) as discord:
            return await rampage(discord, Path(folder), KILLS, ROUNDS, seed)


def measure() -> Findings:
    killed, acknowledged, failed = asyncio.run(_measure())
    figures = {
        "kills": float(killed),
        "acknowledged": float(acknowledged),
        "pressed_again": float(failed),
    }
    return Findings(figures, {"kills": Goal(figures["kills"], KILLS, floor=True)})
