"""The bot is killed at random moments across a live round.

Nothing is lost, counted twice or said twice.
"""

import asyncio
from pathlib import Path

from sqlalchemy import func, select

from bot.chat.slack.manifest import manifest
from bot.store.sql.database import Database
from bot.store.sql.tables.rounds import attempts
from tests.chat.killing import Bot
from tests.chat.slack.kills import rampage, settings_of
from tests.fakes.slack.workspace import Slack
from tests.stories.questions import bank

KILLS = 6


async def test_a_round_survives_kills_at_random_moments(slack: Slack, tmp_path: Path) -> None:
    """Fifty of them, over several rounds, are the benchmark `kills`."""
    killed, acknowledged, _ = await rampage(slack, tmp_path, KILLS, rounds_played=1, seed=7)
    assert killed == KILLS
    assert acknowledged >= 10


async def test_two_bots_before_one_workspace_share_its_acts_and_count_once(
    slack: Slack, tmp_path: Path
) -> None:
    """Slack gives each act to any one of their connections, and some of them twice.

    Either answers what the other asked.
    """
    bank(tmp_path / "questions")
    await slack.manifest(manifest())
    home = await slack.workspace("Study group")
    members = [await home.join(f"Member {number}") for number in range(6)]
    bots = [Bot(settings_of(slack, home), tmp_path)]
    try:
        await slack.online(1)
        bots.append(Bot(settings_of(slack, home), tmp_path))
        await slack.online(2)
        await members[0].slash("/quiz", "challenge gates intermediate")
        card = await members[0].finds("Worth", lambda seen: "A" in seen.buttons)
        await slack.twice(3)
        acts = await asyncio.gather(*(member.click("B", card) for member in members))
        assert not [act for act in acts if act.failed]
        for member in members:
            assert "1 try left" in (await member.finds("Not that.")).text
        assert len([seen for seen in await members[0].sees() if not seen.private]) == 1
    finally:
        for bot in bots:
            bot.stop()
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'torchproof.db'}")
    async with database.reading() as tx:
        assert (await tx.execute(select(func.count()).select_from(attempts))).scalar_one() == len(
            members
        )
    await database.close()
