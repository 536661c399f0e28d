"""Cron lines: a time of day on certain local dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.quiz.calendar.local_days import DAY, local_day

DAYS_SEARCHED = 366 * 9  # The next 29th of February can be eight years away.
PARTS = 5
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


@dataclass(frozen=True, slots=True)
class DueTime:
    day: date
    at: datetime


@dataclass(frozen=True, slots=True)
class CronRule:
    at: time
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool  # Cron's own rule: where both kinds of day are limited, one of them is enough.

    def falls_on(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        by_date = day.day in self.days
        by_weekday = day.isoweekday() % 7 in self.weekdays
        return by_date or by_weekday if self.either else by_date and by_weekday


@cache
def parse_cron(line: str) -> CronRule:
    """Minute and hour are one number each, so it is due once a day at most."""
    parts = line.lower().split()
    if len(parts) != PARTS:
        raise UserError("cron_unreadable")
    minute, hour, days, months, weekdays = parts
    rule = CronRule(
        time(_number(hour, "hour", 23), _number(minute, "minute", 59)),
        _field(days, 1, 31),
        _field(months, 1, 12, MONTHS, first=1),
        frozenset(number % 7 for number in _field(weekdays, 0, 7, WEEKDAYS)),
        either=not days.startswith("*") and not weekdays.startswith("*"),
    )
    start = date(2024, 1, 1)
    if not any(rule.falls_on(start + n * DAY) for n in range(DAYS_SEARCHED)):
        raise UserError("cron_never")
    return rule


def _number(text: str, name: str, most: int) -> int:
    if not _is_number(text):
        raise UserError("cron_not_once_a_day")
    if int(text) > most:
        raise UserError("cron_number_too_large", name=name, number=text, most=most)
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 2  # noqa: PLR2004 (no field has more)


def _field(
    text: str, least: int, most: int, names: tuple[str, ...] = (), first: int = 0
) -> frozenset[int]:
    """Such as `1,15`, `mon-fri`, `*/2`, `1-20/5`."""
    known = {name: number for number, name in enumerate(names, first)}
    numbers: set[int] = set()
    for part in text.split(","):
        numbers.update(_part(part, least, most, known))
    return frozenset(numbers)


def _part(text: str, least: int, most: int, known: dict[str, int]) -> range:
    span, slash, step = text.partition("/")
    begin, dash, end = span.partition("-")
    if span == "*":
        low, high = least, most
    else:
        low = _value(begin, known)
        high = _value(end, known) if dash else most if slash else low
    is_step = not slash or (_is_number(step) and int(step) > 0)
    if not least <= low <= high <= most or not is_step:
        raise UserError("cron_part_unreadable", part=text[:20])
    return range(low, high + 1, int(step) if slash else 1)


def _value(text: str, known: dict[str, int]) -> int:
    if text in known:
        return known[text]
    return int(text) if _is_number(text) else -1


def local_instant(day: date, at: time, zone: str) -> datetime | None:
    """The first, if clocks show it twice. None on a date that the zone left out."""
    clock = ZoneInfo(zone)
    noon = datetime.combine(day, time(12), clock).astimezone(UTC)
    if noon.astimezone(clock).date() != day:
        return None
    # A time that clocks skip comes as much later as they jump.
    return datetime.combine(day, at, clock).astimezone(UTC)


def due_times(cron: str, zone: str, first: date) -> Iterator[DueTime]:
    """Ends where none comes for nine years."""
    rule = parse_cron(cron)
    day = first
    searched = 0
    while searched < DAYS_SEARCHED and day < date.max - 2 * DAY:
        at = local_instant(day, rule.at, zone) if rule.falls_on(day) else None
        if at is not None:
            searched = 0
            yield DueTime(day, at)
        day += DAY
        searched += 1


def next_due_time(
    cron: str, zone: str, after: datetime, done: date | None = None
) -> DueTime | None:
    """The first after `after`, on a later date than `done`."""
    first = local_day(after, zone) - DAY
    if done:
        first = max(first, done + DAY)
    return next((due for due in due_times(cron, zone, first) if due.at > after), None)


def due_by(cron: str, zone: str, first: date, now: datetime) -> list[DueTime]:
    return list(takewhile(lambda due: due.at <= now, due_times(cron, zone, first)))


def upcoming(
    cron: str, zone: str, after: datetime, most: int, done: date | None = None
) -> list[DueTime]:
    first = next_due_time(cron, zone, after, done)
    return list(islice(due_times(cron, zone, first.day), most)) if first else []
