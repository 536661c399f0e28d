"""Dates of schedules: claimed when they are due, or missed."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.model.daily import AWAY, NOT_POSTED, SHUT_OUT, NewOccurrence, Occurrence, OccurrenceState
from bot.model.schedules import Schedule
from bot.quiz.calendar.cron import DueTime, due_by, next_due_time
from bot.quiz.calendar.local_days import DAY
from bot.quizmaster.core import Core
from bot.store import daily, schedules
from bot.store.rounds import rounds
from bot.store.schedules import Dated
from bot.store.sql.database import Transaction

LEASE = timedelta(seconds=25)  # What is not done by then, another process does.
AT_ONCE = 20
# A late question is still posted while so much of its time is left, or half of it.
LEAST_LEFT = timedelta(minutes=5)
BATCH = 500  # Schedules in one transaction.
CLOCK_DIFFERENCE = timedelta(minutes=5)  # How far the clocks of two processes may differ.
log = logging.getLogger(__name__)


def latest_post_time(due_at: datetime, ends_at: datetime) -> datetime:
    return ends_at - min(LEAST_LEFT, (ends_at - due_at) / 2)


@dataclass(frozen=True, slots=True)
class Claiming:
    core: Core

    async def next_due(self, now: datetime) -> datetime | None:
        async with self.core.reading() as tx:
            times = await schedules.next_at(tx), await daily.next_lease_end(tx, now)
        return min((at for at in times if at), default=None)

    async def set_all_next_times(self, now: datetime) -> None:
        """Needed at each start, because updates change time zone data."""
        last = 0
        while True:
            async with self.core.transaction() as tx:
                page = await schedules.active(tx, last, BATCH)
                ahead = [each for each in page if each.next_at is None or each.next_at > now]
                await set_next_times(tx, ahead, self.core.zone, now)
            if len(page) < BATCH:
                return
            last = page[-1].id

    async def claim_due(self, now: datetime) -> None:
        await self._undo_claims_ahead(now)
        while True:
            async with self.core.transaction() as tx:
                due = await schedules.lock_due(tx, now, BATCH)
                if due:
                    await self._claim(tx, due, now)
            if len(due) < BATCH:
                break
        async with self.core.reading() as tx:
            overdue = await daily.overdue(tx, now)
        for each in overdue:
            await self.mark_missed(each, NOT_POSTED, now)

    async def _undo_claims_ahead(self, now: datetime) -> None:
        """Dates that a fast clock claimed too early are claimed anew in time."""
        after = now + CLOCK_DIFFERENCE
        last = 0
        async with self.core.reading() as tx:
            numbers = await daily.schedules_claimed_early(tx, after, BATCH)
        while numbers and numbers[-1] > last:
            async with self.core.transaction() as tx:
                found = await schedules.lock_active(tx, numbers)
                await daily.delete_claimed_early(tx, numbers, after)
                await set_next_times(tx, found, self.core.zone, now)
                last = numbers[-1]
                numbers = await daily.schedules_claimed_early(tx, after, BATCH)
            log.warning("the clock was fast: dates that were claimed too early are claimed anew")

    async def _claim(self, tx: Transaction, due: Sequence[Schedule], now: datetime) -> None:
        since = min(each.next_day for each in due if each.next_day)
        skipped = await schedules.skipped_since(tx, [each.id for each in due], since)
        off = await schedules.holidays_since(tx, {each.place_id for each in due}, since)
        new = []
        nexts = []
        for each in due:
            zone = each.zone(self.core.zone)
            times = due_by(each.cron, zone, each.next_day or since, now)
            new += _claimed(each, times, skipped, off, now)
            done = times[-1].day if times else None
            nexts.append(_next(each, next_due_time(each.cron, zone, now, done)))
        await daily.claim(tx, new)
        await schedules.set_next(tx, nexts)

    async def mark_missed(self, occurrence: Occurrence, reason: str, now: datetime) -> None:
        key = occurrence.key
        async with self.core.transaction() as tx:
            latest = await daily.find(tx, *key)
            missed = await daily.change_state(tx, key, "due", "missed", reason=reason)
            if missed and latest and latest.round_id:
                await rounds.change_status(tx, latest.round_id, "claimed", "void", closed_at=now)


async def set_next_times(
    tx: Transaction, found: Sequence[Schedule], home: str, now: datetime
) -> None:
    """Sets each next time: after now, on a date that was not claimed yet."""
    done = await daily.last_days(tx, [each.id for each in found], now + DAY)
    nexts = [
        _next(each, next_due_time(each.cron, each.zone(home), now, done.get(each.id)))
        for each in found
    ]
    await schedules.set_next(tx, nexts)


def _next(schedule: Schedule, due: DueTime | None) -> tuple[int, date | None, datetime | None]:
    return (schedule.id, due.day, due.at) if due else (schedule.id, None, None)


def _claimed(
    schedule: Schedule,
    times: Sequence[DueTime],
    skipped: Collection[Dated],
    off: Mapping[Dated, str],
    now: datetime,
) -> list[NewOccurrence]:
    """Only the newest missed date is still asked, if there is enough time left."""
    new = []
    for due in times:
        ends_at = due.at + timedelta(minutes=schedule.minutes)
        state, reason = _state(schedule, due.day, skipped, off)
        is_newest = due is times[-1]
        if state == "due" and (not is_newest or now > latest_post_time(due.at, ends_at)):
            state, reason = "missed", AWAY
        new.append(NewOccurrence(schedule.id, due.day, state, reason, due.at, ends_at))
    return new


def _state(
    schedule: Schedule, day: date, skipped: Collection[Dated], off: Mapping[Dated, str]
) -> tuple[OccurrenceState, str]:
    if (schedule.id, day) in skipped:
        return "skipped", "skipped"
    if (schedule.place_id, day) in off:
        return "skipped", off[schedule.place_id, day] or "holiday"
    return ("missed", SHUT_OUT) if schedule.shut_out else ("due", "")
