"""Many people at once, before the whole bot in a process of its own."""

from pathlib import Path

from sqlalchemy import func, select

from bot.store.sql.database import Database
from bot.store.sql.tables.rounds import attempts
from tests.bench.clicks import BOT, WARMING, storm
from tests.fakes.discord.guild import Discord

CLICKS = 200
ACK_S = 3


async def test_every_click_of_a_storm_is_acknowledged_in_time_and_counted_once(
    discord: Discord, tmp_path: Path
) -> None:
    seen = await storm(discord, BOT, CLICKS, tmp_path)
    assert seen.unanswered == 0
    assert max(seen.acks) < ACK_S
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'torchproof.db'}")
    async with database.reading() as tx:
        counts = (
            await tx.execute(select(func.count(), func.count(attempts.c.player_id.distinct())))
        ).one()
    await database.close()
    assert tuple(counts) == (CLICKS + WARMING, CLICKS + WARMING)
