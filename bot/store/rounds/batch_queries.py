"""What a batch of answers reads and locks, each in one statement."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
    text,
)

from bot.model.rounds import OPEN_STATUSES, Sitting
from bot.store.rounds.rounds import AnyRow
from bot.store.rounds.submissions import Submission
from bot.store.sql import bulk
from bot.store.sql.columns import Instant
from bot.store.sql.database import Transaction
from bot.store.sql.tables.rounds import attempts, rounds, sittings


async def lock_questions(tx: Transaction, questions: set[str]) -> None:
    """One process at a time decides on a question: a member who answers it in two rounds at once is paid once."""
    if tx.dialect.name == "postgresql":
        lock = text("select pg_advisory_xact_lock(hashtextextended(:question, 0))")
        for question in sorted(questions):
            await tx.execute(lock, {"question": question})


_OPEN_ROUNDS = (
    select(rounds.c.id)
    .where(rounds.c.id.in_(bindparam("ids", expanding=True)), rounds.c.status.in_(OPEN_STATUSES))
    .order_by(rounds.c.id)
    .with_for_update(read=True)
)


async def lock_open_rounds(tx: Transaction, round_ids: set[int]) -> set[int]:
    """The rounds that are open; none of them can close before this transaction ends."""
    return set((await tx.execute(_OPEN_ROUNDS, {"ids": sorted(round_ids)})).scalars())


async def read_states(tx: Transaction, entries: Sequence[Submission]) -> Sequence[AnyRow]:
    rows = [(e.act, e.round_id, e.player_id, e.question) for e in entries]
    return await bulk.read(tx, _states(tx.dialect.name), rows)


@cache
def _states(dialect: str) -> Select[Any]:
    """For each answer: its sitting, locked; what the member knew of the question before; its act if it is written."""
    asked = bulk.arriving(
        dialect, attempts.c.act, sittings.c.round_id, sittings.c.player_id, rounds.c.question
    ).cte("asked")
    past = _past(asked)
    return (
        select(
            *(sittings.c[name] for name in Sitting.__slots__),
            past.c.seen_at,
            past.c.solved,
            attempts.c.act,
        )
        .select_from(asked)
        .join(
            sittings,
            and_(
                sittings.c.round_id == asked.c.round_id, sittings.c.player_id == asked.c.player_id
            ),
        )
        .outerjoin(
            past, and_(past.c.round_id == asked.c.round_id, past.c.player_id == asked.c.player_id)
        )
        .outerjoin(attempts, attempts.c.act == asked.c.act)
        .order_by(sittings.c.round_id, sittings.c.player_id)
        .with_for_update(of=sittings)
    )


def _past(asked: CTE) -> Subquery:
    """When the members last met these questions in other rounds, and whether they ever solved them.

    Whoever tried an answer or took a hint has met a question, finished or not: practice is no free look.
    """
    met = or_(
        sittings.c.finished_at.is_not(None), sittings.c.tries_used > 0, sittings.c.hints_taken > 0
    )
    seen_at = func.max(
        func.coalesce(sittings.c.finished_at, sittings.c.joined_at, type_=Instant())
    ).label("seen_at")
    solved = func.max(cast(sittings.c.solved, Integer)).label("solved")
    return (
        select(asked.c.round_id, asked.c.player_id, seen_at, solved)
        .join(
            sittings,
            and_(
                sittings.c.player_id == asked.c.player_id, sittings.c.round_id != asked.c.round_id
            ),
        )
        .join(
            rounds, and_(rounds.c.id == sittings.c.round_id, rounds.c.question == asked.c.question)
        )
        .where(met)
        .group_by(asked.c.round_id, asked.c.player_id)
        .subquery()
    )


async def read_attempts(tx: Transaction, acts: Sequence[str]) -> Sequence[AnyRow]:
    return (await tx.execute(select(attempts).where(attempts.c.act.in_(acts)))).all()
