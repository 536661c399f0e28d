"""Schedules: what is asked where and when, with the days on which it rests and the questions that are set for a day."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, select, update

from bot.identity import Place
from bot.model.schedules import Schedule
from bot.quiz.calendar.holidays import Holiday
from bot.store.sql import bulk
from bot.store.sql.database import Transaction, insert_into
from bot.store.sql.tables.places import places
from bot.store.sql.tables.schedules import holidays, pins, schedules, skips

Dated = tuple[int, date]
"""A schedule, or a place, on a date."""


_SCHEDULE = select(
    *(
        schedules.c[name]
        for name in ("id", "place_id", "cron", "zone", "packs", "levels", "minutes", "answers")
    ),
    *(schedules.c[name] for name in ("paused_at", "removed_at", "next_day", "next_at")),
    *(places.c[name] for name in ("platform", "community", "channel")),
    places.c.zone.label("place_zone"),
    places.c.paused_at.label("shut_at"),
).join(places, places.c.id == schedules.c.place_id)


def _schedule(row: Row[*tuple[Any, ...]]) -> Schedule:
    return Schedule(
        id=row.id,
        place=Place(row.platform, row.community, row.channel),
        place_id=row.place_id,
        cron=row.cron,
        own_zone=row.zone,
        place_zone=row.place_zone,
        packs=tuple(row.packs),
        levels=tuple(row.levels),
        minutes=row.minutes,
        answers=row.answers,
        paused=row.paused_at is not None,
        removed=row.removed_at is not None,
        next_day=row.next_day,
        next_at=row.next_at,
        shut_out=row.shut_at is not None,
    )


async def _found(tx: Transaction, *where: ColumnElement[bool]) -> list[Schedule]:
    rows = await tx.execute(_SCHEDULE.where(*where).order_by(schedules.c.id))
    return [_schedule(row) for row in rows]


async def add(tx: Transaction, act: str, **columns: Any) -> Schedule:
    """A new schedule; the same act again finds the one it made."""
    row = insert_into(tx, schedules).values(act=act, **columns)
    await tx.execute(row.on_conflict_do_nothing())
    return (await _found(tx, schedules.c.act == act))[0]


async def find(tx: Transaction, schedule_id: int) -> Schedule | None:
    return next(iter(await _found(tx, schedules.c.id == schedule_id)), None)


async def lock(tx: Transaction, schedule_id: int) -> Schedule | None:
    """A schedule that nobody else changes until the transaction ends."""
    await tx.execute(select(schedules.c.id).where(schedules.c.id == schedule_id).with_for_update())
    return await find(tx, schedule_id)


async def in_place(tx: Transaction, place_id: int) -> list[Schedule]:
    return await _found(tx, schedules.c.place_id == place_id, schedules.c.removed_at.is_(None))


async def next_in_community(tx: Transaction, place: Place, most: int) -> list[Schedule]:
    """Those of a community that ask soonest, where they are let in."""
    query = _SCHEDULE.where(
        places.c.platform == place.platform,
        places.c.community == place.community,
        places.c.paused_at.is_(None),
        schedules.c.next_at.is_not(None),
    )
    rows = await tx.execute(query.order_by(schedules.c.next_at, schedules.c.id).limit(most))
    return [_schedule(row) for row in rows]


async def active(tx: Transaction, after: int, most: int) -> list[Schedule]:
    """Those that are neither paused nor removed, a page at a time, in the order of their numbers."""
    page = _SCHEDULE.where(
        schedules.c.id > after, schedules.c.paused_at.is_(None), schedules.c.removed_at.is_(None)
    )
    return [_schedule(row) for row in await tx.execute(page.order_by(schedules.c.id).limit(most))]


async def lock_active(tx: Transaction, numbers: Collection[int]) -> list[Schedule]:
    """Those of these that are at work and that no other process is at, in the order of their numbers."""
    wanted = (
        schedules.c.id.in_(numbers),
        schedules.c.paused_at.is_(None),
        schedules.c.removed_at.is_(None),
    )
    found = _SCHEDULE.where(*wanted).order_by(schedules.c.id)
    return [
        _schedule(row)
        for row in await tx.execute(found.with_for_update(of=schedules, skip_locked=True))
    ]


async def lock_due(tx: Transaction, now: datetime, most: int) -> list[Schedule]:
    """Those whose next instant has come and that no other process is at, in the order of their numbers."""
    found = _SCHEDULE.where(schedules.c.next_at <= now).order_by(schedules.c.id).limit(most)
    return [
        _schedule(row)
        for row in await tx.execute(found.with_for_update(of=schedules, skip_locked=True))
    ]


async def next_at(tx: Transaction) -> datetime | None:
    at: datetime | None = (await tx.execute(select(func.min(schedules.c.next_at)))).scalar_one()
    return at


async def change(tx: Transaction, schedule_id: int, **columns: Any) -> None:
    await tx.execute(update(schedules).where(schedules.c.id == schedule_id).values(**columns))


async def set_next(
    tx: Transaction, nexts: Sequence[tuple[int, date | None, datetime | None]]
) -> None:
    """When each of these schedules asks next."""
    rows = [
        (day.isoformat() if day else None, bulk.instant(at) if at else None, number)
        for number, day, at in sorted(nexts, key=lambda each: each[0])
    ]
    await bulk.update(tx, schedules, ("next_day", "next_at"), ("id",), rows)


# Days on which nothing is asked


async def skip(tx: Transaction, schedule_id: int, day: date) -> None:
    row = insert_into(tx, skips).values(schedule_id=schedule_id, day=day)
    await tx.execute(row.on_conflict_do_nothing())


async def unskip(tx: Transaction, schedule_id: int, day: date) -> None:
    await tx.execute(delete(skips).where(skips.c.schedule_id == schedule_id, skips.c.day == day))


async def skipped_since(tx: Transaction, schedule_ids: Collection[int], since: date) -> set[Dated]:
    query = select(skips.c.schedule_id, skips.c.day)
    rows = await tx.execute(
        query.where(skips.c.schedule_id.in_(schedule_ids), skips.c.day >= since)
    )
    return {(row.schedule_id, row.day) for row in rows}


async def add_holidays(tx: Transaction, place_id: int, days: Sequence[Holiday]) -> None:
    """A holiday that is there already takes the new name, if there is a new one."""
    row = insert_into(tx, holidays)
    named = row.on_conflict_do_update(
        index_elements=[holidays.c.place_id, holidays.c.day],
        set_={"name": func.coalesce(func.nullif(row.excluded.name, ""), holidays.c.name)},
    )
    if days:
        await tx.execute(
            named, [{"place_id": place_id, "day": each.day, "name": each.name} for each in days]
        )


async def remove_holidays(tx: Transaction, place_id: int, days: Collection[date]) -> int:
    """Take holidays back; how many there were."""
    gone = delete(holidays).where(holidays.c.place_id == place_id, holidays.c.day.in_(days))
    return (await tx.execute(gone)).rowcount


async def holidays_since(
    tx: Transaction, place_ids: Collection[int], since: date
) -> dict[Dated, str]:
    """The names of the holidays by place and date."""
    query = select(holidays.c.place_id, holidays.c.day, holidays.c.name)
    rows = await tx.execute(
        query.where(holidays.c.place_id.in_(place_ids), holidays.c.day >= since)
    )
    return {(row.place_id, row.day): row.name for row in rows}


# Questions that are set for a day


async def pin(tx: Transaction, schedule_id: int, day: date, question: str, act: str = "") -> None:
    chosen = {"question": question, "act": act}
    row = insert_into(tx, pins).values(schedule_id=schedule_id, day=day, **chosen)
    await tx.execute(
        row.on_conflict_do_update(index_elements=(pins.c.schedule_id, pins.c.day), set_=chosen)
    )


async def is_pinned_by(tx: Transaction, schedule_id: int, day: date, act: str) -> bool:
    """Whether this very act has set it."""
    query = select(pins.c.act).where(
        pins.c.schedule_id == schedule_id, pins.c.day == day, pins.c.act == act
    )
    return (await tx.execute(query)).one_or_none() is not None


async def unpin(tx: Transaction, schedule_id: int, day: date) -> None:
    await tx.execute(delete(pins).where(pins.c.schedule_id == schedule_id, pins.c.day == day))


async def pinned_since(tx: Transaction, place_id: int, since: date) -> dict[Dated, str]:
    """The questions that are set in a place, by schedule and date."""
    query = select(pins.c.schedule_id, pins.c.day, pins.c.question).join(
        schedules, schedules.c.id == pins.c.schedule_id
    )
    ahead = query.where(
        schedules.c.place_id == place_id, schedules.c.removed_at.is_(None), pins.c.day >= since
    )
    return {(row.schedule_id, row.day): row.question for row in await tx.execute(ahead)}
