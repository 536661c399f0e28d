"""Calendars as files, as far as days off stand in them: whole days, once or again and again."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from bot.quiz.calendar.rrule import RecurrenceRule, WorkLimit, dates, repeat

DAY = timedelta(days=1)
AHEAD = 5
"""Years for which what comes again and again is written out."""
LONGEST_SPAN = 366
LONGEST_NAME = 80
MIDNIGHT = "000000"
_LINE = re.compile(r'([A-Za-z0-9-]+)((?:;(?:[^":]|"[^"]*")*)?):(.*)', re.DOTALL)
_FOLD = re.compile(r"(?:\r\n|\n|\r)[ \t]")
_STAMP = re.compile(r"(\d{8})(?:T(\d{6})Z?)?", re.ASCII)
_LENGTH = re.compile(
    r"\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:0{1,2}M)?(?:0{1,2}S)?)?", re.ASCII
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
Lines = defaultdict[str, list[str]]


class SkippedReason(StrEnum):
    """Why something in a calendar was left out."""

    OVER = "over"
    HOURS = "hours"
    """It has hours: an appointment is no day off."""
    CANCELLED = "cancelled"
    UNREADABLE = "unreadable"
    """It has no date, or one that is in no calendar."""
    LONG = "long"
    REPEATS = "repeats"
    """How it comes again is not known here, so that only its own date was taken."""


@dataclass(frozen=True, slots=True)
class IcsEvent:
    """Days off as they are written: the first ones, and how they come again."""

    name: str
    uid: str
    first: date
    days: int
    rule: RecurrenceRule | None = None
    more: tuple[date, ...] = ()
    without: frozenset[date] = frozenset()
    instead_of: date | None = None
    """The date of a series that this one is told for."""
    cancelled: bool = False


@dataclass(slots=True)
class IcsDays:
    """The days of a calendar with their names, and what was left out."""

    days: list[tuple[date, str]] = field(default_factory=list)
    left: list[tuple[SkippedReason, str]] = field(default_factory=list)


def found(text: str, today: date) -> IcsDays:
    told, events = IcsDays(), []
    for lines in _events(text):
        event = _event(lines, told)
        if event is not None:
            events.append(event)
    replaced = defaultdict(set)
    for event in events:
        if event.uid and event.instead_of:
            replaced[event.uid].add(event.instead_of)
    patience = WorkLimit()
    for event in events:
        if event.cancelled:
            told.left.append((SkippedReason.CANCELLED, event.name))
        else:
            elsewhere = set() if event.instead_of else replaced[event.uid]
            _write_out(event, elsewhere, today, told, patience)
    return told


def _write_out(
    event: IcsEvent, elsewhere: set[date], today: date, told: IcsDays, patience: WorkLimit
) -> None:
    span = (event.days - 1) * DAY
    since = today - span if today - date.min > span else date.min
    starts = {event.first, *event.more}
    if event.rule is not None:
        last = date(min(today.year + AHEAD, date.max.year - 1), 12, 31)
        starts.update(dates(event.first, event.rule, since, last, patience))
    patience.spend(event.days * len(starts))
    ahead = [
        (start + n * DAY, event.name)
        for start in sorted(starts - event.without - elsewhere)
        for n in range(min(event.days, (date.max - start).days + 1))
        if start + n * DAY >= today
    ]
    told.days += ahead
    if not ahead:
        told.left.append((SkippedReason.OVER, event.name))


# Lines


def _events(text: str) -> Iterator[Lines]:
    """What stands in each event itself, and not in its alarms or in the zones beside it."""
    inside: list[str] = []
    event: Lines = defaultdict(list)
    for name, value in _properties(text):
        if name == "BEGIN":
            inside.append(value.upper())
            if inside[-1] == "VEVENT":
                event = defaultdict(list)
        elif name == "END":
            ended = inside.pop() if inside else ""
            if ended == "VEVENT" == value.upper():
                yield event
        elif inside and inside[-1] == "VEVENT":
            event[name].append(value)


def _properties(text: str) -> Iterator[tuple[str, str]]:
    """`DTSTART;VALUE=DATE:20261225`: its name and its value. A line that begins with a blank goes on with the one before."""
    for line in re.split(r"\r\n|\n|\r", _FOLD.sub("", text)):
        if found_ := _LINE.fullmatch(line.strip()):
            yield found_[1].upper(), found_[3].strip()


def _event(lines: Lines, told: IcsDays) -> IcsEvent | None:
    name = _name(_one(lines, "SUMMARY"))
    try:
        read = _days(lines)
    except ValueError:
        told.left.append((SkippedReason.UNREADABLE, name))
        return None
    if isinstance(read, SkippedReason):
        told.left.append((read, name))
        return None
    first, days = read
    if days > LONGEST_SPAN:
        told.left.append((SkippedReason.LONG, name))
        return None
    return IcsEvent(
        name,
        _one(lines, "UID"),
        first,
        days,
        _rule(lines, name, told),
        tuple(_stamps(lines["RDATE"])),
        frozenset(_stamps(lines["EXDATE"])),
        next(_stamps(lines["RECURRENCE-ID"]), None),
        cancelled=_one(lines, "STATUS").upper() == "CANCELLED",
    )


def _one(lines: Lines, name: str) -> str:
    return lines[name][0] if lines[name] else ""


def _days(lines: Lines) -> tuple[date, int] | SkippedReason:
    """The first day and how many they are, if they are whole ones."""
    begin, end = _STAMP.fullmatch(_one(lines, "DTSTART")), _STAMP.fullmatch(_one(lines, "DTEND"))
    if begin is None:
        return SkippedReason.UNREADABLE
    first = date.fromisoformat(begin[1])
    if end is not None:
        if not _is_midnight(begin) or not _is_midnight(end):
            return SkippedReason.HOURS
        after = date.fromisoformat(end[1])
        moment = begin[2] and after == first
        return (
            SkippedReason.HOURS
            if moment and not _is_all_day(lines)
            else (first, max(1, (after - first).days))
        )
    length = _LENGTH.fullmatch(_one(lines, "DURATION").upper())
    hours = _hours(length) if length else 0
    if not _is_midnight(begin) or hours % 24 or (begin[2] and not hours and not _is_all_day(lines)):
        return SkippedReason.HOURS
    return first, max(1, hours // 24)


def _is_midnight(stamp: re.Match[str]) -> bool:
    """Some write whole days as from midnight to midnight."""
    return stamp[2] in (None, MIDNIGHT)


def _is_all_day(lines: Lines) -> bool:
    return _one(lines, "X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE"


def _hours(length: re.Match[str]) -> int:
    weeks, days, hours = (int(part or 0) for part in length.groups())
    return (weeks * 7 + days) * 24 + hours


def _rule(lines: Lines, name: str, told: IcsDays) -> RecurrenceRule | None:
    """How it comes again; a second rule beside the first is more than is known here."""
    rules: Sequence[str] = lines["RRULE"]
    if not rules and not lines["EXRULE"]:
        return None
    if len(rules) == 1 and not lines["EXRULE"]:
        with suppress(ValueError):
            return repeat(rules[0])
    told.left.append((SkippedReason.REPEATS, name))
    return None


def _stamps(values: Sequence[str]) -> Iterator[date]:
    """Those that can be read, of lists of dates."""
    for each in ",".join(values).split(","):
        read = _STAMP.match(each.strip())
        if read is not None:
            try:
                yield date.fromisoformat(read[1])
            except ValueError:
                continue


def _name(text: str) -> str:
    clean = _ESCAPED.sub(lambda mark: " " if mark[1] in "nN" else mark[1], text)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in clean).split())[
        :LONGEST_NAME
    ]
