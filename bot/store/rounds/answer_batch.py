"""A batch of answers: read, decided and written."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import CTE, Integer, Select, Subquery, bindparam, cast, func, or_, select, text

from bot.errors import UserError
from bot.model.rounds import OPEN_STATUSES, Refusal, Sitting
from bot.store import streaks
from bot.store.rounds.submissions import (
    Decision,
    RecordedAttempt,
    SittingKey,
    SittingState,
    Submission,
    SubmissionOutcome,
)
from bot.store.sql import bulk
from bot.store.sql.columns import Instant
from bot.store.sql.database import Transaction
from bot.store.sql.rows import AnyRow, columns_of
from bot.store.sql.tables.rounds import attempts, rounds, sittings, uncounted_attempts

_OPEN_ROUNDS = (
    select(rounds.c.id)
    .where(rounds.c.id.in_(bindparam("ids", expanding=True)), rounds.c.status.in_(OPEN_STATUSES))
    .order_by(rounds.c.id)
    .with_for_update(read=True)
)


async def _lock_questions(tx: Transaction, questions: set[str]) -> None:
    """Answered in two rounds at once, a question pays once."""
    if tx.dialect.name == "postgresql":
        lock = text("select pg_advisory_xact_lock(hashtextextended(:question, 0))")
        for question in sorted(questions):
            await tx.execute(lock, {"question": question})


@cache
def _states(dialect: str) -> Select[Any]:
    asked = bulk.rows_from_json(
        dialect, attempts.c.act, sittings.c.round_id, sittings.c.player_id, rounds.c.question
    ).cte("asked")
    past = _earlier_sittings(asked)
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


def _earlier_sittings(asked: CTE) -> Subquery:
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


_ATTEMPT = (
    "round_id",
    "player_id",
    "number",
    "act",
    "answer",
    "share",
    "points",
    "gain",
    "factors",
    "at",
)
_SITTING = ("tries_used", "points", "share", "solved", "finished_at")
_KEY = ("round_id", "player_id")


@dataclass(slots=True)
class AnswerBatch:
    states: dict[SittingKey, SittingState] = field(default_factory=dict)
    acts: dict[str, RecordedAttempt] = field(default_factory=dict)
    new: list[tuple[Submission, RecordedAttempt]] = field(default_factory=list)
    # The days that repeated acts made count when they were new
    days: dict[str, date] = field(default_factory=dict)
    # By player and question: the rounds of this batch in which they answer it
    _rounds: defaultdict[tuple[int, str], set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )

    async def read(self, tx: Transaction, submissions: Sequence[Submission]) -> None:
        """Locks in the order of keys, against deadlocks."""
        await _lock_questions(tx, {each.question for each in submissions})
        in_order = sorted(submissions, key=attrgetter("key"))
        # None of these can close before the transaction ends.
        round_ids = sorted({each.round_id for each in submissions})
        open_rounds = set(await tx.scalars(_OPEN_ROUNDS, {"ids": round_ids}))
        joining = [
            (*each.key, bulk.instant(each.at))
            for each in in_order
            if each.round_id in open_rounds and not each.late
        ]
        await bulk.insert(tx, sittings, (*_KEY, "joined_at"), joining, again=True)
        asked = [(each.act, *each.key, each.question) for each in in_order]
        states = await bulk.read(tx, _states(tx.dialect.name), asked)
        repeated = []
        for *values, seen_at, solved_before, act in states:
            sitting = Sitting(*values)
            key = sitting.round_id, sitting.player_id
            self.states[key] = SittingState(
                sitting, sitting.round_id in open_rounds, seen_at, bool(solved_before)
            )
            if act is not None:
                repeated.append(act)
        for each in submissions:
            self._rounds[each.player_id, each.question].add(each.round_id)
        if repeated:
            rows = await tx.execute(select(attempts).where(attempts.c.act.in_(repeated)))
            self.acts = {row.act: self._recorded(row) for row in rows}
            self.days = await streaks.days_counted_by(tx, repeated)

    def _recorded(self, row: AnyRow) -> RecordedAttempt:
        sitting = self._state((row.round_id, row.player_id)).sitting
        finished = sitting.finished_at is not None and sitting.tries_used == row.number
        decision = Decision(row.share, row.points, row.gain, row.factors, row.share == 1, finished)
        return RecordedAttempt(row.number, decision, sitting)

    def _state(self, key: SittingKey) -> SittingState:
        """Who has no sitting came when the round could not be joined."""
        return self.states.get(key) or SittingState(Sitting(*key), is_open=False)

    def decide(self, submission: Submission) -> SubmissionOutcome:
        if submission.act in self.acts:
            return _check_same_sitting(submission, self.acts[submission.act])
        state = self._state(submission.key)
        decision = submission.decide(state)
        if isinstance(decision, Refusal):
            return decision
        sitting = _after(state.sitting, decision, submission.at)
        recorded = RecordedAttempt(sitting.tries_used, decision, sitting)
        self.states[submission.key] = SittingState(
            sitting, state.is_open, state.seen_at, state.solved_before
        )
        self._mark_seen(submission, decision)
        self.acts[submission.act] = recorded
        self.new.append((submission, recorded))
        return recorded

    def _mark_seen(self, submission: Submission, decision: Decision) -> None:
        rounds = self._rounds[submission.player_id, submission.question]
        for other in rounds - {submission.round_id}:
            key = other, submission.player_id
            state = self._state(key)
            self.states[key] = replace(
                state,
                seen_at=max(submission.at, state.seen_at or submission.at),
                solved_before=state.solved_before or decision.solved,
            )

    async def write(self, tx: Transaction) -> dict[str, date]:
        if not self.new:
            return self.days
        await bulk.insert(tx, attempts, _ATTEMPT, [_attempt_row(*pair) for pair in self.new])
        last = {submission.key: recorded.sitting for submission, recorded in self.new}
        await bulk.update(tx, sittings, _SITTING, _KEY, [_sitting_row(s) for s in last.values()])
        gains = [
            (*submission.key, recorded.number)
            for submission, recorded in self.new
            if recorded.decision.gain
        ]
        await bulk.insert(tx, uncounted_attempts, (*_KEY, "number"), gains)
        solved = [
            (submission.act, submission.player_id, recorded.decision.days)
            for submission, recorded in self.new
            if recorded.decision.days
        ]
        return self.days | await streaks.count_days(tx, solved)


def _check_same_sitting(submission: Submission, known: RecordedAttempt) -> RecordedAttempt:
    """The name of an act opens no other sitting's outcome."""
    if (known.sitting.round_id, known.sitting.player_id) != submission.key:
        raise UserError("act_of_another_answer")
    return known


def _after(sitting: Sitting, decision: Decision, at: datetime) -> Sitting:
    return Sitting(
        sitting.round_id,
        sitting.player_id,
        hints_taken=sitting.hints_taken,
        tries_used=sitting.tries_used + 1,
        points=sitting.points + decision.gain,
        share=max(sitting.share, decision.share),
        solved=sitting.solved or decision.solved,
        finished_at=at if decision.finished else None,
    )


def _attempt_row(submission: Submission, recorded: RecordedAttempt) -> bulk.Row:
    decision = recorded.decision
    return (
        *submission.key,
        recorded.number,
        submission.act,
        json.dumps(submission.answer),
        decision.share,
        decision.points,
        decision.gain,
        json.dumps(decision.factors),
        bulk.instant(submission.at),
    )


def _sitting_row(sitting: Sitting) -> bulk.Row:
    finished_at = bulk.instant(sitting.finished_at) if sitting.finished_at else None
    return (
        sitting.tries_used,
        sitting.points,
        sitting.share,
        sitting.solved,
        finished_at,
        sitting.round_id,
        sitting.player_id,
    )
