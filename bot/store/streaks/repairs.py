"""Days that admins gave back."""

from datetime import date, datetime

from sqlalchemy import select

from bot.model.people import Player
from bot.model.streaks import Repair
from bot.store.sql.database import Transaction, added, insert_into
from bot.store.sql.tables.people import players
from bot.store.sql.tables.streaks import repairs, streak_days


async def add(
    tx: Transaction, player_id: int, day: date, by_id: int, reason: str, at: datetime
) -> bool:
    """Make a day count, with the reason; False where it counts already, but for this very repair."""
    if not await added(tx, insert_into(tx, streak_days).values(player_id=player_id, day=day)):
        done = select(repairs.c.day).where(repairs.c.player_id == player_id, repairs.c.day == day)
        mine = done.where(repairs.c.by_id == by_id, repairs.c.reason == reason)
        return (await tx.execute(mine)).one_or_none() is not None
    row = insert_into(tx, repairs).values(
        player_id=player_id, day=day, by_id=by_id, reason=reason, at=at
    )
    return await added(tx, row)


async def of_player(tx: Transaction, player_id: int) -> list[Repair]:
    columns = [players.c[name] for name in Player.__slots__]
    query = (
        select(repairs.c.day, repairs.c.reason, repairs.c.at, *columns)
        .join(players, players.c.id == repairs.c.by_id)
        .where(repairs.c.player_id == player_id)
        .order_by(repairs.c.day)
    )
    return [
        Repair(day, Player(*by), reason, at) for day, reason, at, *by in await tx.execute(query)
    ]
