"""When a schedule asks: a time of day on certain local dates, as instants that a change of the clocks cannot double.

A date on which the time does not exist asks as much later as the clocks jumped; one on which it exists twice asks at
the first. A date that a zone left out altogether, as at the date line, asks nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.quiz.calendar.local_days import local_day

DAY = timedelta(days=1)
LOOKED_AT = 366 * 9
"""Dates that are looked through for the next one: the 29th of February can be eight years away."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
SHAPE = 'Write it as five parts between quotes, such as cron:"30 9 * * mon-fri": minute, hour, day of the month, month, weekday.'
ONCE = "A schedule asks once a day, so minute and hour are one number each. Add a second schedule for a second time."
NEVER = "That day never comes. Check the day of the month and the month."


@dataclass(frozen=True, slots=True)
class Fire:
    """One local date, and the instant at which its question is due."""

    day: date
    at: datetime


@dataclass(frozen=True, slots=True)
class CronRule:
    """A time of day, and the dates it holds on as cron names them: Sunday is 0."""

    at: time
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool
    """Cron's own rule: where both kinds of day are limited, one of them is enough."""

    def falls_on(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        by_date, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return by_date or by_weekday if self.either else by_date and by_weekday


@cache
def rule(cron: str) -> CronRule:
    """A cron line whose minute and hour are one number each; a UserError says what is wrong with any other."""
    parts = cron.lower().split()
    if len(parts) != 5:  # noqa: PLR2004 (cron has five)
        raise UserError(f"I cannot read that cron line. {SHAPE}")
    minute, hour, days, months, weekdays = parts
    read = CronRule(
        time(_number(hour, "hour", 23), _number(minute, "minute", 59)),
        _field(days, 1, 31),
        _field(months, 1, 12, MONTHS, first=1),
        frozenset(number % 7 for number in _field(weekdays, 0, 7, WEEKDAYS)),
        either=not days.startswith("*") and not weekdays.startswith("*"),
    )
    if not any(read.falls_on(date(2024, 1, 1) + n * DAY) for n in range(LOOKED_AT)):
        raise UserError(NEVER)
    return read


def _number(text: str, name: str, most: int) -> int:
    if not _is_number(text):
        raise UserError(ONCE)
    if int(text) > most:
        raise UserError(f"There is no {name} {text}: it is a number from 0 to {most}. {SHAPE}")
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 2  # noqa: PLR2004 (no field has more digits)


def _field(
    text: str, least: int, most: int, names: tuple[str, ...] = (), first: int = 0
) -> frozenset[int]:
    """Lists, ranges, steps and names: `1,15`, `mon-fri`, `*/2`, `1-20/5`."""
    known = {name: number for number, name in enumerate(names, first)}
    return frozenset(
        number for part in text.split(",") for number in _part(part, least, most, known)
    )


def _part(text: str, least: int, most: int, known: dict[str, int]) -> range:
    span, slash, step = text.partition("/")
    begin, dash, end = span.partition("-")
    if span == "*":
        low, high = least, most
    else:
        low = _value(begin, known)
        high = _value(end, known) if dash else most if slash else low
    if not (least <= low <= high <= most) or (slash and not (_is_number(step) and int(step))):
        raise UserError(f"I cannot read {text[:20]} in that cron line. {SHAPE}")
    return range(low, high + 1, int(step) if slash else 1)


def _value(text: str, known: dict[str, int]) -> int:
    if text in known:
        return known[text]
    return int(text) if _is_number(text) else -1


def instant(day: date, at: time, zone: str) -> datetime | None:
    """When a wall clock there shows this; None on a date that the zone left out."""
    wall = ZoneInfo(zone)
    noon = datetime.combine(day, time(12), wall).astimezone(UTC)
    if noon.astimezone(wall).date() != day:
        return None
    return datetime.combine(day, at, wall).astimezone(UTC)


def fires(cron: str, zone: str, first: date) -> Iterator[Fire]:
    """Each date from the first one on, in order; it ends where dates do, or where none comes for nine years."""
    read, day, passed = rule(cron), first, 0
    while passed < LOOKED_AT and day < date.max - 2 * DAY:
        at = instant(day, read.at, zone) if read.falls_on(day) else None
        if at is not None:
            passed = 0
            yield Fire(day, at)
        day += DAY
        passed += 1


def next_fire(cron: str, zone: str, after: datetime, done: date | None = None) -> Fire | None:
    """The first one later than an instant, and on a later date than the last that was dealt with."""
    first = local_day(after, zone) - DAY
    begin = max(first, done + DAY) if done else first
    return next((fire for fire in fires(cron, zone, begin) if fire.at > after), None)


def due(cron: str, zone: str, first: date, now: datetime) -> list[Fire]:
    """From a date on, those whose instant has come, in order."""
    found = []
    for fire in fires(cron, zone, first):
        if fire.at > now:
            break
        found.append(fire)
    return found


def upcoming(
    cron: str, zone: str, after: datetime, most: int, done: date | None = None
) -> list[Fire]:
    """The next few."""
    begin = next_fire(cron, zone, after, done)
    return list(islice(fires(cron, zone, begin.day), most)) if begin else []
