"""What became of each local date of a schedule. The date is the key, so no date is asked twice, whoever fires.

due ──► posted ──► announced       claimed, then its question stands, then its end was told
 ├────► missed                 too late or impossible, with the reason; it is not posted unless an admin asks for it
 └────► skipped                a day off, or its schedule came to rest
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, or_, select, tuple_, update

from bot.identity import Place
from bot.model.daily import AWAY, NOT_POSTED, NewOccurrence, Occurrence, OccurrenceState
from bot.store.sql import bulk
from bot.store.sql.database import Transaction
from bot.store.sql.tables.daily import occurrences
from bot.store.sql.tables.places import places
from bot.store.sql.tables.rounds import rounds
from bot.store.sql.tables.schedules import schedules

RESTING = "resting"
"""Why a date was skipped that had been claimed: its schedule was paused or removed before anything was posted."""
"""Why a date was missed: no process ran; the place does not let the bot in; no question fits; the platform failed."""


_NEW = ("schedule_id", "day", "state", "reason", "due_at", "ends_at")


_OCCURRENCE = (
    select(
        *(
            occurrences.c[name]
            for name in ("schedule_id", "day", "state", "reason", "due_at", "ends_at", "round_id")
        ),
        *(places.c[name] for name in ("platform", "community", "channel")),
    )
    .join(schedules, schedules.c.id == occurrences.c.schedule_id)
    .join(places, places.c.id == schedules.c.place_id)
)


def _occurrence(row: Row[*tuple[Any, ...]]) -> Occurrence:
    place = Place(row.platform, row.community, row.channel)
    return Occurrence(
        row.schedule_id,
        row.day,
        place,
        row.state,
        row.reason,
        row.due_at,
        row.ends_at,
        row.round_id,
    )


async def claim(tx: Transaction, claims: Sequence[NewOccurrence]) -> None:
    """Whoever is first has the date; in the order of their keys, so two processes never wait in a ring."""
    in_order = sorted(claims, key=lambda each: (each.schedule_id, each.day))
    rows = [
        (
            c.schedule_id,
            c.day.isoformat(),
            c.state,
            c.reason,
            bulk.instant(c.due_at),
            bulk.instant(c.ends_at),
        )
        for c in in_order
    ]
    await bulk.insert(tx, occurrences, _NEW, rows, again=True)


async def find(tx: Transaction, schedule_id: int, day: date) -> Occurrence | None:
    query = _OCCURRENCE.where(occurrences.c.schedule_id == schedule_id, occurrences.c.day == day)
    row = (await tx.execute(query)).one_or_none()
    return _occurrence(row) if row else None


async def is_asked_on(tx: Transaction, place_id: int, day: date) -> bool:
    """Whether something is asked or about to be asked in a place on a date."""
    query = _OCCURRENCE.where(schedules.c.place_id == place_id, occurrences.c.day == day)
    found = await tx.execute(
        query.where(occurrences.c.state.in_(("due", "posted", "announced"))).limit(1)
    )
    return found.one_or_none() is not None


async def last_days(
    tx: Transaction, schedule_ids: Collection[int], until: datetime
) -> dict[int, date]:
    """The last date of each schedule that was dealt with, among those that were due until then."""
    query = select(occurrences.c.schedule_id, func.max(occurrences.c.day).label("day"))
    dealt = query.where(occurrences.c.schedule_id.in_(schedule_ids), occurrences.c.due_at <= until)
    rows = await tx.execute(dealt.group_by(occurrences.c.schedule_id))
    return {row.schedule_id: row.day for row in rows}


def _untouched(after: datetime) -> ColumnElement[bool]:
    """Dates to come that were dealt with though nobody has seen anything of them."""
    return and_(occurrences.c.due_at > after, occurrences.c.round_id.is_(None))


async def schedules_ahead(tx: Transaction, after: datetime, most: int) -> list[int]:
    """Schedules with such dates: a clock ran ahead of the time."""
    query = select(occurrences.c.schedule_id).where(_untouched(after)).distinct()
    return list((await tx.execute(query.order_by(occurrences.c.schedule_id).limit(most))).scalars())


async def delete_ahead(tx: Transaction, schedule_ids: Collection[int], after: datetime) -> None:
    """They come in their own time."""
    await tx.execute(
        delete(occurrences).where(occurrences.c.schedule_id.in_(schedule_ids), _untouched(after))
    )


async def make_due_again(tx: Transaction, key: tuple[int, date], **columns: Any) -> bool:
    """A date that passed without a question is due after all."""
    passed = update(occurrences).where(
        and_(occurrences.c.schedule_id == key[0], occurrences.c.day == key[1]),
        occurrences.c.state.in_(("missed", "skipped")),
        occurrences.c.round_id.is_(None),
    )
    return (await tx.execute(passed.values(state="due", lease_until=None, **columns))).rowcount == 1


async def latest(tx: Transaction, place_id: int, most: int) -> list[Occurrence]:
    """The last dates in a place, the newest first."""
    query = _OCCURRENCE.where(schedules.c.place_id == place_id).order_by(
        occurrences.c.due_at.desc()
    )
    return [_occurrence(row) for row in await tx.execute(query.limit(most))]


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(occurrences.c.lease_until.is_(None), occurrences.c.lease_until <= now)


async def lease_due(
    tx: Transaction, platforms: Collection[str], now: datetime, until: datetime, most: int
) -> list[Occurrence]:
    """Dates whose questions are to be posted, leased to whoever takes them."""
    wanted = _OCCURRENCE.where(
        occurrences.c.state == "due", _free(now), places.c.platform.in_(platforms)
    )
    return await _lease(tx, wanted, until, most)


async def lease_ended(
    tx: Transaction, platforms: Collection[str], now: datetime, until: datetime, most: int
) -> list[Occurrence]:
    """Dates whose rounds are closed and whose ends are to be told."""
    ended = _OCCURRENCE.join(rounds, rounds.c.id == occurrences.c.round_id).where(
        rounds.c.status == "closed", rounds.c.mode == "daily", occurrences.c.state == "posted"
    )
    return await _lease(tx, ended.where(_free(now), places.c.platform.in_(platforms)), until, most)


async def _lease(
    tx: Transaction, wanted: Select[*tuple[Any, ...]], until: datetime, most: int
) -> list[Occurrence]:
    in_order = wanted.order_by(occurrences.c.due_at, occurrences.c.schedule_id).limit(most)
    taken = [
        _occurrence(row)
        for row in await tx.execute(in_order.with_for_update(of=occurrences, skip_locked=True))
    ]
    keys = [each.key for each in taken]
    if keys:
        leased = update(occurrences).where(
            tuple_(occurrences.c.schedule_id, occurrences.c.day).in_(keys)
        )
        await tx.execute(leased.values(lease_until=until))
    return taken


async def next_lease_end(tx: Transaction, now: datetime) -> datetime | None:
    """When the next of those that somebody is at may be taken by another."""
    held = occurrences.c.lease_until > now
    query = select(func.min(occurrences.c.lease_until)).where(
        occurrences.c.state.in_(("due", "posted")), held
    )
    until: datetime | None = (await tx.execute(query)).scalar_one()
    return until


async def change_state(
    tx: Transaction,
    key: tuple[int, date],
    was: OccurrenceState,
    becomes: OccurrenceState,
    **columns: Any,
) -> bool:
    """On to the next state, if it is still in the one before."""
    change = update(occurrences).where(
        and_(occurrences.c.schedule_id == key[0], occurrences.c.day == key[1]),
        occurrences.c.state == was,
    )
    return (
        await tx.execute(change.values(state=becomes, lease_until=None, **columns))
    ).rowcount == 1


async def set_round(tx: Transaction, key: tuple[int, date], round_id: int) -> None:
    """Its round, before its question is posted."""
    row = update(occurrences).where(
        occurrences.c.schedule_id == key[0], occurrences.c.day == key[1]
    )
    await tx.execute(row.values(round_id=round_id))


async def overdue(tx: Transaction, now: datetime) -> list[Occurrence]:
    """Dates that are still to be posted though their time is over: their platform is not served, or failed."""
    query = _OCCURRENCE.where(
        occurrences.c.state == "due", occurrences.c.ends_at <= now, _free(now)
    )
    return [
        _occurrence(row)
        for row in await tx.execute(query.order_by(occurrences.c.schedule_id, occurrences.c.day))
    ]


async def missed_days(tx: Transaction, since: date) -> set[date]:
    """The dates from one on that some daily question was never posted on."""
    query = select(occurrences.c.day).where(
        occurrences.c.state == "missed",
        occurrences.c.reason.in_((AWAY, NOT_POSTED)),
        occurrences.c.day >= since,
    )
    return set((await tx.execute(query.distinct())).scalars())
