"""Who wants to be reminded of an open daily question, and which reminders were sent."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, delete, exists, or_, select, tuple_, update

from bot.identity import Person, Place
from bot.model.reminders import OpenDaily, Reminder
from bot.quiz.questions import from_json
from bot.store.sql import bulk
from bot.store.sql.database import Transaction, insert_into
from bot.store.sql.tables.people import members
from bot.store.sql.tables.places import places
from bot.store.sql.tables.reminders import reminder_messages, reminders
from bot.store.sql.tables.rounds import rounds, sittings, wordings

_REMINDER = select(reminders)


def _reminder(row: Row[*tuple[Any, ...]]) -> Reminder:
    person, place = (
        Person(row.platform, row.person, ""),
        Place(row.platform, row.community, row.channel),
    )
    return Reminder(row.player_id, row.hour, person, place, row.next_at, row.refused_at)


async def set_hour(
    tx: Transaction, player_id: int, hour: int, person: Person, place: Place, next_at: datetime
) -> None:
    wish = {
        "hour": hour,
        "platform": place.platform,
        "person": person.id,
        "community": place.community,
        "channel": place.channel,
        "next_at": next_at,
        "refused_at": None,
    }
    row = insert_into(tx, reminders).values(player_id=player_id, **wish)
    await tx.execute(row.on_conflict_do_update(index_elements=[reminders.c.player_id], set_=wish))


async def remove(tx: Transaction, player_id: int) -> bool:
    """Whether there was one."""
    return (
        await tx.execute(delete(reminders).where(reminders.c.player_id == player_id))
    ).rowcount == 1


async def find(tx: Transaction, player_id: int) -> Reminder | None:
    row = (await tx.execute(_REMINDER.where(reminders.c.player_id == player_id))).one_or_none()
    return _reminder(row) if row else None


async def mark_refused(tx: Transaction, player_id: int, at: datetime) -> None:
    await tx.execute(
        update(reminders).where(reminders.c.player_id == player_id).values(refused_at=at)
    )


# Sending them, by whoever comes first


async def lock_due(
    tx: Transaction, platforms: Collection[str], now: datetime, farthest: datetime, most: int
) -> list[Reminder]:
    """Those whose instant has come, or lies too far ahead to be true.

    Held until the end of the transaction, so no other process has them too.
    """
    wanted = _REMINDER.where(
        or_(reminders.c.next_at <= now, reminders.c.next_at > farthest),
        reminders.c.refused_at.is_(None),
        reminders.c.platform.in_(platforms),
    )
    return await _held(tx, wanted.order_by(reminders.c.player_id).limit(most))


async def _held(tx: Transaction, query: Select[*tuple[Any, ...]]) -> list[Reminder]:
    rows = await tx.execute(query.with_for_update(of=reminders, skip_locked=True))
    return [_reminder(row) for row in rows]


async def set_next(tx: Transaction, nexts: Sequence[tuple[int, datetime]]) -> None:
    rows = [(bulk.instant(at), player_id) for player_id, at in sorted(nexts)]
    await bulk.update(tx, reminders, ("next_at",), ("player_id",), rows)


async def claim(
    tx: Transaction, wanted: Sequence[tuple[int, date]], at: datetime
) -> set[tuple[int, date]]:
    """Which of these letters nobody has begun."""
    rows = [(player_id, day.isoformat(), bulk.instant(at)) for player_id, day in sorted(wanted)]
    return {
        (player_id, day)
        for player_id, day, _ in await bulk.add(
            tx, reminder_messages, ("player_id", "day", "claimed_at"), rows
        )
    }


async def claim_unsent(
    tx: Transaction, platforms: Collection[str], since: datetime, before: datetime, now: datetime
) -> list[tuple[Reminder, date]]:
    """Letters that somebody began and did not send, taken over."""
    query = (
        select(reminders, reminder_messages.c.day)
        .join(reminder_messages, reminder_messages.c.player_id == reminders.c.player_id)
        .where(
            reminder_messages.c.sent_at.is_(None),
            reminder_messages.c.claimed_at > since,
            reminder_messages.c.claimed_at <= before,
            reminders.c.platform.in_(platforms),
        )
        .order_by(reminder_messages.c.player_id, reminder_messages.c.day)
        .with_for_update(of=reminder_messages, skip_locked=True)
    )
    found = [(_reminder(row), row.day) for row in await tx.execute(query)]
    keys = [(each.player_id, day) for each, day in found]
    taken = update(reminder_messages).where(
        tuple_(reminder_messages.c.player_id, reminder_messages.c.day).in_(keys)
    )
    if keys:
        await tx.execute(taken.values(claimed_at=now))
    return found


async def mark_sent(tx: Transaction, player_id: int, day: date, at: datetime) -> None:
    await tx.execute(
        update(reminder_messages)
        .where(reminder_messages.c.player_id == player_id, reminder_messages.c.day == day)
        .values(sent_at=at)
    )


async def delete_old(tx: Transaction, before: datetime) -> None:
    await tx.execute(delete(reminder_messages).where(reminder_messages.c.claimed_at < before))


async def open_dailies(
    tx: Transaction, player_ids: Collection[int], after: datetime
) -> dict[int, list[OpenDaily]]:
    """The daily questions where these members are, open until after then, that they have not finished."""
    finished = exists().where(
        sittings.c.round_id == rounds.c.id,
        sittings.c.player_id == members.c.player_id,
        sittings.c.finished_at.is_not(None),
    )
    query = (
        select(
            members.c.player_id,
            wordings.c.body,
            rounds.c.closes_at,
            places.c.platform,
            places.c.community,
            places.c.channel,
        )
        .select_from(rounds)
        .join(places, places.c.id == rounds.c.place_id)
        .join(
            members,
            (members.c.platform == places.c.platform) & (members.c.community == places.c.community),
        )
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
