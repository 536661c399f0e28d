"""The ledger of answers: whatever waits is decided and written in one transaction, then acknowledged."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, insert, select, tuple_, update

from bot.errors import UserError
from bot.store.database import Database, Transaction, insert_into
from bot.store.rounds import OPEN, Sitting
from bot.store.tables import attempts, days, rounds, sittings, unfolded

BATCH = 2048
WAITING = 20_000
log = logging.getLogger(__name__)


class Refusal(StrEnum):
    """Why an answer was not taken. It cost nothing."""

    OVER = "over"
    SOLVED = "solved"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class Standing:
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
    day: date | None
    """The local date that this answer makes count for a streak."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer on its way into the ledger. `act` names it: the same act is written once."""

    act: str
    round_id: int
    player_id: int
    question: str
    answer: tuple[str, ...]
    at: datetime
    decide: Callable[[Standing], Decision | Refusal]
    late: bool = False
    """Whether it comes after the round's time: then nobody takes a seat for it."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer that stands, and the sitting after it."""

    number: int
    decision: Decision
    sitting: Sitting


Outcome = Recorded | Refusal
Waiting = tuple[Entry, "asyncio.Future[Outcome]"]
Key = tuple[int, int]


class Ledger:
    """One writer. What gathers while it commits goes into the next commit, so no answer waits for a timer."""

    def __init__(self, database: Database, recorded: Callable[[], None]) -> None:
        self._database = database
        self._recorded = recorded
        self._queue: asyncio.Queue[Waiting] = asyncio.Queue(WAITING)

    async def submit(self, entry: Entry) -> Outcome:
        """The outcome, once it is safe on disk."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait((entry, future))
        except asyncio.QueueFull:
            raise UserError(
                "Very many answers are coming in at once. Your answer was not taken: press again."
            ) from None
        return await future

    async def run(self) -> None:
        while True:
            await self._settle(await self._gather())

    async def _gather(self) -> list[Waiting]:
        batch = [await self._queue.get()]
        while len(batch) < BATCH and not self._queue.empty():
            batch.append(self._queue.get_nowait())
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


async def record(tx: Transaction, entries: Sequence[Entry]) -> list[Outcome]:
    """Decide the entries in their order and write what was decided."""
    page = _Page()
    await page.read(tx, entries)
    outcomes = [page.settle(entry) for entry in entries]
    await page.write(tx)
    return outcomes


@dataclass(frozen=True, slots=True)
class _Meeting:
    """A finished sitting with a question."""

    round_id: int
    finished_at: datetime
    solved: bool


@dataclass(slots=True)
class _Page:
    """What a batch reads, changes in memory and writes."""

    standings: dict[Key, Standing] = field(default_factory=dict)
    acts: dict[str, Recorded] = field(default_factory=dict)
    new: list[tuple[Entry, Recorded]] = field(default_factory=list)
    _elsewhere: defaultdict[tuple[int, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    """The rounds of this batch in which a member answers a question."""

    async def read(self, tx: Transaction, entries: Sequence[Entry]) -> None:
        """Locks come in the order of their keys: rounds, then sittings, so two processes never wait in a ring."""
        keys = sorted({(entry.round_id, entry.player_id) for entry in entries})
        is_open = await _lock_open_rounds(tx, {round_id for round_id, _ in keys})
        welcome = {(entry.round_id, entry.player_id) for entry in entries if not entry.late}
        await _seat(tx, [key for key in keys if is_open.get(key[0]) and key in welcome], min(e.at for e in entries))
        seats = await _lock_sittings(tx, keys)
        past = await _past(tx, entries)
        for entry in entries:
            key = (entry.round_id, entry.player_id)
            self._elsewhere[entry.player_id, entry.question].add(entry.round_id)
            met = [m for m in past[entry.player_id, entry.question] if m.round_id != entry.round_id]
            self.standings[key] = Standing(
                seats.get(key, Sitting(*key)),
                is_open.get(entry.round_id, False),
                max((meeting.finished_at for meeting in met), default=None),
                any(meeting.solved for meeting in met),
            )
        self.acts = await _acts(tx, entries, seats)

    def settle(self, entry: Entry) -> Outcome:
        if entry.act in self.acts:
            return _own(entry, self.acts[entry.act])
        key = (entry.round_id, entry.player_id)
        standing = self.standings[key]
        decision = entry.decide(standing)
        if isinstance(decision, Refusal):
            return decision
        seat = _after(standing.sitting, decision, entry.at)
        recorded = Recorded(seat.tries_used, decision, seat)
        self.standings[key] = replace(standing, sitting=seat)
        if decision.finished:
            self._remember(entry, decision)
        self.acts[entry.act] = recorded
        self.new.append((entry, recorded))
        return recorded

    def _remember(self, entry: Entry, decision: Decision) -> None:
        """In the batch's other rounds the member has met this question now."""
        for other in self._elsewhere[entry.player_id, entry.question] - {entry.round_id}:
            known = self.standings[other, entry.player_id]
            seen_at = max(entry.at, known.seen_at or entry.at)
            solved = known.solved_before or decision.solved
            self.standings[other, entry.player_id] = replace(known, seen_at=seen_at, solved_before=solved)

    async def write(self, tx: Transaction) -> None:
        if not self.new:
            return
        await tx.execute(insert(attempts), [_attempt(entry, recorded) for entry, recorded in self.new])
        await _store_sittings(tx, {(e.round_id, e.player_id): r.sitting for e, r in self.new})
        gains = [(e, r) for e, r in self.new if r.decision.gain]
        if gains:
            await tx.execute(insert(unfolded), [_number(e, r) for e, r in gains])
        lit = sorted({(e.player_id, r.decision.day) for e, r in self.new if r.decision.day})
        if lit:
            row = insert_into(tx, days).on_conflict_do_nothing()
            await tx.execute(row, [{"player_id": player_id, "day": day} for player_id, day in lit])


