"""Sittings: one member in one round."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from bot.model.rounds import RoundProgress, Sitting
from bot.store.sql.database import Transaction, added, insert_into
from bot.store.sql.tables.rounds import sittings

_SITTING = (
    sittings.c.round_id,
    sittings.c.player_id,
    sittings.c.tries_used,
    sittings.c.hints_taken,
    sittings.c.points,
    sittings.c.share,
    sittings.c.solved,
    sittings.c.finished_at,
)


async def find(tx: Transaction, round_id: int, player_id: int) -> Sitting | None:
    rows = await tx.execute(
        select(*_SITTING).where(sittings.c.round_id == round_id, sittings.c.player_id == player_id)
    )
    row = rows.one_or_none()
    return Sitting(*row) if row else None


async def of_participants(tx: Transaction, round_ids: Sequence[int]) -> list[Sitting]:
    """Of those who took part; who only looked in after the end did not."""
    took_part = or_(
        sittings.c.tries_used > 0,
        sittings.c.finished_at.is_(None),
        sittings.c.finished_at != sittings.c.joined_at,
    )
    rows = await tx.execute(select(*_SITTING).where(sittings.c.round_id.in_(round_ids), took_part))
    return [Sitting(*row) for row in rows]


async def first_solved(tx: Transaction, round_id: int, most: int) -> list[Sitting]:
    """Those who solved it, in the order in which they did."""
    solved = select(*_SITTING).where(sittings.c.round_id == round_id, sittings.c.solved)
    rows = await tx.execute(
        solved.order_by(sittings.c.finished_at, sittings.c.player_id).limit(most)
    )
    return [Sitting(*row) for row in rows]


async def join(tx: Transaction, round_id: int, player_id: int, at: datetime) -> bool:
    """Join a round; False where the member had joined before."""
    row = insert_into(tx, sittings).values(round_id=round_id, player_id=player_id, joined_at=at)
    return await added(tx, row)


async def add_late_visitor(tx: Transaction, round_id: int, player_id: int, at: datetime) -> None:
    """Note that the key was shown to somebody who came after the end; a sitting of theirs says it already."""
    row = insert_into(tx, sittings).values(
        round_id=round_id, player_id=player_id, joined_at=at, finished_at=at
    )
    await tx.execute(row.on_conflict_do_nothing())


async def count(tx: Transaction, round_id: int) -> RoundProgress:
    counts = select(func.count(), func.count(sittings.c.finished_at)).where(
        sittings.c.round_id == round_id
    )
    joined, finished = (await tx.execute(counts)).one()
    return RoundProgress(joined, finished)
