"""Recurrence rules: as much of RFC 5545 as days off need."""

import re
from calendar import isleap, monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.errors import UserError

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"})
WEEK = 7
MONTHS = 12
MOST = 300_000  # Dates that are looked at for one calendar: others were not made for people.
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,6}", re.ASCII)


class Frequency(StrEnum):
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class WorkLimit:
    def __init__(self, left: int = MOST) -> None:
        self._left = left

    def spend(self, dates: int) -> None:
        self._left -= dates
        if self._left < 0:
            raise UserError("calendar_repeats_too_much")


@dataclass(frozen=True, slots=True)
class RecurrenceRule:
    frequency: Frequency
    interval: int
    count: int | None
    until: date | None
    months: frozenset[int]
    days: frozenset[int]  # Of the month; negative ones are counted from its end.
    # Which one of its kind (0: every one), and the weekday, from Monday's 0 to Sunday's 6.
    weekdays: frozenset[tuple[int, int]]


def parse_rrule(text: str) -> RecurrenceRule:
    """Raises ValueError for whatever is not known: a date must not be guessed."""
    parts: dict[str, str] = {}
    for part in text.upper().strip().rstrip(";").split(";"):
        name, _, value = part.partition("=")
        parts[name.strip()] = value.strip()
    if not set(parts) <= KNOWN:
        raise ValueError(text)
    rule = RecurrenceRule(
        Frequency(parts.get("FREQ", "")),
        _number(parts.get("INTERVAL", "1"), 1),
        _number(parts["COUNT"], 1) if "COUNT" in parts else None,
        date.fromisoformat(parts["UNTIL"][:8]) if "UNTIL" in parts else None,
        frozenset(_numbers(parts, "BYMONTH", 12)),
        frozenset(_numbers(parts, "BYMONTHDAY", 31)),
        frozenset(_weekdays(parts)),
    )
    if not _is_clear(rule, parts):
        raise ValueError(text)
    return rule


def _number(text: str, least: int) -> int:
    if not _NUMBER.fullmatch(text) or int(text) < least:
        raise ValueError(text)
    return int(text)


def _numbers(parts: Mapping[str, str], name: str, most: int) -> Iterator[int]:
    for text in parts[name].split(",") if name in parts else ():
        number = _number(text, -most)
        if not number or number > most:
            raise ValueError(text)
        yield number


def _weekdays(parts: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    for text in parts["BYDAY"].split(",") if "BYDAY" in parts else ():
        found = _WEEKDAY.fullmatch(text.strip())
        if found is None:
            raise ValueError(text)
        yield int(found[1] or 0), WEEKDAYS.index(found[2])


def _is_clear(rule: RecurrenceRule, parts: Mapping[str, str]) -> bool:
    """Whether everybody reads it the same way."""
    if any(month < 0 for month in rule.months):
        return False
    numbered = any(nth for nth, _ in rule.weekdays)
    match rule.frequency:
        case Frequency.DAILY:
            return not numbered
        case Frequency.WEEKLY:
            from_monday = rule.interval == 1 or parts.get("WKST", "MO") == "MO"
            return from_monday and not numbered and not rule.days
        case Frequency.YEARLY:
            # Numbered in the month, or in the year?
            return not (numbered and rule.days and not rule.months)
        case _:
            return True


def occurrences(
    first: date, rule: RecurrenceRule, since: date, last: date, limit: WorkLimit
) -> Iterator[date]:
    last = min(last, rule.until or last)
    begin = _period(first, rule.frequency)
    end = _period(last, rule.frequency)
    if rule.count is None:
        passed = max(0, _period(since, rule.frequency) - begin)
        begin += passed // rule.interval * rule.interval
    left = rule.count
    for period in range(begin, end + 1, rule.interval):
        for day in _in_period(period, first, rule, limit):
            if day < first:
                continue
            if day > last or left == 0:
                return
            left = None if left is None else left - 1
            if day >= since:
                yield day


def _period(day: date, frequency: Frequency) -> int:
    match frequency:
        case Frequency.DAILY:
            return day.toordinal()
        case Frequency.WEEKLY:
            return (day.toordinal() - 1) // WEEK
        case Frequency.MONTHLY:
            return day.year * MONTHS + day.month - 1
        case _:
            return day.year


def _in_period(period: int, first: date, rule: RecurrenceRule, limit: WorkLimit) -> Iterator[date]:
    match rule.frequency:
        case Frequency.DAILY:
            limit.spend(1)
            day = date.fromordinal(period)
            if _fits(day, rule):
                yield day
        case Frequency.WEEKLY:
            limit.spend(WEEK)
            wanted = rule.weekdays or {(0, first.weekday())}
            for n in range(WEEK):
                day = date.fromordinal(period * WEEK + 1 + n)
                if (0, day.weekday()) in wanted and _is_in_months(day, rule):
                    yield day
        case Frequency.MONTHLY:
            limit.spend(1)
            year, month = divmod(period, MONTHS)
            yield from _in_month(year, month + 1, first, rule, limit)
        case _:
            yield from _in_year(period, first, rule, limit)


def _fits(day: date, rule: RecurrenceRule) -> bool:
    length = monthrange(day.year, day.month)[1]
    by_date = not rule.days or not rule.days.isdisjoint((day.day, day.day - length - 1))
    by_weekday = not rule.weekdays or (0, day.weekday()) in rule.weekdays
    return by_date and by_weekday and _is_in_months(day, rule)


def _is_in_months(day: date, rule: RecurrenceRule) -> bool:
    return not rule.months or day.month in rule.months


def _in_year(year: int, first: date, rule: RecurrenceRule, limit: WorkLimit) -> Iterator[date]:
    if rule.weekdays and not rule.months and not rule.days:
        length = 366 if isleap(year) else 365
        begin = date(year, 1, 1).toordinal()
        limit.spend(length)
        for n in range(length):
            if _is_nth_weekday(begin + n, n, length, rule):
                yield date.fromordinal(begin + n)
        return
    all_months = range(1, MONTHS + 1) if rule.days else (first.month,)
    for month in sorted(rule.months) or all_months:
        yield from _in_month(year, month, first, rule, limit)


def _in_month(
    year: int, month: int, first: date, rule: RecurrenceRule, limit: WorkLimit
) -> Iterator[date]:
    if rule.months and month not in rule.months:
        return
    length = monthrange(year, month)[1]
    begin = date(year, month, 1).toordinal()
    limit.spend(length)
    wanted = rule.days if rule.days or rule.weekdays else {first.day}
    for n in range(length):
        by_date = not wanted or not wanted.isdisjoint((n + 1, n - length))
        if by_date and (not rule.weekdays or _is_nth_weekday(begin + n, n, length, rule)):
            yield date.fromordinal(begin + n)


def _is_nth_weekday(ordinal: int, n: int, length: int, rule: RecurrenceRule) -> bool:
    weekday = (ordinal - 1) % WEEK
    from_start = n // WEEK + 1
    from_end = (length - 1 - n) // WEEK + 1
    wanted = ((0, weekday), (from_start, weekday), (-from_end, weekday))
    return not rule.weekdays.isdisjoint(wanted)
