"""Schedules, with their days off and pinned questions."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select

from bot.identity import Place
from bot.model.schedules import Schedule
from bot.quiz.calendar.holidays import Holiday
from bot.store.sql import bulk
from bot.store.sql.database import Transaction
from bot.store.sql.rows import (
    PLACE,
    AnyRow,
    delete_rows,
    find_all,
    in_community,
    insert_into,
    insert_new,
    is_found,
    update_row,
    upsert,
    with_place,
)
from bot.store.sql.tables.daily import holidays, pins, schedules, skips
from bot.store.sql.tables.people import places

# A schedule, or a place, on a date
Dated = tuple[int, date]

_SCHEDULE = (
    select(
        schedules,
        *PLACE,
        places.c.zone.label("place_zone"),
        places.c.paused_at.is_not(None).label("shut_out"),
    )
    .join(places, places.c.id == schedules.c.place_id)
    .order_by(schedules.c.id)
)
_ACTIVE = schedules.c.paused_at.is_(None) & schedules.c.removed_at.is_(None)


def _schedule(row: AnyRow) -> Schedule:
    return with_place(
        Schedule,
        row,
        own_zone=row.zone,
        packs=tuple(row.packs),
        levels=tuple(row.levels),
        paused=row.paused_at is not None,
        removed=row.removed_at is not None,
    )


async def _find(
    tx: Transaction, *where: ColumnElement[bool], most: int | None = None, lock: bool = False
) -> list[Schedule]:
    """With `lock`, those that no other process has locked."""
    query = _SCHEDULE.where(*where).limit(most)
    if lock:
        query = query.with_for_update(of=schedules, skip_locked=True)
    return await find_all(tx, query, _schedule)


async def add(tx: Transaction, act: str, **columns: Any) -> Schedule:
    await insert_new(tx, schedules, act=act, **columns)
    return (await _find(tx, schedules.c.act == act))[0]


async def find(tx: Transaction, schedule_id: int) -> Schedule | None:
    return next(iter(await _find(tx, schedules.c.id == schedule_id)), None)


async def lock(tx: Transaction, schedule_id: int) -> Schedule | None:
    await tx.execute(select(schedules.c.id).filter_by(id=schedule_id).with_for_update())
    return await find(tx, schedule_id)


async def of_place(tx: Transaction, place_id: int) -> list[Schedule]:
    return await _find(tx, schedules.c.place_id == place_id, schedules.c.removed_at.is_(None))


async def next_in_community(tx: Transaction, place: Place, most: int) -> list[Schedule]:
    query = _SCHEDULE.where(
        in_community(places, place), places.c.paused_at.is_(None), schedules.c.next_at.is_not(None)
    )
    soonest = query.order_by(None).order_by(schedules.c.next_at, schedules.c.id).limit(most)
    return await find_all(tx, soonest, _schedule)


async def active(tx: Transaction, after: int, most: int) -> list[Schedule]:
    return await _find(tx, schedules.c.id > after, _ACTIVE, most=most)


async def lock_active(tx: Transaction, schedule_ids: Collection[int]) -> list[Schedule]:
    return await _find(tx, schedules.c.id.in_(schedule_ids), _ACTIVE, lock=True)


async def lock_due(tx: Transaction, now: datetime, most: int) -> list[Schedule]:
    return await _find(tx, schedules.c.next_at <= now, most=most, lock=True)


async def next_at(tx: Transaction) -> datetime | None:
    at: datetime | None = await tx.scalar(select(func.min(schedules.c.next_at)))
    return at


async def change(tx: Transaction, schedule_id: int, **columns: Any) -> None:
    await update_row(tx, schedules, {"id": schedule_id}, **columns)


async def set_next(
    tx: Transaction, next_times: Sequence[tuple[int, date | None, datetime | None]]
) -> None:
    rows = [
        (day.isoformat() if day else None, bulk.instant(at) if at else None, schedule_id)
        for schedule_id, day, at in sorted(next_times, key=lambda next_time: next_time[0])
    ]
    await bulk.update(tx, schedules, ("next_day", "next_at"), ("id",), rows)


# Days on which nothing is asked


async def skip(tx: Transaction, schedule_id: int, day: date) -> None:
    await insert_new(tx, skips, schedule_id=schedule_id, day=day)


async def unskip(tx: Transaction, schedule_id: int, day: date) -> None:
    await delete_rows(tx, skips, schedule_id=schedule_id, day=day)


async def skipped_since(tx: Transaction, schedule_ids: Collection[int], since: date) -> set[Dated]:
    query = select(skips).where(skips.c.schedule_id.in_(schedule_ids), skips.c.day >= since)
    return {(row.schedule_id, row.day) for row in await tx.execute(query)}


async def add_holidays(tx: Transaction, place_id: int, days: Sequence[Holiday]) -> None:
    """One that is there already takes the new name, if there is one."""
    row = insert_into(tx, holidays)
    named = row.on_conflict_do_update(
        index_elements=["place_id", "day"],
        set_={"name": func.coalesce(func.nullif(row.excluded.name, ""), holidays.c.name)},
    )
    if days:
        rows = [{"place_id": place_id, "day": day.day, "name": day.name} for day in days]
        await tx.execute(named, rows)


async def remove_holidays(tx: Transaction, place_id: int, days: Collection[date]) -> int:
    gone = delete(holidays).filter_by(place_id=place_id).where(holidays.c.day.in_(days))
    return (await tx.execute(gone)).rowcount


async def holidays_since(
    tx: Transaction, place_ids: Collection[int], since: date
) -> dict[Dated, str]:
    query = select(holidays).where(holidays.c.place_id.in_(place_ids), holidays.c.day >= since)
    return {(row.place_id, row.day): row.name for row in await tx.execute(query)}


# Questions that are set for a day


async def pin(tx: Transaction, schedule_id: int, day: date, question: str, act: str = "") -> None:
    key = {"schedule_id": schedule_id, "day": day}
    await upsert(tx, pins, key, question=question, act=act)


async def is_pinned_by(tx: Transaction, schedule_id: int, day: date, act: str) -> bool:
    return await is_found(tx, select(pins).filter_by(schedule_id=schedule_id, day=day, act=act))


async def unpin(tx: Transaction, schedule_id: int, day: date) -> None:
    await delete_rows(tx, pins, schedule_id=schedule_id, day=day)


async def pinned_since(tx: Transaction, place_id: int, since: date) -> dict[Dated, str]:
    query = (
        select(pins)
        .join(schedules, schedules.c.id == pins.c.schedule_id)
        .where(
            schedules.c.place_id == place_id, schedules.c.removed_at.is_(None), pins.c.day >= since
        )
    )
    return {(row.schedule_id, row.day): row.question for row in await tx.execute(query)}
