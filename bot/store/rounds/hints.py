"""Hints that members took."""

from datetime import datetime

from sqlalchemy import insert, select, update

from bot.store.sql.database import Transaction
from bot.store.sql.tables.rounds import hints, sittings


async def was_taken_by(tx: Transaction, act: str) -> bool:
    """Whether this act has taken its hint already."""
    return (
        await tx.execute(select(hints.c.number).where(hints.c.act == act))
    ).one_or_none() is not None


async def take(
    tx: Transaction, act: str, round_id: int, player_id: int, number: int, at: datetime
) -> bool:
    """Log the member's next hint; False where it was taken already or the sitting is over."""
    change = update(sittings).where(
        sittings.c.round_id == round_id,
        sittings.c.player_id == player_id,
        sittings.c.hints_taken == number - 1,
        sittings.c.finished_at.is_(None),
    )
    if (await tx.execute(change.values(hints_taken=number))).rowcount != 1:
        return False
    await tx.execute(
        insert(hints).values(round_id=round_id, player_id=player_id, number=number, act=act, at=at)
    )
    return True
