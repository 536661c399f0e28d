"""Reminders of open daily questions, and those sent."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import delete, exists, or_, select, tuple_, update

from bot.identity import Person, Place
from bot.model.reminders import OpenDaily, Reminder
from bot.quiz.questions import from_json
from bot.store.sql import bulk
from bot.store.sql.database import Transaction
from bot.store.sql.rows import (
    PLACE,
    AnyRow,
    delete_rows,
    find_all,
    find_one,
    place_of,
    same_community,
    update_row,
    upsert,
)
from bot.store.sql.tables.daily import reminder_messages, reminders
from bot.store.sql.tables.people import members, places
from bot.store.sql.tables.rounds import rounds, sittings, wordings


def _reminder(row: AnyRow) -> Reminder:
    person = Person(row.platform, row.person, "")
    return Reminder(row.player_id, row.hour, person, place_of(row), row.next_at, row.refused_at)


async def set_hour(
    tx: Transaction, player_id: int, hour: int, person: Person, place: Place, next_at: datetime
) -> None:
    await upsert(
        tx,
        reminders,
        {"player_id": player_id},
        hour=hour,
        platform=place.platform,
        person=person.id,
        community=place.community,
        channel=place.channel,
        next_at=next_at,
        refused_at=None,
    )


async def remove(tx: Transaction, player_id: int) -> bool:
    return await delete_rows(tx, reminders, player_id=player_id) == 1


async def find(tx: Transaction, player_id: int) -> Reminder | None:
    return await find_one(tx, select(reminders).filter_by(player_id=player_id), _reminder)


async def mark_refused(tx: Transaction, player_id: int, at: datetime) -> None:
    await update_row(tx, reminders, {"player_id": player_id}, refused_at=at)


# Sending them, by whichever process is first


async def lock_due(
    tx: Transaction, platforms: Collection[str], now: datetime, farthest: datetime, most: int
) -> list[Reminder]:
    query = select(reminders).where(
        or_(reminders.c.next_at <= now, reminders.c.next_at > farthest),
        reminders.c.refused_at.is_(None),
        reminders.c.platform.in_(platforms),
    )
    free = query.with_for_update(skip_locked=True)
    return await find_all(tx, free.order_by(reminders.c.player_id).limit(most), _reminder)


async def set_next(tx: Transaction, next_times: Sequence[tuple[int, datetime]]) -> None:
    rows = [(bulk.instant(at), player_id) for player_id, at in sorted(next_times)]
    await bulk.update(tx, reminders, ("next_at",), ("player_id",), rows)


async def claim(
    tx: Transaction, wanted: Sequence[tuple[int, date]], at: datetime
) -> set[tuple[int, date]]:
    columns = ("player_id", "day", "claimed_at")
    rows = [(player_id, day.isoformat(), bulk.instant(at)) for player_id, day in sorted(wanted)]
    new = await bulk.add(tx, reminder_messages, columns, rows)
    return {(player_id, day) for player_id, day, _ in new}


async def claim_unsent(
    tx: Transaction, platforms: Collection[str], since: datetime, before: datetime, now: datetime
) -> list[tuple[Reminder, date]]:
    key = (reminder_messages.c.player_id, reminder_messages.c.day)
    query = (
        select(reminders, reminder_messages.c.day)
        .join(reminder_messages, reminder_messages.c.player_id == reminders.c.player_id)
        .where(
            reminder_messages.c.sent_at.is_(None),
            reminder_messages.c.claimed_at > since,
            reminder_messages.c.claimed_at <= before,
            reminders.c.platform.in_(platforms),
        )
        .order_by(*key)
        .with_for_update(of=reminder_messages, skip_locked=True)
    )
    found = [(_reminder(row), row.day) for row in await tx.execute(query)]
    if found:
        keys = [(reminder.player_id, day) for reminder, day in found]
        taken = update(reminder_messages).where(tuple_(*key).in_(keys))
        await tx.execute(taken.values(claimed_at=now))
    return found


async def mark_sent(tx: Transaction, player_id: int, day: date, at: datetime) -> None:
    await update_row(tx, reminder_messages, {"player_id": player_id, "day": day}, sent_at=at)


async def delete_old(tx: Transaction, before: datetime) -> None:
    await tx.execute(delete(reminder_messages).where(reminder_messages.c.claimed_at < before))


async def open_dailies(
    tx: Transaction, player_ids: Collection[int], after: datetime
) -> dict[int, list[OpenDaily]]:
    finished = exists().where(
        sittings.c.round_id == rounds.c.id,
        sittings.c.player_id == members.c.player_id,
        sittings.c.finished_at.is_not(None),
    )
    query = (
        select(members.c.player_id, wordings.c.body, rounds.c.closes_at, *PLACE)
        .select_from(rounds)
        .join(places, places.c.id == rounds.c.place_id)
        .join(members, same_community(members, places))
        .join(wordings, wordings.c.digest == rounds.c.digest)
        .where(
            rounds.c.mode == "daily",
            rounds.c.status == "open",
            rounds.c.closes_at > after,
            members.c.left_at.is_(None),
            members.c.player_id.in_(player_ids),
            ~finished,
        )
        .order_by(rounds.c.closes_at, rounds.c.id)
    )
    found: defaultdict[int, list[OpenDaily]] = defaultdict(list)
    for player_id, body, closes_at, *place in await tx.execute(query):
        found[player_id].append(OpenDaily(from_json(body), Place(*place), closes_at))
    return found
