"""Days off, as people give them: dates, spans of dates, or an .ics calendar, as text or as a file."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.errors import UserError
from bot.quiz.calendar.ics import DAY, LONGEST_SPAN, SkippedReason, found

MOST = 1000
SAMPLES = 3
"""Names that are told of what was left out for one reason."""
SHAPE = (
    "Write dates like 2026-12-25 or 2026-12-24..2027-01-01, or give me an .ics file or its text."
)
NO_CALENDAR = "That file is no calendar: it has no BEGIN:VCALENDAR. Export it as .ics (iCalendar) and send that."
_DATES = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?", re.ASCII)
_FOLD = re.compile(rb"(?:\r\n|\n|\r)[ \t]")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class Holiday:
    day: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many were left out for one reason, and some of their names."""

    why: SkippedReason
    count: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedHolidays:
    """Each day from today on once, in order, and what was not taken."""

    days: tuple[Holiday, ...]
    left: tuple[LeftOut, ...] = ()


def read(text: str, today: date) -> ParsedHolidays:
    """A UserError names what cannot be read, and what keeps a calendar from having any day; nothing is taken then."""
    text = text.removeprefix("\ufeff")
    if not _is_calendar(text):
        return _reading([(each.day, each.name) for each in _listed(text)], [], today)
    told = found(text, today)
    return _reading(told.days, told.left, today)


def words(data: bytes) -> str:
    """A calendar's file as text. Lines are put together first: some programs fold them in the middle of a letter."""
    if coding := _MARKS.get(data[:2]):
        text = data.decode(coding, "replace")
    else:
        whole = _FOLD.sub(b"", data)
        try:
            text = whole.decode()
        except UnicodeDecodeError:
            text = whole.decode("latin-1")
    if not _is_calendar(text):
        raise UserError(NO_CALENDAR)
    return text


def _is_calendar(text: str) -> bool:
    return "BEGIN:VCALENDAR" in text.upper()


def _reading(
    every: list[tuple[date, str]], left: list[tuple[SkippedReason, str]], today: date
) -> ParsedHolidays:
    days: dict[date, str] = {}
    for day, name in every:
        if day >= today:
            days.setdefault(day, name)
            if len(days) > MOST:
                raise UserError(f"That is more than {MOST} days. Give me fewer at once.")
        else:
            left.append((SkippedReason.OVER, str(day)))
    told = tuple(_left_out(left))
    if not days:
        raise UserError(" ".join(["I found no day to come in that.", *map(why, told), SHAPE]))
    return ParsedHolidays(tuple(Holiday(day, days[day]) for day in sorted(days)), told)


def _left_out(left: list[tuple[SkippedReason, str]]) -> Iterator[LeftOut]:
    for reason, count in Counter(each for each, _ in left).items():
        names = dict.fromkeys(name for each, name in left if each is reason and name)
        yield LeftOut(reason, count, tuple(names)[:SAMPLES])


def why(left: LeftOut) -> str:
    """In a sentence, for people."""
    said = {
        SkippedReason.OVER: "{} left out because it is over.|{} left out because they are over.",
        SkippedReason.HOURS: "{} left out because it has hours, and only whole days are days off.|"
        "{} left out because they have hours, and only whole days are days off.",
        SkippedReason.CANCELLED: "{} left out because it is cancelled there.|{} left out because they are cancelled there.",
        SkippedReason.UNREADABLE: "{} left out because it has no date that I can read.|"
        "{} left out because they have no date that I can read.",
        SkippedReason.LONG: f"{{}} left out because it lasts longer than {LONGEST_SPAN} days.|"
        f"{{}} left out because they last longer than {LONGEST_SPAN} days.",
        SkippedReason.REPEATS: "{} comes again in a way that I cannot read: I took its own date alone.|"
        "{} come again in a way that I cannot read: I took their own dates alone.",
    }[left.why].split("|")
    listed = ", ".join(left.names)
    more = " …" if left.count > len(left.names) else ""
    return said[left.count > 1].format(f"{left.count}{f' ({listed}{more})' if listed else ''}")


def _listed(text: str) -> Iterator[Holiday]:
    for word in re.split(r"[\s,;]+", text.strip()):
        written = _DATES.fullmatch(word)
        if word and not written:
            raise UserError(f"{word[:20]} is no date. {SHAPE}")
        if written:
            first = _date(written[1])
            yield from _span(first, _date(written[2]) if written[2] else first)


def _span(first: date, last: date) -> Iterator[Holiday]:
    if not 0 <= (last - first).days < LONGEST_SPAN:
        raise UserError(f"{first} to {last} is no span of at most {LONGEST_SPAN} days. {SHAPE}")
    for n in range((last - first).days + 1):
        yield Holiday(first + n * DAY)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"{text} is not in the calendar. {SHAPE}") from None
