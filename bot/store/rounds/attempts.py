"""Attempts: each answer as it was given."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from bot.model.rounds import Attempt
from bot.store.rounds.rounds import AnyRow
from bot.store.sql.database import Transaction
from bot.store.sql.tables.rounds import attempts

_GIVEN = (
    attempts.c.round_id,
    attempts.c.player_id,
    attempts.c.number,
    attempts.c.answer,
    attempts.c.share,
    attempts.c.points,
    attempts.c.gain,
    attempts.c.factors,
    attempts.c.at,
)


def from_row(row: AnyRow) -> Attempt:
    values = row._asdict()
    return Attempt(**{**values, "answer": tuple(values["answer"])})


async def in_rounds(
    tx: Transaction, round_ids: Sequence[int], player_id: int | None = None
) -> list[Attempt]:
    query = select(*_GIVEN).where(attempts.c.round_id.in_(round_ids))
    if player_id is not None:
        query = query.where(attempts.c.player_id == player_id)
    rows = await tx.execute(
        query.order_by(attempts.c.at, attempts.c.round_id, attempts.c.number, attempts.c.player_id)
    )
    return [from_row(row) for row in rows]


async def best(tx: Transaction, player_id: int, round_id: int) -> Attempt | None:
    """The answer that a member's score in a round came from: the best one, or the last where none paid."""
    columns = [attempts.c[name] for name in Attempt.__slots__]
    query = select(*columns).where(
        attempts.c.player_id == player_id, attempts.c.round_id == round_id
    )
    best: Any = (
        await tx.execute(
            query.order_by(attempts.c.points.desc(), attempts.c.number.desc()).limit(1)
        )
    ).first()
    return from_row(best) if best else None
