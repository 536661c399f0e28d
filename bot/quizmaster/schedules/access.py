"""The schedules of a place, and the dates on which they ask."""

from datetime import date, datetime, timedelta

from bot.errors import UserError
from bot.identity import Place
from bot.model.schedules import Schedule
from bot.quiz.calendar.cron import due_times
from bot.quiz.calendar.local_days import local_day
from bot.store import daily, schedules
from bot.store.sql.database import Transaction

FARTHEST = timedelta(days=366)


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
    """One on which it asks, and has not asked yet."""
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
