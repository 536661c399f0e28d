"""Attempts: each answer as it was given."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.model.rounds import Attempt
from bot.store.sql.database import Transaction
from bot.store.sql.rows import AnyRow, columns_of
from bot.store.sql.tables.rounds import attempts

_ATTEMPT = select(*columns_of(attempts, Attempt))


def _attempt(row: AnyRow) -> Attempt:
    values = row._asdict()
    return Attempt(**{**values, "answer": tuple(values["answer"])})


async def in_rounds(
    tx: Transaction, round_ids: Sequence[int], player_id: int | None = None
) -> list[Attempt]:
    query = _ATTEMPT.where(attempts.c.round_id.in_(round_ids))
    if player_id is not None:
        query = query.where(attempts.c.player_id == player_id)
    rows = await tx.execute(
        query.order_by(attempts.c.at, attempts.c.round_id, attempts.c.number, attempts.c.player_id)
    )
    return [_attempt(row) for row in rows]


async def best(tx: Transaction, player_id: int, round_id: int) -> Attempt | None:
    """What a member's score came from: the last where none paid."""
    query = (
        _ATTEMPT.where(attempts.c.player_id == player_id, attempts.c.round_id == round_id)
        .order_by(attempts.c.points.desc(), attempts.c.number.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).one_or_none()
    return _attempt(row) if row else None
