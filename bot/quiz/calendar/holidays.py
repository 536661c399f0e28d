"""Days off: dates, spans of dates, or an .ics calendar."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.errors import UserError
from bot.quiz.calendar.ics import LONGEST_SPAN, SkippedReason, parse_ics
from bot.quiz.calendar.local_days import DAY

MOST = 1000
SAMPLES = 3  # Names that are given of what was skipped for one reason.
_DATES = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?", re.ASCII)
_FOLD = re.compile(rb"(?:\r\n|\n|\r)[ \t]")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Holiday:
    day: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class SkippedHolidays:
    reason: SkippedReason
    count: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedHolidays:
    days: tuple[Holiday, ...]
    skipped: tuple[SkippedHolidays, ...] = ()


def parse_holidays(text: str, today: date) -> ParsedHolidays:
    """All or nothing: where one date cannot be read, none is taken."""
    text = text.removeprefix("\ufeff")
    if not _is_calendar(text):
        return _parsed([(each.day, each.name) for each in _dates(text)], [], today)
    found = parse_ics(text, today)
    return _parsed(found.days, found.skipped, today)


def decode_calendar(data: bytes) -> str:
    # Lines are unfolded first: some programs fold them in the middle of a letter.
    if data.startswith(_UTF16_MARKS):
        text = data.decode("utf-16", "replace")
    else:
        unfolded = _FOLD.sub(b"", data)
        try:
            text = unfolded.decode()
        except UnicodeDecodeError:
            text = unfolded.decode("latin-1")
    if not _is_calendar(text):
        raise UserError("file_is_no_calendar")
    return text


def _is_calendar(text: str) -> bool:
    return "BEGIN:VCALENDAR" in text.upper()


def _parsed(
    found: Sequence[tuple[date, str]], skipped: list[tuple[SkippedReason, str]], today: date
) -> ParsedHolidays:
    days: dict[date, str] = {}
    for day, name in found:
        if day < today:
            skipped.append((SkippedReason.OVER, str(day)))
            continue
        days.setdefault(day, name)
        if len(days) > MOST:
            raise UserError("too_many_holidays", most=MOST)
    grouped = tuple(_grouped(skipped))
    if not days:
        raise UserError("no_holiday_to_come", skipped=grouped)
    return ParsedHolidays(tuple(Holiday(day, days[day]) for day in sorted(days)), grouped)


def _grouped(skipped: Sequence[tuple[SkippedReason, str]]) -> Iterator[SkippedHolidays]:
    names: dict[SkippedReason, list[str]] = defaultdict(list)
    for reason, name in skipped:
        names[reason].append(name)
    for reason, all_names in names.items():
        different = tuple(dict.fromkeys(filter(None, all_names)))
        yield SkippedHolidays(reason, len(all_names), different[:SAMPLES])


def _dates(text: str) -> Iterator[Holiday]:
    for word in re.split(r"[\s,;]+", text.strip()):
        written = _DATES.fullmatch(word)
        if written:
            first = _date(written[1])
            yield from _span(first, _date(written[2]) if written[2] else first)
        elif word:
            raise UserError("holiday_unreadable", text=word[:20])


def _span(first: date, last: date) -> Iterator[Holiday]:
    length = (last - first).days + 1
    if not 1 <= length <= LONGEST_SPAN:
        raise UserError("holidays_no_span", first=first, last=last, most=LONGEST_SPAN)
    for n in range(length):
        yield Holiday(first + n * DAY)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError("holiday_no_date", text=text) from None
