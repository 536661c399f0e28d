"""Hints that members took."""

from datetime import datetime

from sqlalchemy import insert, select, update

from bot.store.sql.database import Transaction
from bot.store.sql.rows import changed
from bot.store.sql.tables.rounds import hints, sittings


async def was_taken_by(tx: Transaction, act: str) -> bool:
    return await tx.scalar(select(hints.c.number).where(hints.c.act == act)) is not None


async def take(
    tx: Transaction, act: str, round_id: int, player_id: int, number: int, at: datetime
) -> bool:
    """False where it was taken already or the sitting is over."""
    sitting = update(sittings).where(
        sittings.c.round_id == round_id,
        sittings.c.player_id == player_id,
        sittings.c.hints_taken == number - 1,
        sittings.c.finished_at.is_(None),
    )
    if not await changed(tx, sitting.values(hints_taken=number)):
        return False
    hint = {"round_id": round_id, "player_id": player_id, "number": number, "act": act, "at": at}
    await tx.execute(insert(hints).values(hint))
    return True
