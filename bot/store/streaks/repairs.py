"""Days that admins gave back."""

from datetime import date, datetime

from sqlalchemy import select

from bot.model.people import Player
from bot.model.streaks import Repair
from bot.store.people import PLAYER
from bot.store.sql.database import Transaction
from bot.store.sql.rows import insert_new
from bot.store.sql.tables.people import players
from bot.store.sql.tables.streaks import repairs, streak_days


async def add(
    tx: Transaction, player_id: int, day: date, by_id: int, reason: str, at: datetime
) -> bool:
    """False where it counts already, other than by this very repair."""
    key = {"player_id": player_id, "day": day}
    if not await insert_new(tx, streak_days, **key):
        same = {**key, "by_id": by_id, "reason": reason}
        return await tx.scalar(select(repairs.c.day).filter_by(**same)) is not None
    return await insert_new(tx, repairs, **key, by_id=by_id, reason=reason, at=at)


async def of_player(tx: Transaction, player_id: int) -> list[Repair]:
    query = (
        select(repairs.c.day, repairs.c.reason, repairs.c.at, *PLAYER)
        .join(players, players.c.id == repairs.c.by_id)
        .where(repairs.c.player_id == player_id)
        .order_by(repairs.c.day)
    )
    rows = await tx.execute(query)
    return [Repair(day, Player(*by), reason, at) for day, reason, at, *by in rows]
