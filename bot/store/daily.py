"""What became of each local date of a schedule, and shuffle bags."""

# due ──► posted ──► announced   claimed, then its question is open, then its end is announced
#  ├────► missed                 too late or impossible; not posted unless an admin asks for it
#  └────► skipped                a day off, or its schedule was paused or removed
# The date is the key, so none is asked twice.

import random
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, tuple_, update

from bot.model.daily import AWAY, NOT_POSTED, NewOccurrence, Occurrence, OccurrenceState
from bot.quiz.shuffle_bag import ShuffleBag
from bot.store.sql import bulk
from bot.store.sql.database import Transaction
from bot.store.sql.rows import (
    PLACE,
    AnyRow,
    changes_one_row,
    find_all,
    find_one,
    insert_new,
    is_found,
    update_row,
    upsert,
    with_place,
)
from bot.store.sql.tables.daily import drawn_questions, occurrences, schedules, shuffle_bags
from bot.store.sql.tables.people import places
from bot.store.sql.tables.rounds import rounds

# Why a claimed date was skipped: its schedule was paused or removed before it was posted
RESTING = "resting"
_NEW = ("schedule_id", "day", "state", "reason", "due_at", "ends_at")
_OCCURRENCE = (
    select(occurrences, *PLACE)
    .join(schedules, schedules.c.id == occurrences.c.schedule_id)
    .join(places, places.c.id == schedules.c.place_id)
)
NEVER_POSTED = (occurrences.c.state == "missed") & occurrences.c.reason.in_((AWAY, NOT_POSTED))


def _occurrence(row: AnyRow) -> Occurrence:
    return with_place(Occurrence, row)


def _has_key(key: tuple[int, date]) -> ColumnElement[bool]:
    return (occurrences.c.schedule_id == key[0]) & (occurrences.c.day == key[1])


async def claim(tx: Transaction, new: Sequence[NewOccurrence]) -> None:
    """The first process gets the date."""
    rows = [
        (*key, each.state, each.reason, bulk.instant(each.due_at), bulk.instant(each.ends_at))
        for each in new
        for key in [(each.schedule_id, each.day.isoformat())]
    ]
    # In the order of keys, against deadlocks.
    await bulk.insert(tx, occurrences, _NEW, sorted(rows), again=True)


async def find(tx: Transaction, schedule_id: int, day: date) -> Occurrence | None:
    return await find_one(tx, _OCCURRENCE.where(_has_key((schedule_id, day))), _occurrence)


async def is_asked_on(tx: Transaction, place_id: int, day: date) -> bool:
    query = _OCCURRENCE.where(
        schedules.c.place_id == place_id,
        occurrences.c.day == day,
        occurrences.c.state.in_(("due", "posted", "announced")),
    )
    return await is_found(tx, query)


async def last_days(
    tx: Transaction, schedule_ids: Collection[int], until: datetime
) -> dict[int, date]:
    query = (
        select(occurrences.c.schedule_id, func.max(occurrences.c.day))
        .where(occurrences.c.schedule_id.in_(schedule_ids), occurrences.c.due_at <= until)
        .group_by(occurrences.c.schedule_id)
    )
    return dict((await tx.execute(query)).all())


def _is_claimed_too_early(after: datetime) -> ColumnElement[bool]:
    """Dealt with, though nobody has seen anything of it."""
    return (occurrences.c.due_at > after) & occurrences.c.round_id.is_(None)


async def schedules_claimed_early(tx: Transaction, after: datetime, most: int) -> list[int]:
    query = select(occurrences.c.schedule_id).where(_is_claimed_too_early(after)).distinct()
    return list(await tx.scalars(query.order_by(occurrences.c.schedule_id).limit(most)))


async def delete_claimed_early(
    tx: Transaction, schedule_ids: Collection[int], after: datetime
) -> None:
    theirs = occurrences.c.schedule_id.in_(schedule_ids)
    await tx.execute(delete(occurrences).where(theirs, _is_claimed_too_early(after)))


async def make_due_again(tx: Transaction, key: tuple[int, date], **columns: Any) -> bool:
    passed = update(occurrences).where(
        _has_key(key),
        occurrences.c.state.in_(("missed", "skipped")),
        occurrences.c.round_id.is_(None),
    )
    return await changes_one_row(tx, passed.values(state="due", lease_until=None, **columns))


async def latest(tx: Transaction, place_id: int, most: int) -> list[Occurrence]:
    query = _OCCURRENCE.where(schedules.c.place_id == place_id)
    newest = query.order_by(occurrences.c.due_at.desc())
    return await find_all(tx, newest.limit(most), _occurrence)


