"""The ledger of answers: whatever waits is decided and written in one transaction, then acknowledged."""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from operator import attrgetter
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

from bot.errors import UserError
from bot.model.people import Player
from bot.model.rounds import OPEN, Refusal, Sitting
from bot.store import links, people, streaks
from bot.store.rounds import AnyRow
from bot.store.sql import bulk
from bot.store.sql.columns import Instant
from bot.store.sql.database import Database, Transaction
from bot.store.tables import attempts, rounds, sittings, unfolded

BATCH = 2048
WAITING = 20_000
Key = tuple[int, int]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SittingState:
    """What an answer is decided on: the member's sitting as it is now, and what they knew before."""

    sitting: Sitting
    is_open: bool
    seen_at: datetime | None = None
    """When the question's key was last shown to them in another round."""
    solved_before: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    share: float
    points: int
    gain: int
    factors: dict[str, Any]
    solved: bool
    finished: bool
    days: tuple[date, ...] = ()
    """The local dates that this answer can count for: it makes the first count that does not yet."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One answer on its way into the ledger. `act` names it: the same act is written once."""

    act: str
    round_id: int
    player_id: int
    question: str
    answer: tuple[str, ...]
    at: datetime
    decide: Callable[[SittingState], Decision | Refusal]
    late: bool = False
    """Whether it comes after the round's time: then nobody takes a seat for it."""
    countable: Callable[[Player, datetime], tuple[date, ...]] | None = None
    """The days that it can count for, where it proves to be somebody else's: of a member who was linked meanwhile."""

    @property
    def key(self) -> Key:
        """Whose sitting in which round it belongs to."""
        return self.round_id, self.player_id


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer that stands, and the sitting after it."""

    number: int
    decision: Decision
    sitting: Sitting
    lit: date | None = None
    """The day that it made count for a streak."""


Outcome = Recorded | Refusal
Waiting = tuple[Submission, "asyncio.Future[Outcome]"]


class Ledger:
    """One writer. What gathers while it commits goes into the next commit, so no answer waits for a timer."""

    def __init__(self, database: Database, recorded: Callable[[], None]) -> None:
        self._database = database
        self._recorded = recorded
        self._waiting: list[Waiting] = []
        self._come = asyncio.Event()

    async def submit(self, entry: Submission) -> Outcome:
        """The outcome, once it is safe on disk."""
        if len(self._waiting) >= WAITING:
            raise UserError(
                "Very many answers are coming in at once. Your answer was not taken: press again."
            )
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, future))
        self._come.set()
        return await future

    async def run(self) -> None:
        while True:
            await self._settle(await self._gather())

    async def _gather(self) -> list[Waiting]:
        await self._come.wait()
        batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        if not self._waiting:
            self._come.clear()
        return batch

    async def _settle(self, batch: Sequence[Waiting]) -> None:
        """Write the batch; one that fails is halved until the answer that fails stands alone."""
        try:
            async with self._database.act() as tx:
                outcomes = await record(tx, [entry for entry, _ in batch])
        except Exception as error:  # noqa: BLE001 (whatever it is, it reaches the one who waits)
            await self._halve(batch, error)
            return
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if not future.done():
                future.set_result(outcome)
        self._recorded()

    async def _halve(self, batch: Sequence[Waiting], error: Exception) -> None:
        if len(batch) > 1:
            middle = len(batch) // 2
            await self._settle(batch[:middle])
            await self._settle(batch[middle:])
        elif not batch[0][1].done():
            batch[0][1].set_exception(error)


async def record(tx: Transaction, entries: Sequence[Submission]) -> list[Outcome]:
    """Decide the entries in their order and write what was decided."""
    page = _Batch()
    entries = await _by_kept(tx, entries)
    await page.read(tx, entries)
    outcomes = [page.settle(entry) for entry in entries]
    lit = await page.write(tx)
    return [
        replace(outcome, lit=lit[entry.act])
        if isinstance(outcome, Recorded) and entry.act in lit
        else outcome
        for entry, outcome in zip(entries, outcomes, strict=True)
    ]


async def _by_kept(tx: Transaction, entries: Sequence[Submission]) -> Sequence[Submission]:
    """The entries of members who were linked meanwhile become those of the one they are, and go by that calendar."""
    kept = await links.kept_of(tx, (entry.player_id for entry in entries))
    whole = {each: await people.get(tx, each) for each in set(kept.values())}
    return [
        _of(entry, whole[kept[entry.player_id]]) if entry.player_id in kept else entry
        for entry in entries
    ]


def _of(entry: Submission, player: Player) -> Submission:
    def decide(standing: SittingState) -> Decision | Refusal:
        decision = entry.decide(standing)
        if isinstance(decision, Refusal) or not decision.days or entry.countable is None:
            return decision
        return replace(decision, days=entry.countable(player, entry.at))

    return replace(entry, player_id=player.id, decide=decide)


@dataclass(slots=True)
class _Batch:
    """What a batch reads, changes in memory and writes."""

    standings: dict[Key, SittingState] = field(default_factory=dict)
    acts: dict[str, Recorded] = field(default_factory=dict)
    new: list[tuple[Submission, Recorded]] = field(default_factory=list)
    lit: dict[str, date] = field(default_factory=dict)
    """The days that repeated acts had made count."""
    _elsewhere: defaultdict[tuple[int, str], set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )
    """The rounds of this batch in which a member answers a question."""

    async def read(self, tx: Transaction, entries: Sequence[Submission]) -> None:
        """Locks come in the order of their keys: questions, rounds, sittings, so two processes never wait in a ring."""
        await _take_turns(tx, {entry.question for entry in entries})
        in_order = sorted(entries, key=attrgetter("round_id", "player_id"))
        open_rounds = await _lock_open_rounds(tx, {entry.round_id for entry in entries})
        await _seat(
            tx, [entry for entry in in_order if entry.round_id in open_rounds and not entry.late]
        )
        repeated = []
        for *seat, seen_at, solved_before, act in await _read_standings(tx, in_order):
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
            self.acts = {row.act: self._heard(row) for row in await _read_attempts(tx, repeated)}
            self.lit = await streaks.lit_by(tx, repeated)

    def _heard(self, row: AnyRow) -> Recorded:
        """What an act that was written before came to."""
        seat = self._standing((row.round_id, row.player_id)).sitting
        finished = seat.finished_at is not None and seat.tries_used == row.number
        decision = Decision(row.share, row.points, row.gain, row.factors, row.share == 1, finished)
        return Recorded(row.number, decision, seat)

    def _standing(self, key: Key) -> SittingState:
        """Who has no sitting came when none could be had."""
        return self.standings.get(key) or SittingState(Sitting(*key), is_open=False)

    def settle(self, entry: Submission) -> Outcome:
        if entry.act in self.acts:
            return _own(entry, self.acts[entry.act])
        standing = self._standing(entry.key)
        decision = entry.decide(standing)
        if isinstance(decision, Refusal):
            return decision
        seat = _after(standing.sitting, decision, entry.at)
        recorded = Recorded(seat.tries_used, decision, seat)
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
            return self.lit
        await bulk.insert(
            tx, attempts, _ATTEMPT, [_attempt(entry, recorded) for entry, recorded in self.new]
        )
        seats = {entry.key: recorded.sitting for entry, recorded in self.new}
        await bulk.update(tx, sittings, _SITTING, _KEY, [_sitting(seat) for seat in seats.values()])
        gains = [(*e.key, r.number) for e, r in self.new if r.decision.gain]
        await bulk.insert(tx, unfolded, ("round_id", "player_id", "number"), gains)
        solved = [
            (entry.act, entry.player_id, r.decision.days)
            for entry, r in self.new
            if r.decision.days
        ]
        return self.lit | await streaks.light(tx, solved)


def _own(entry: Submission, known: Recorded) -> Recorded:
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


def _attempt(entry: Submission, recorded: Recorded) -> bulk.Row:
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


_OPEN_ROUNDS = (
    select(rounds.c.id)
    .where(rounds.c.id.in_(bindparam("ids", expanding=True)), rounds.c.status.in_(OPEN))
    .order_by(rounds.c.id)
    .with_for_update(read=True)
)


async def _lock_open_rounds(tx: Transaction, round_ids: set[int]) -> set[int]:
    """The rounds that are open; none of them can close before this transaction ends."""
    return set((await tx.execute(_OPEN_ROUNDS, {"ids": sorted(round_ids)})).scalars())


async def _seat(tx: Transaction, entries: Sequence[Submission]) -> None:
    rows = [(*entry.key, bulk.instant(entry.at)) for entry in entries]
    await bulk.insert(tx, sittings, ("round_id", "player_id", "joined_at"), rows, again=True)


async def _read_standings(tx: Transaction, entries: Sequence[Submission]) -> Sequence[AnyRow]:
    rows = [(e.act, e.round_id, e.player_id, e.question) for e in entries]
    return await bulk.read(tx, _standings(tx.dialect.name), rows)


@cache
def _standings(dialect: str) -> Select[Any]:
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


async def _take_turns(tx: Transaction, questions: set[str]) -> None:
    """One process at a time decides on a question: a member who answers it in two rounds at once is paid once."""
    if tx.dialect.name == "postgresql":
        lock = text("select pg_advisory_xact_lock(hashtextextended(:question, 0))")
        for question in sorted(questions):
            await tx.execute(lock, {"question": question})


async def _read_attempts(tx: Transaction, acts: Sequence[str]) -> Sequence[AnyRow]:
    return (await tx.execute(select(attempts).where(attempts.c.act.in_(acts)))).all()
