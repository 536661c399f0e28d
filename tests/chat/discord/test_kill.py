"""The bot is killed at random moments across a live round.

Nothing is lost, counted twice or said twice.
"""

import asyncio
from pathlib import Path

from sqlalchemy import func, select

from bot.store.sql.database import Database
from bot.store.sql.tables.rounds import attempts, hints
from tests.chat.discord.kills import rampage, settings_of
from tests.chat.killing import Bot
from tests.fakes.discord.guild import Discord
from tests.stories.questions import bank

KILLS = 6


async def test_a_round_survives_kills_at_random_moments(discord: Discord, tmp_path: Path) -> None:
    """Fifty of them, over several rounds, are the benchmark `kills`."""
    killed, acknowledged, _ = await rampage(discord, tmp_path, KILLS, rounds_played=1, seed=7)
    assert killed == KILLS
    assert acknowledged >= 10


async def test_two_bots_before_one_database_ask_once_and_count_once(
    discord: Discord, tmp_path: Path
) -> None:
    """As when a new one is started before the old one ends: each hears everything."""
    bank(tmp_path / "questions")
    guild = await discord.guild("Study group")
    members = [await guild.join(f"Member {number}") for number in range(6)]
    bots = [Bot(settings_of(discord), tmp_path)]
    try:
        await discord.online(1)
        bots.append(Bot(settings_of(discord), tmp_path))
        await discord.online(2)
        await members[0].slash("challenge", pack="gates", level="intermediate")
        card = await members[0].finds("Worth")
        assert (await members[1].click("Hint (−20 %)", card)).answer
        acts = await asyncio.gather(*(member.click("B", card) for member in members))
        assert not [act for act in acts if act.failed]
        for member in members:
            assert "1 try left" in (await member.finds("Not that.")).text
            assert len(await member.sees()) == 2 + (member is members[1])
        assert "Think of one times seven." not in "".join(
            seen.text for seen in await members[1].sees()
        )
    finally:
        for bot in bots:
            bot.stop()
    assert "Another bot has its data" in (tmp_path / "bot.log").read_text("utf-8")
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'torchproof.db'}")
    async with database.reading() as tx:
        assert (await tx.execute(select(func.count()).select_from(attempts))).scalar_one() == len(
            members
        )
        assert (await tx.execute(select(func.count()).select_from(hints))).scalar_one() == 1
    await database.close()
