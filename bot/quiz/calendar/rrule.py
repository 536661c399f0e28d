"""How an event of a calendar comes again: as much of RFC 5545 as days off are written in."""

import re
from calendar import isleap, monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.errors import UserError

Every = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
EVERY: Mapping[str, Every] = {
    "DAILY": "DAILY",
    "WEEKLY": "WEEKLY",
    "MONTHLY": "MONTHLY",
    "YEARLY": "YEARLY",
}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"})
WEEK, MONTHS = 7, 12
MOST = 300_000
"""Dates that are looked at for one calendar, whatever it asks for."""
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,6}", re.ASCII)


class WorkLimit:
    """How much is still looked at. A calendar that wants more than that was not made for people."""

    def __init__(self, left: int = MOST) -> None:
        self._left = left

    def spend(self, dates: int) -> None:
        self._left -= dates
        if self._left < 0:
            raise UserError(
                "That calendar repeats too much to be about days off. Give me the dates themselves."
            )


@dataclass(frozen=True, slots=True)
class RecurrenceRule:
    every: Every
    interval: int
    count: int | None
    until: date | None
    months: frozenset[int]
    days: frozenset[int]
    """Of the month; below nothing they are counted from its end."""
    weekdays: frozenset[tuple[int, int]]
    """Which one of its kind, and Monday's zero to Sunday's six; the nothing-th is every one."""


def repeat(text: str) -> RecurrenceRule:
    """A ValueError for whatever is not known here: a date must not be guessed."""
    parts = dict(_pair(each) for each in text.upper().strip().rstrip(";").split(";"))
    every = EVERY.get(parts.get("FREQ", ""))
    if every is None or not set(parts) <= KNOWN:
        raise ValueError(text)
    read = RecurrenceRule(
        every,
        _number(parts.get("INTERVAL", "1"), 1),
        _number(parts["COUNT"], 1) if "COUNT" in parts else None,
        date.fromisoformat(parts["UNTIL"][:8]) if "UNTIL" in parts else None,
        frozenset(_numbers(parts, "BYMONTH", 12)),
        frozenset(_numbers(parts, "BYMONTHDAY", 31)),
        frozenset(_weekdays(parts)),
    )
    if not _is_clear(read, parts):
        raise ValueError(text)
    return read


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name.strip(), value.strip()


def _number(text: str, least: int) -> int:
    if not _NUMBER.fullmatch(text) or int(text) < least:
        raise ValueError(text)
    return int(text)


def _numbers(parts: Mapping[str, str], name: str, most: int) -> Iterator[int]:
    for each in parts[name].split(",") if name in parts else ():
        number = _number(each, -most)
        if not number or number > most:
            raise ValueError(each)
        yield number


def _weekdays(parts: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    for each in parts["BYDAY"].split(",") if "BYDAY" in parts else ():
        found = _WEEKDAY.fullmatch(each.strip())
        if found is None:
            raise ValueError(each)
        yield int(found[1] or 0), WEEKDAYS.index(found[2])


def _is_clear(read: RecurrenceRule, parts: Mapping[str, str]) -> bool:
    """Whether all of it means something together, and the same to everybody."""
    counted = any(nth for nth, _ in read.weekdays)
    unclear = {
        "DAILY": counted,
        "WEEKLY": counted
        or bool(read.days)
        or (read.interval > 1 and parts.get("WKST", "MO") != "MO"),
        "MONTHLY": False,
        "YEARLY": counted and bool(read.days) and not read.months,  # in the month, or in the year?
    }
    return not unclear[read.every] and all(month > 0 for month in read.months)


def dates(
    first: date, rule: RecurrenceRule, since: date, last: date, patience: WorkLimit
) -> Iterator[date]:
    """In their order, up to the last; what lies before `since` is passed over where it need not be counted."""
    begin, end = _period(first, rule.every), _period(min(last, rule.until or last), rule.every)
    if rule.count is None:
        begin += max(0, _period(since, rule.every) - begin) // rule.interval * rule.interval
    left = rule.count
    for period in range(begin, end + 1, rule.interval):
        for day in _within(period, first, rule, patience):
            if day < first:
                continue
            if day > min(last, rule.until or last) or left == 0:
                return
            left = None if left is None else left - 1
            if day >= since:
                yield day


def _period(day: date, every: Every) -> int:
    """Days, weeks, months or years, numbered from the first of all."""
    return {
        "DAILY": day.toordinal(),
        "WEEKLY": (day.toordinal() - 1) // WEEK,
        "MONTHLY": day.year * MONTHS + day.month - 1,
        "YEARLY": day.year,
    }[every]


def _within(period: int, first: date, rule: RecurrenceRule, patience: WorkLimit) -> Iterator[date]:
    match rule.every:
        case "DAILY":
            patience.spend(1)
            yield from (day for day in (date.fromordinal(period),) if _fits(day, rule))
        case "WEEKLY":
            patience.spend(WEEK)
            wanted = rule.weekdays or {(0, first.weekday())}
            week = (date.fromordinal(period * WEEK + 1 + n) for n in range(WEEK))
            yield from (
                day for day in week if (0, day.weekday()) in wanted and _in_months(day, rule)
            )
        case "MONTHLY":
            patience.spend(1)
            year, month = divmod(period, MONTHS)
            yield from _of_month(year, month + 1, first, rule, patience)
        case _:
            yield from _of_year(period, first, rule, patience)


def _fits(day: date, rule: RecurrenceRule) -> bool:
    length = monthrange(day.year, day.month)[1]
    by_date = not rule.days or not rule.days.isdisjoint((day.day, day.day - length - 1))
    return (
        by_date
        and _in_months(day, rule)
        and (not rule.weekdays or (0, day.weekday()) in rule.weekdays)
    )


def _in_months(day: date, rule: RecurrenceRule) -> bool:
    return not rule.months or day.month in rule.months


def _of_year(year: int, first: date, rule: RecurrenceRule, patience: WorkLimit) -> Iterator[date]:
    if rule.weekdays and not rule.months and not rule.days:
        length, begin = 366 if isleap(year) else 365, date(year, 1, 1).toordinal()
        patience.spend(length)
        yield from (
            date.fromordinal(begin + n)
            for n in range(length)
            if _is_nth(begin + n, n, length, rule)
        )
        return
    for month in sorted(rule.months) or (range(1, MONTHS + 1) if rule.days else (first.month,)):
        yield from _of_month(year, month, first, rule, patience)


def _of_month(
    year: int, month: int, first: date, rule: RecurrenceRule, patience: WorkLimit
) -> Iterator[date]:
    if rule.months and month not in rule.months:
        return
    length, begin = monthrange(year, month)[1], date(year, month, 1).toordinal()
    patience.spend(length)
    wanted = rule.days if rule.days or rule.weekdays else {first.day}
    for n in range(length):
        by_date = not wanted or not wanted.isdisjoint((n + 1, n - length))
        if by_date and (not rule.weekdays or _is_nth(begin + n, n, length, rule)):
            yield date(year, month, n + 1)


def _is_nth(ordinal: int, place: int, length: int, rule: RecurrenceRule) -> bool:
    """Whether it is such a weekday, counted from the beginning of its month or year or from the end."""
    weekday, last = (ordinal - 1) % WEEK, (length - 1 - place) // WEEK + 1
    return not rule.weekdays.isdisjoint(
        ((0, weekday), (place // WEEK + 1, weekday), (-last, weekday))
    )
