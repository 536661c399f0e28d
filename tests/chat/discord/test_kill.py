"""The bot is killed at random moments across a live round: nothing is lost, counted twice or said twice."""

from pathlib import Path

from tests.chat.discord.kills import rampage
from tests.fakes.discord.guild import Discord

KILLS = 6


async def test_a_round_survives_kills_at_random_moments(discord: Discord, tmp_path: Path) -> None:
    """Fifty of them, over several rounds, are the benchmark `kills`."""
    killed, acknowledged, _ = await rampage(discord, tmp_path, KILLS, rounds_played=1, seed=7)
    assert killed == KILLS
    assert acknowledged >= 10