def _after(seat: Sitting, decision: Decision, at: datetime) -> Sitting:
    return replace(
        seat,
        tries_used=seat.tries_used + 1,
        points=seat.points + decision.gain,
        share=max(seat.share, decision.share),
        solved=seat.solved or decision.solved,
        finished_at=at if decision.finished else None,
    )


def _number(entry: Entry, recorded: Recorded) -> dict[str, Any]:
    return {"round_id": entry.round_id, "player_id": entry.player_id, "number": recorded.number}


def _attempt(entry: Entry, recorded: Recorded) -> dict[str, Any]:
    decision = recorded.decision
    return _number(entry, recorded) | {
        "act": entry.act,
        "answer": list(entry.answer),
        "share": decision.share,
        "points": decision.points,
        "gain": decision.gain,
        "factors": decision.factors,
        "at": entry.at,
    }


async def _lock_open_rounds(tx: Transaction, round_ids: Iterable[int]) -> dict[int, bool]:
    """Which rounds are open; none of them can close before this transaction ends."""
    query = select(rounds.c.id, rounds.c.status).where(rounds.c.id.in_(sorted(round_ids))).order_by(rounds.c.id)
    rows = await tx.execute(query.with_for_update(read=True))
    return {row.id: row.status in OPEN for row in rows}


async def _seat(tx: Transaction, keys: Sequence[Key], at: datetime) -> None:
    if keys:
        row = insert_into(tx, sittings).on_conflict_do_nothing()
        await tx.execute(row, [{"round_id": r, "player_id": p, "joined_at": at} for r, p in keys])


async def _lock_sittings(tx: Transaction, keys: Sequence[Key]) -> dict[Key, Sitting]:
    columns = [sittings.c[name] for name in Sitting.__slots__]
    key = tuple_(sittings.c.round_id, sittings.c.player_id)
    query = select(*columns).where(key.in_(keys)).order_by(sittings.c.round_id, sittings.c.player_id)
    rows = await tx.execute(query.with_for_update())
    return {(row.round_id, row.player_id): Sitting(*row) for row in rows}


async def _past(tx: Transaction, entries: Sequence[Entry]) -> defaultdict[tuple[int, str], list[_Meeting]]:
    """Every finished sitting of these members with these questions."""
    query = (
        select(sittings.c.round_id, sittings.c.player_id, rounds.c.question, sittings.c.finished_at, sittings.c.solved)
        .join(rounds, rounds.c.id == sittings.c.round_id)
        .where(
            sittings.c.player_id.in_({entry.player_id for entry in entries}),
            rounds.c.question.in_({entry.question for entry in entries}),
            sittings.c.finished_at.is_not(None),
        )
    )
    met: defaultdict[tuple[int, str], list[_Meeting]] = defaultdict(list)
    for round_id, player_id, question, finished_at, solved in await tx.execute(query):
        met[player_id, question].append(_Meeting(round_id, finished_at, solved))
    return met


async def _acts(tx: Transaction, entries: Sequence[Entry], seats: dict[Key, Sitting]) -> dict[str, Recorded]:
    """Answers written before by the same acts: a repeat hears the same again."""
    query = select(attempts).where(attempts.c.act.in_({entry.act for entry in entries}))
    rows = await tx.execute(query)
    return {row.act: _recorded(row, seats.get(key := (row.round_id, row.player_id), Sitting(*key))) for row in rows}


def _own(entry: Entry, known: Recorded) -> Recorded:
    """What this very act came to; the name of an act opens no other round's outcome."""
    if (known.sitting.round_id, known.sitting.player_id) != (entry.round_id, entry.player_id):
        raise UserError("That press came in under the name of another one. Press again.")
    return known


def _recorded(row: Any, seat: Sitting) -> Recorded:
    solved = row.share == 1
    finished = seat.finished_at is not None and seat.tries_used == row.number
    return Recorded(row.number, Decision(row.share, row.points, row.gain, row.factors, solved, finished, None), seat)


async def _store_sittings(tx: Transaction, seats: dict[Key, Sitting]) -> None:
    change = update(sittings).where(
        sittings.c.round_id == bindparam("of_round"), sittings.c.player_id == bindparam("of_player")
    )
    names = ("tries_used", "points", "share", "solved", "finished_at")
    values = [
        {"of_round": r, "of_player": p, **{name: getattr(seat, name) for name in names}}
        for (r, p), seat in sorted(seats.items())
    ]
    await tx.execute(change.values({name: bindparam(f"new_{name}") for name in names}), _renamed(values, names))


def _renamed(values: list[dict[str, Any]], names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{("new_" + name if name in names else name): value for name, value in row.items()} for row in values]
