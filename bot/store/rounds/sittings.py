"""Sittings: one member in one round."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from bot.model.rounds import RoundProgress, Sitting
from bot.store.sql.database import Transaction
from bot.store.sql.rows import columns_of, insert_new
from bot.store.sql.tables.rounds import sittings

_SITTING = select(*columns_of(sittings, Sitting))


async def find(tx: Transaction, round_id: int, player_id: int) -> Sitting | None:
    query = _SITTING.where(sittings.c.round_id == round_id, sittings.c.player_id == player_id)
    row = (await tx.execute(query)).one_or_none()
    return Sitting(*row) if row else None


async def of_participants(tx: Transaction, round_ids: Sequence[int]) -> list[Sitting]:
    """Without those who only saw the key after the end."""
    took_part = or_(
        sittings.c.tries_used > 0,
        sittings.c.finished_at.is_(None),
        sittings.c.finished_at != sittings.c.joined_at,
    )
    rows = await tx.execute(_SITTING.where(sittings.c.round_id.in_(round_ids), took_part))
    return [Sitting(*row) for row in rows]


async def first_solved(tx: Transaction, round_id: int, most: int) -> list[Sitting]:
    solved = _SITTING.where(sittings.c.round_id == round_id, sittings.c.solved)
    in_order = solved.order_by(sittings.c.finished_at, sittings.c.player_id)
    return [Sitting(*row) for row in await tx.execute(in_order.limit(most))]


async def join(tx: Transaction, round_id: int, player_id: int, at: datetime) -> bool:
    return await insert_new(tx, sittings, round_id=round_id, player_id=player_id, joined_at=at)


async def add_late_visitor(tx: Transaction, round_id: int, player_id: int, at: datetime) -> None:
    await insert_new(
        tx, sittings, round_id=round_id, player_id=player_id, joined_at=at, finished_at=at
    )


async def count(tx: Transaction, round_id: int) -> RoundProgress:
    counts = select(func.count(), func.count(sittings.c.finished_at))
    return RoundProgress(*(await tx.execute(counts.where(sittings.c.round_id == round_id))).one())
