"""A batch of answers: what is read for it, how each is decided, and what is written."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter

from bot.errors import UserError
from bot.model.rounds import Refusal, Sitting
from bot.store.rounds.batch_queries import (
    lock_open_rounds,
    lock_questions,
    read_attempts,
    read_states,
)
from bot.store.rounds.rounds import AnyRow
from bot.store.rounds.submissions import (
    Decision,
    RecordedAttempt,
    SittingKey,
    SittingState,
    Submission,
    SubmissionOutcome,
)
from bot.store.sql import bulk
from bot.store.sql.database import Transaction
from bot.store.sql.tables.boards import uncounted_attempts
from bot.store.sql.tables.rounds import attempts, sittings
from bot.store.streaks import counting


@dataclass(slots=True)
class Batch:
    """What a batch reads, changes in memory and writes."""

    standings: dict[SittingKey, SittingState] = field(default_factory=dict)
    acts: dict[str, RecordedAttempt] = field(default_factory=dict)
    new: list[tuple[Submission, RecordedAttempt]] = field(default_factory=list)
    counted_days: dict[str, date] = field(default_factory=dict)
    """The days that repeated acts had made count."""
    _elsewhere: defaultdict[tuple[int, str], set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )
    """The rounds of this batch in which a member answers a question."""

    async def read(self, tx: Transaction, entries: Sequence[Submission]) -> None:
        """Locks come in the order of their keys: questions, rounds, sittings, so two processes never wait in a ring."""
        await lock_questions(tx, {entry.question for entry in entries})
        in_order = sorted(entries, key=attrgetter("round_id", "player_id"))
        open_rounds = await lock_open_rounds(tx, {entry.round_id for entry in entries})
        await _seat(
            tx, [entry for entry in in_order if entry.round_id in open_rounds and not entry.late]
        )
        repeated = []
        for *seat, seen_at, solved_before, act in await read_states(tx, in_order):
            sitting = Sitting(*seat)
            key = sitting.round_id, sitting.player_id
            self.standings[key] = SittingState(
                sitting, key[0] in open_rounds, seen_at, bool(solved_before)
            )
            if act is not None:
                repeated.append(act)
        for entry in entries:
            self._elsewhere[entry.player_id, entry.question].add(entry.round_id)
        if repeated:
            self.acts = {row.act: self._heard(row) for row in await read_attempts(tx, repeated)}
            self.counted_days = await counting.days_counted_by(tx, repeated)

    def _heard(self, row: AnyRow) -> RecordedAttempt:
        """What an act that was written before came to."""
        seat = self._standing((row.round_id, row.player_id)).sitting
        finished = seat.finished_at is not None and seat.tries_used == row.number
        decision = Decision(row.share, row.points, row.gain, row.factors, row.share == 1, finished)
        return RecordedAttempt(row.number, decision, seat)

    def _standing(self, key: SittingKey) -> SittingState:
        """Who has no sitting came when none could be had."""
        return self.standings.get(key) or SittingState(Sitting(*key), is_open=False)

    def settle(self, entry: Submission) -> SubmissionOutcome:
        if entry.act in self.acts:
            return _own(entry, self.acts[entry.act])
        standing = self._standing(entry.key)
        decision = entry.decide(standing)
        if isinstance(decision, Refusal):
            return decision
        seat = _after(standing.sitting, decision, entry.at)
        recorded = RecordedAttempt(seat.tries_used, decision, seat)
        self.standings[entry.key] = SittingState(
            seat, standing.is_open, standing.seen_at, standing.solved_before
        )
        self._remember(entry, decision)
        self.acts[entry.act] = recorded
        self.new.append((entry, recorded))
        return recorded

    def _remember(self, entry: Submission, decision: Decision) -> None:
        """In the batch's other rounds the member has met this question now."""
        for other in self._elsewhere[entry.player_id, entry.question] - {entry.round_id}:
            key = other, entry.player_id
            known = self._standing(key)
            seen_at = max(entry.at, known.seen_at or entry.at)
            self.standings[key] = SittingState(
                known.sitting, known.is_open, seen_at, known.solved_before or decision.solved
            )

    async def write(self, tx: Transaction) -> dict[str, date]:
        """The days that began to count, by the acts that made them."""
        if not self.new:
            return self.counted_days
        await bulk.insert(
            tx, attempts, _ATTEMPT, [_attempt(entry, recorded) for entry, recorded in self.new]
        )
        seats = {entry.key: recorded.sitting for entry, recorded in self.new}
        await bulk.update(tx, sittings, _SITTING, _KEY, [_sitting(seat) for seat in seats.values()])
        gains = [(*e.key, r.number) for e, r in self.new if r.decision.gain]
        await bulk.insert(tx, uncounted_attempts, ("round_id", "player_id", "number"), gains)
        solved = [
            (entry.act, entry.player_id, r.decision.days)
            for entry, r in self.new
            if r.decision.days
        ]
        return self.counted_days | await counting.count_days(tx, solved)


def _own(entry: Submission, known: RecordedAttempt) -> RecordedAttempt:
    """What this very act came to; the name of an act opens no other round's outcome."""
    if (known.sitting.round_id, known.sitting.player_id) != entry.key:
        raise UserError("That press came in under the name of another one. Press again.")
    return known


def _after(seat: Sitting, decision: Decision, at: datetime) -> Sitting:
    return Sitting(
        seat.round_id,
        seat.player_id,
        tries_used=seat.tries_used + 1,
        hints_taken=seat.hints_taken,
        points=seat.points + decision.gain,
        share=max(seat.share, decision.share),
        solved=seat.solved or decision.solved,
        finished_at=at if decision.finished else None,
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


def _attempt(entry: Submission, recorded: RecordedAttempt) -> bulk.Row:
    decision = recorded.decision
    return (
        entry.round_id,
        entry.player_id,
        recorded.number,
        entry.act,
        json.dumps(entry.answer),
        decision.share,
        decision.points,
        decision.gain,
        json.dumps(decision.factors),
        bulk.instant(entry.at),
    )


def _sitting(seat: Sitting) -> bulk.Row:
    finished_at = bulk.instant(seat.finished_at) if seat.finished_at else None
    return (
        seat.tries_used,
        seat.points,
        seat.share,
        seat.solved,
        finished_at,
        seat.round_id,
        seat.player_id,
    )


async def _seat(tx: Transaction, entries: Sequence[Submission]) -> None:
    rows = [(*entry.key, bulk.instant(entry.at)) for entry in entries]
    await bulk.insert(tx, sittings, ("round_id", "player_id", "joined_at"), rows, again=True)
