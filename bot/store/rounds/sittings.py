"""Sittings: one member in one round, with their attempts and hints."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, or_, select, update

from bot.model.rounds import Attempt, RoundProgress, Sitting
from bot.store.sql.database import Transaction
from bot.store.sql.rows import AnyRow, changed, columns_of, insert_new
from bot.store.sql.tables.rounds import attempts, hints, sittings

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


_ATTEMPT = select(*columns_of(attempts, Attempt))


def _attempt(row: AnyRow) -> Attempt:
    values = row._asdict()
    return Attempt(**{**values, "answer": tuple(values["answer"])})


async def attempts_in(
    tx: Transaction, round_ids: Sequence[int], player_id: int | None = None
) -> list[Attempt]:
    query = _ATTEMPT.where(attempts.c.round_id.in_(round_ids))
    if player_id is not None:
        query = query.where(attempts.c.player_id == player_id)
    rows = await tx.execute(
        query.order_by(attempts.c.at, attempts.c.round_id, attempts.c.number, attempts.c.player_id)
    )
    return [_attempt(row) for row in rows]


async def best_attempt(tx: Transaction, player_id: int, round_id: int) -> Attempt | None:
    """What a member's score came from: the last where none paid."""
    query = (
        _ATTEMPT.where(attempts.c.player_id == player_id, attempts.c.round_id == round_id)
        .order_by(attempts.c.points.desc(), attempts.c.number.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).one_or_none()
    return _attempt(row) if row else None


async def hint_was_taken_by(tx: Transaction, act: str) -> bool:
    return await tx.scalar(select(hints.c.number).filter_by(act=act)) is not None


async def take_hint(
    tx: Transaction, act: str, round_id: int, player_id: int, number: int, at: datetime
) -> bool:
    """False where it was taken already or the sitting is over."""
    sitting = update(sittings).filter_by(
        round_id=round_id, player_id=player_id, hints_taken=number - 1, finished_at=None
    )
    if not await changed(tx, sitting.values(hints_taken=number)):
        return False
    hint = {"round_id": round_id, "player_id": player_id, "number": number, "act": act, "at": at}
    await tx.execute(insert(hints).values(hint))
    return True
