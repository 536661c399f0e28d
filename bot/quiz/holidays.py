"""Days off, as people list them: dates, spans of dates, or the text of an .ics calendar."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.errors import UserError

MOST = 1000
LONGEST_NAME = 80
LONGEST_SPAN = 366
DAY = timedelta(days=1)
SHAPE = "Write dates like 2026-12-25 or 2026-12-24..2027-01-01, or paste the text of an .ics file."
_DATES = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?", re.ASCII)
_STAMP = re.compile(r"(\d{8})(T\d{6}Z?)?", re.ASCII)
_LENGTH = re.compile(r"P(?:(\d{1,3})W|(\d{1,3})D.*)", re.ASCII)
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Holiday:
    day: date
    name: str = ""


def read(text: str) -> tuple[Holiday, ...]:
    """Each day once, in order. A UserError names what cannot be read; nothing is taken then."""
    found = _calendar(text) if "BEGIN:VCALENDAR" in text.upper() else _listed(text)
    days: dict[date, Holiday] = {}
    for holiday in found:
        days.setdefault(holiday.day, holiday)
        if len(days) > MOST:
            raise UserError(f"That is more than {MOST} days. Give me fewer at once.")
    if not days:
        raise UserError(f"I found no day in that. {SHAPE}")
    return tuple(days[day] for day in sorted(days))


def _listed(text: str) -> Iterator[Holiday]:
    for word in re.split(r"[\s,;]+", text.strip()):
        found = _DATES.fullmatch(word)
        if word and not found:
            raise UserError(f"{word[:20]} is no date. {SHAPE}")
        if found:
            first = _date(found[1])
            yield from _span(first, _date(found[2]) if found[2] else first, "")


def _span(first: date, last: date, name: str) -> Iterator[Holiday]:
    if not 0 <= (last - first).days < LONGEST_SPAN:
        raise UserError(f"{first} to {last} is no span of at most {LONGEST_SPAN} days. {SHAPE}")
    for n in range((last - first).days + 1):
        yield Holiday(first + n * DAY, name)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"{text} is not in the calendar. {SHAPE}") from None


# Calendars: events that last whole days. An hour's appointment is no holiday, and what repeats is written out by year.


def _calendar(text: str) -> Iterator[Holiday]:
    event: dict[str, tuple[str, str]] | None = None
    for name, more, value in map(_property, _unfolded(text)):
        if name == "BEGIN" and value.upper() == "VEVENT":
            event = {}
        elif name == "END" and value.upper() == "VEVENT" and event is not None:
            yield from _event(event)
            event = None
        elif event is not None:
            event.setdefault(name, (more, value))


def _unfolded(text: str) -> list[str]:
    """A line that begins with a blank goes on with the line before."""
    return re.sub(r"\r?\n[ \t]", "", text).splitlines()


def _property(line: str) -> tuple[str, str, str]:
    """`DTSTART;VALUE=DATE:20261225`: its name, what stands after a semicolon, its value."""
    head, _, value = line.strip().partition(":")
    name, _, more = head.partition(";")
    return name.upper(), more.upper(), value.strip()


def _event(event: dict[str, tuple[str, str]]) -> Iterator[Holiday]:
    start = _STAMP.fullmatch(event.get("DTSTART", ("", ""))[1])
    if start is None or start[2] or event.get("STATUS", ("", ""))[1].upper() == "CANCELLED":
        return
    first = _day(start[1])
    yield from _span(first, _last(event, first), _name(event.get("SUMMARY", ("", ""))[1]))
    if "RRULE" in event and "FREQ=YEARLY" in event["RRULE"][1].upper():
        yield from _again(first, _name(event.get("SUMMARY", ("", ""))[1]))


def _last(event: dict[str, tuple[str, str]], first: date) -> date:
    """The end of an event is the day after its last one."""
    if end := _STAMP.fullmatch(event.get("DTEND", ("", ""))[1]):
        after = _day(end[1])
        return after - DAY if after > first else first
    if length := _LENGTH.fullmatch(event.get("DURATION", ("", ""))[1].upper()):
        days = 7 * int(length[1]) if length[1] else int(length[2])
        return first + min(max(0, days - 1), (date.max - first).days) * DAY
    return first


def _again(first: date, name: str) -> Iterator[Holiday]:
    """A day that comes back every year, for the next ten; the 29th of February only where there is one."""
    for year in range(first.year + 1, min(first.year + 11, date.max.year)):
        if first.month != 2 or first.day != 29 or _is_leap(year):  # noqa: PLR2004 (the leap day)
            yield Holiday(first.replace(year=year), name)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 (a date has no zone)
    except ValueError:
        raise UserError(f"{text} in that calendar is no date. Export it again, or give me the dates.") from None


def _name(text: str) -> str:
    clean = _ESCAPED.sub(lambda mark: " " if mark[1] in "nN" else mark[1], text)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in clean).split())[:LONGEST_NAME]
