"""The questions that the schedules of a place will ask."""

from datetime import datetime, timedelta

from bot.model.schedules import PreviewDay, Schedule
from bot.quiz.calendar.cron import DueTime, upcoming
from bot.quiz.calendar.local_days import DAY
from bot.quizmaster.core import Core
from bot.quizmaster.daily.drawing import draw
from bot.store import daily, schedules
from bot.store.sql.database import Transaction

AHEAD = timedelta(days=14)


async def coming_days(
    core: Core, tx: Transaction, place_id: int, now: datetime
) -> list[PreviewDay]:
    """All schedules of a place draw from one bag, in the order of their times."""
    found = await schedules.in_place(tx, place_id)
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