# A lease keeps other processes away, and ends by itself when its holder dies


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(occurrences.c.lease_until.is_(None), occurrences.c.lease_until <= now)


async def lease_due(
    tx: Transaction, platforms: Collection[str], now: datetime, until: datetime, most: int
) -> list[Occurrence]:
    due = _OCCURRENCE.where(occurrences.c.state == "due")
    return await _lease(tx, due.where(_is_free(now), places.c.platform.in_(platforms)), until, most)


async def lease_for_results(
    tx: Transaction, platforms: Collection[str], now: datetime, until: datetime, most: int
) -> list[Occurrence]:
    ended = _OCCURRENCE.join(rounds, rounds.c.id == occurrences.c.round_id).where(
        rounds.c.status == "closed", rounds.c.mode == "daily", occurrences.c.state == "posted"
    )
    return await _lease(
        tx, ended.where(_is_free(now), places.c.platform.in_(platforms)), until, most
    )


async def _lease(
    tx: Transaction, wanted: Select[*tuple[Any, ...]], until: datetime, most: int
) -> list[Occurrence]:
    free = wanted.with_for_update(of=occurrences, skip_locked=True).limit(most)
    in_order = free.order_by(occurrences.c.due_at, occurrences.c.schedule_id)
    taken = await find_all(tx, in_order, _occurrence)
    if taken:
        key = tuple_(occurrences.c.schedule_id, occurrences.c.day)
        leased = update(occurrences).where(key.in_([occurrence.key for occurrence in taken]))
        await tx.execute(leased.values(lease_until=until))
    return taken


async def next_lease_end(tx: Transaction, now: datetime) -> datetime | None:
    query = select(func.min(occurrences.c.lease_until)).where(
        occurrences.c.state.in_(("due", "posted")), occurrences.c.lease_until > now
    )
    until: datetime | None = await tx.scalar(query)
    return until


async def change_state(
    tx: Transaction,
    key: tuple[int, date],
    before: OccurrenceState,
    after: OccurrenceState,
    **columns: Any,
) -> bool:
    unchanged = update(occurrences).filter_by(state=before).where(_has_key(key))
    return await changes_one_row(tx, unchanged.values(state=after, lease_until=None, **columns))


async def set_round(tx: Transaction, key: tuple[int, date], round_id: int) -> None:
    await tx.execute(update(occurrences).where(_has_key(key)).values(round_id=round_id))


async def overdue(tx: Transaction, now: datetime) -> list[Occurrence]:
    """Their platform is not served, or failed."""
    query = _OCCURRENCE.where(
        occurrences.c.state == "due", occurrences.c.ends_at <= now, _is_free(now)
    )
    in_order = query.order_by(occurrences.c.schedule_id, occurrences.c.day)
    return await find_all(tx, in_order, _occurrence)


async def missed_days(tx: Transaction, since: date) -> set[date]:
    query = select(occurrences.c.day).where(NEVER_POSTED, occurrences.c.day >= since)
    return set(await tx.scalars(query.distinct()))


# Shuffle bags

SEED_BITS = 31


async def lock_bag(tx: Transaction, place_id: int) -> ShuffleBag:
    await insert_new(tx, shuffle_bags, place_id=place_id, lap=random.getrandbits(SEED_BITS))
    mine = select(shuffle_bags.c.lap).filter_by(place_id=place_id)
    lap = (await tx.scalars(mine.with_for_update())).one()
    return ShuffleBag(lap, tuple(await drawn_question_ids(tx, place_id)))


async def drawn_question_ids(tx: Transaction, place_id: int) -> list[str]:
    """Oldest first."""
    query = select(drawn_questions.c.question).filter_by(place_id=place_id)
    in_order = query.order_by(drawn_questions.c.at, drawn_questions.c.question)
    return list(await tx.scalars(in_order))


async def save_bag(
    tx: Transaction, place_id: int, before: ShuffleBag, after: ShuffleBag, at: datetime
) -> None:
    if after.seed != before.seed:
        await update_row(tx, shuffle_bags, {"place_id": place_id}, lap=after.seed)
        put_back = [question for question in before.drawn if question not in after.drawn]
        mine = delete(drawn_questions).filter_by(place_id=place_id)
        await tx.execute(mine.where(drawn_questions.c.question.in_(put_back)))
    key = {"place_id": place_id, "question": after.drawn[-1]}
    await upsert(tx, drawn_questions, key, at=at)
