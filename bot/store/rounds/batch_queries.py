"""What a batch of answers reads and locks, each in one statement."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import CTE, Integer, Select, Subquery, bindparam, cast, func, or_, select, text

from bot.model.rounds import OPEN_STATUSES, Sitting
from bot.store.rounds.submissions import Submission
from bot.store.sql import bulk
from bot.store.sql.columns import Instant
from bot.store.sql.database import Transaction
from bot.store.sql.rows import AnyRow, columns_of
from bot.store.sql.tables.rounds import attempts, rounds, sittings

_OPEN_ROUNDS = (
    select(rounds.c.id)
    .where(rounds.c.id.in_(bindparam("ids", expanding=True)), rounds.c.status.in_(OPEN_STATUSES))
    .order_by(rounds.c.id)
    .with_for_update(read=True)
)


async def lock_questions(tx: Transaction, questions: set[str]) -> None:
    """Answered in two rounds at once, a question pays once."""
    if tx.dialect.name == "postgresql":
        lock = text("select pg_advisory_xact_lock(hashtextextended(:question, 0))")
        for question in sorted(questions):
            await tx.execute(lock, {"question": question})


async def lock_open_rounds(tx: Transaction, round_ids: set[int]) -> set[int]:
    """None of them can close before this transaction ends."""
    return set(await tx.scalars(_OPEN_ROUNDS, {"ids": sorted(round_ids)}))


async def join_rounds(tx: Transaction, submissions: Sequence[Submission]) -> None:
    rows = [(*submission.key, bulk.instant(submission.at)) for submission in submissions]
    await bulk.insert(tx, sittings, ("round_id", "player_id", "joined_at"), rows, again=True)


async def read_states(tx: Transaction, submissions: Sequence[Submission]) -> Sequence[AnyRow]:
    rows = [(each.act, *each.key, each.question) for each in submissions]
    return await bulk.read(tx, _states(tx.dialect.name), rows)


async def read_attempts(tx: Transaction, acts: Sequence[str]) -> Sequence[AnyRow]:
    return (await tx.execute(select(attempts).where(attempts.c.act.in_(acts)))).all()


@cache
def _states(dialect: str) -> Select[Any]:
    """Each answer's locked sitting, what was known before, and its act if it is written."""
    asked = bulk.arriving(
        dialect, attempts.c.act, sittings.c.round_id, sittings.c.player_id, rounds.c.question
    ).cte("asked")
    past = _past(asked)
    return (
        select(*columns_of(sittings, Sitting), past.c.seen_at, past.c.solved, attempts.c.act)
        .select_from(asked)
        .join(
            sittings,
            (sittings.c.round_id == asked.c.round_id) & (sittings.c.player_id == asked.c.player_id),
        )
        .outerjoin(
            past, (past.c.round_id == asked.c.round_id) & (past.c.player_id == asked.c.player_id)
        )
        .outerjoin(attempts, attempts.c.act == asked.c.act)
        .order_by(sittings.c.round_id, sittings.c.player_id)
        .with_for_update(of=sittings)
    )


def _past(asked: CTE) -> Subquery:
    """A try or a hint in another round is enough to have seen a question."""
    seen = or_(
        sittings.c.finished_at.is_not(None), sittings.c.tries_used > 0, sittings.c.hints_taken > 0
    )
    last = func.coalesce(sittings.c.finished_at, sittings.c.joined_at, type_=Instant())
    return (
        select(
            asked.c.round_id,
            asked.c.player_id,
            func.max(last).label("seen_at"),
            func.max(cast(sittings.c.solved, Integer)).label("solved"),
        )
        .join(
            sittings,
            (sittings.c.player_id == asked.c.player_id) & (sittings.c.round_id != asked.c.round_id),
        )
        .join(
            rounds, (rounds.c.id == sittings.c.round_id) & (rounds.c.question == asked.c.question)
        )
        .where(seen)
        .group_by(asked.c.round_id, asked.c.player_id)
        .subquery()
    )
