"""Sittings, with their attempts and hints."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, or_, select

from bot.model.rounds import Attempt, RoundProgress, Sitting
from bot.store.sql.database import Transaction
from bot.store.sql.rows import (
    AnyRow,
    columns_of,
    find_all,
    find_one,
    insert_new,
    is_found,
    update_row,
)
from bot.store.sql.tables.rounds import attempts, hints, sittings

_SITTING = select(*columns_of(sittings, Sitting))


def _sitting(row: AnyRow) -> Sitting:
    return Sitting(*row)


async def find(tx: Transaction, round_id: int, player_id: int) -> Sitting | None:
    query = _SITTING.filter_by(round_id=round_id, player_id=player_id)
    return await find_one(tx, query, _sitting)


async def of_participants(tx: Transaction, round_ids: Sequence[int]) -> list[Sitting]:
    """Without those who only saw the key after the end."""
    took_part = or_(
        sittings.c.tries_used > 0,
        sittings.c.finished_at.is_(None),
        sittings.c.finished_at != sittings.c.joined_at,
    )
    query = _SITTING.where(sittings.c.round_id.in_(round_ids), took_part)
    return await find_all(tx, query, _sitting)


async def first_solved(tx: Transaction, round_id: int, most: int) -> list[Sitting]:
    solved = _SITTING.filter_by(round_id=round_id, solved=True)
    in_order = solved.order_by(sittings.c.finished_at, sittings.c.player_id)
    return await find_all(tx, in_order.limit(most), _sitting)


async def join(tx: Transaction, round_id: int, player_id: int, at: datetime) -> bool:
    return await insert_new(tx, sittings, round_id=round_id, player_id=player_id, joined_at=at)


async def add_late_visitor(tx: Transaction, round_id: int, player_id: int, at: datetime) -> None:
    await insert_new(
        tx, sittings, round_id=round_id, player_id=player_id, joined_at=at, finished_at=at
    )


async def count(tx: Transaction, round_id: int) -> RoundProgress:
    counts = select(func.count(), func.count(sittings.c.finished_at))
    return RoundProgress(*(await tx.execute(counts.filter_by(round_id=round_id))).one())


# Attempts

_ATTEMPT = select(*columns_of(attempts, Attempt))


def _attempt(row: AnyRow) -> Attempt:
    return Attempt(**{**row._asdict(), "answer": tuple(row.answer)})


async def attempts_in(
    tx: Transaction, round_ids: Sequence[int], player_id: int | None = None
) -> list[Attempt]:
    query = _ATTEMPT.where(attempts.c.round_id.in_(round_ids))
    if player_id is not None:
        query = query.filter_by(player_id=player_id)
    key = (attempts.c.round_id, attempts.c.number, attempts.c.player_id)
    return await find_all(tx, query.order_by(attempts.c.at, *key), _attempt)


async def best_attempt(tx: Transaction, player_id: int, round_id: int) -> Attempt | None:
    """What a member's score came from: the last where none paid."""
    query = (
        _ATTEMPT.filter_by(player_id=player_id, round_id=round_id)
        .order_by(attempts.c.points.desc(), attempts.c.number.desc())
        .limit(1)
    )
    return await find_one(tx, query, _attempt)


# Hints


async def hint_was_taken_by(tx: Transaction, act: str) -> bool:
    return await is_found(tx, select(hints).filter_by(act=act))


async def take_hint(
    tx: Transaction, act: str, round_id: int, player_id: int, number: int, at: datetime
) -> bool:
    key = {"round_id": round_id, "player_id": player_id}
    before = {**key, "hints_taken": number - 1, "finished_at": None}
    if not await update_row(tx, sittings, before, hints_taken=number):
        return False
    await tx.execute(insert(hints).values(**key, number=number, act=act, at=at))
    return True
