"""Dates of schedules: previewed, skipped, pinned, and days off."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.errors import UserError
from bot.identity import Place
from bot.model.schedules import DaysOff, PreviewDay, Schedule
from bot.quiz.calendar.cron import DueTime, due_times, upcoming
from bot.quiz.calendar.holidays import Holiday, parse_holidays
from bot.quiz.calendar.local_days import DAY, local_day
from bot.quiz.files.problems import nearest
from bot.quizmaster.core import Core
from bot.quizmaster.daily.daily import draw
from bot.store import daily, places, schedules
from bot.store.sql.database import Transaction

FARTHEST = timedelta(days=366)
AHEAD = timedelta(days=14)


async def lock_own(
    tx: Transaction, place: Place, number: int, *, removed: bool = False
) -> Schedule:
    found = await schedules.lock(tx, number)
    if found is None or found.place != place or (found.removed and not removed):
        raise UserError("no_such_schedule", number=number)
    return found


async def date_to_come(
    tx: Transaction, schedule: Schedule, text: str, home: str, now: datetime
) -> date:
    """A date on which the schedule asks and has not asked yet."""
    zone = schedule.zone(home)
    day = _parse_date(text, local_day(now, zone))
    due = next(due_times(schedule.cron, zone, day), None)
    if due is None or due.day != day:
        raise UserError("schedule_not_on_date", number=schedule.id, day=day)
    if due.at <= now or await daily.find(tx, schedule.id, day):
        raise UserError("schedule_date_is_out", day=day)
    return day


def _parse_date(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise UserError("schedule_date_unreadable", text=text[:20], today=today) from None
    if not today <= day <= today + FARTHEST:
        raise UserError("schedule_date_too_far", day=day, today=today)
    return day


async def coming_days(
    core: Core, tx: Transaction, place_id: int, now: datetime
) -> list[PreviewDay]:
    """All schedules of a place draw from one bag, in the order of their times."""
    found = await schedules.of_place(tx, place_id)
    since = now.date() - DAY
    skipped = await schedules.skipped_since(tx, [each.id for each in found], since)
    holidays = await schedules.holidays_since(tx, [place_id], since)
    pinned = await schedules.pinned_since(tx, place_id, since)
    bag = await daily.lock_bag(tx, place_id)
    coming = []
    for due, schedule in await _coming(core, tx, found, now):
        question = None
        off = "skipped" if (schedule.id, due.day) in skipped else ""
        if not off and (place_id, due.day) in holidays:
            off = holidays[place_id, due.day] or "holiday"
        if not off:
            drawn = draw(core.bank(), schedule, due.day, bag, pinned)
            if drawn:
                question, bag = drawn
            else:
                off = "no question fits"
        is_pinned = question is not None and pinned.get((schedule.id, due.day)) == question.id
        coming.append(PreviewDay(schedule, due.day, due.at, question, is_pinned, off))
    return coming


async def _coming(
    core: Core, tx: Transaction, found: list[Schedule], now: datetime
) -> list[tuple[DueTime, Schedule]]:
    done = await daily.last_days(tx, [each.id for each in found], now + DAY)
    coming = []
    for each in found:
        if each.next_at is not None:
            zone = each.zone(core.zone)
            times = upcoming(each.cron, zone, now, AHEAD.days + 1, done.get(each.id))
            coming += [(due, each) for due in times if due.at <= now + AHEAD]
    return sorted(coming, key=lambda pair: (pair[0].at, pair[1].id))


@dataclass(frozen=True, slots=True)
class ScheduleDates:
    core: Core

    async def skip(self, place: Place, number: int, text: str, now: datetime) -> date:
        async with self.core.transaction() as tx:
            day = await self._date(tx, place, number, text, now)
            await schedules.skip(tx, number, day)
            return day

    async def unskip(self, place: Place, number: int, text: str, now: datetime) -> date:
        async with self.core.transaction() as tx:
            day = await self._date(tx, place, number, text, now)
            await schedules.unskip(tx, number, day)
            return day

    async def pin(self, place: Place, number: int, text: str, question: str, now: datetime) -> date:
        """Without a question, the date draws from the bag again."""
        async with self.core.transaction() as tx:
            day = await self._date(tx, place, number, text, now)
            names = self.core.bank().templates
            if not question:
                await schedules.unpin(tx, number, day)
            elif question in names:
                await schedules.pin(tx, number, day, question)
            else:
                like = nearest(question, names)
                raise UserError("no_such_question", question=question[:60], like=like)
            return day

    async def _date(
        self, tx: Transaction, place: Place, number: int, text: str, now: datetime
    ) -> date:
        schedule = await lock_own(tx, place, number)
        return await date_to_come(tx, schedule, text, self.core.zone, now)

    async def swap(
        self, act: str, place: Place, number: int, text: str, other: str, now: datetime
    ) -> tuple[date, date]:
        """Both dates are pinned from then on. Happens once for each act."""
        async with self.core.transaction() as tx:
            schedule = await lock_own(tx, place, number)
            first = await date_to_come(tx, schedule, text, self.core.zone, now)
            second = await date_to_come(tx, schedule, other, self.core.zone, now)
            if first == second:
                raise UserError("schedule_dates_are_one")
            if await schedules.is_pinned_by(tx, number, first, act):
                return first, second
            coming = await coming_days(self.core, tx, schedule.place_id, now)
            asked = {each.day: each.question for each in coming if each.schedule.id == number}
            question = asked.get(first)
            other_question = asked.get(second)
            if question is None or other_question is None:
                raise UserError("schedule_dates_not_in_preview")
            await schedules.pin(tx, number, first, other_question.id, act)
            await schedules.pin(tx, number, second, question.id, act)
        return first, second


@dataclass(frozen=True, slots=True)
class Holidays:
    core: Core

    async def list(self, place: Place, now: datetime) -> DaysOff:
        async with self.core.transaction() as tx:
            settings = await places.get_or_add(tx, place)
            today = local_day(now, settings.zone or self.core.zone)
            found = await schedules.holidays_since(tx, [settings.id], today)
        return DaysOff(tuple(Holiday(day, name) for (_, day), name in sorted(found.items())))

    async def change(
        self, place: Place, text: str, now: datetime, *, remove: bool = False
    ) -> DaysOff:
        async with self.core.transaction() as tx:
            settings = await places.get_or_add(tx, place)
        today = local_day(now, settings.zone or self.core.zone)
        # A large calendar takes long to read, and keeps nobody waiting in its thread.
        parsed = await asyncio.to_thread(parse_holidays, text, today)
        days = [each.day for each in parsed.days]
        async with self.core.transaction() as tx:
            if remove:
                changed = await schedules.remove_holidays(tx, settings.id, days)
                is_late = False
            else:
                changed = len(days)
                await schedules.add_holidays(tx, settings.id, parsed.days)
                is_late = today in days and await daily.is_asked_on(tx, settings.id, today)
        kept = (await self.list(place, now)).days
        return DaysOff(kept, changed, taken_back=remove, skipped=parsed.skipped, too_late=is_late)
