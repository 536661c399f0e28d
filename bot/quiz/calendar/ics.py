"""Calendar files (iCalendar): days off, once or repeated."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.quiz.calendar.local_days import DAY
from bot.quiz.calendar.rrule import RecurrenceRule, WorkLimit, occurrences, parse_rrule

YEARS_AHEAD = 5  # For so long what repeats is written out.
LONGEST_SPAN = 366
LONGEST_NAME = 80
MIDNIGHT = "000000"
_LINE = re.compile(r'([A-Za-z0-9-]+)((?:;(?:[^":]|"[^"]*")*)?):(.*)', re.DOTALL)
_FOLD = re.compile(r"(?:\r\n|\n|\r)[ \t]")
_TIMESTAMP = re.compile(r"(\d{8})(?:T(\d{6})Z?)?", re.ASCII)
_DURATION = re.compile(
    r"\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:0{1,2}M)?(?:0{1,2}S)?)?", re.ASCII
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
Properties = defaultdict[str, list[str]]


class SkippedReason(StrEnum):
    OVER = "over"
    HOURS = "hours"  # An appointment is no day off.
    CANCELLED = "cancelled"
    UNREADABLE = "unreadable"  # It has no date, or one that does not exist.
    LONG = "long"
    REPEATS = "repeats"  # Its recurrence rule is not known here, so only its own date was taken.


@dataclass(frozen=True, slots=True)
class IcsEvent:
    name: str
    uid: str
    first: date
    days: int
    rule: RecurrenceRule | None = None
    extra: tuple[date, ...] = ()
    excluded: frozenset[date] = frozenset()
    replaces: date | None = None  # the date of its series that this event stands for
    cancelled: bool = False


@dataclass(slots=True)
class IcsDays:
    days: list[tuple[date, str]] = field(default_factory=list)
    skipped: list[tuple[SkippedReason, str]] = field(default_factory=list)


def parse_ics(text: str, today: date) -> IcsDays:
    result = IcsDays()
    parsed = [_event(properties, result) for properties in _events(text)]
    events = [event for event in parsed if event is not None]
    replaced = defaultdict(set)
    for event in events:
        if event.uid and event.replaces:
            replaced[event.uid].add(event.replaces)
    limit = WorkLimit()
    for event in events:
        if event.cancelled:
            result.skipped.append((SkippedReason.CANCELLED, event.name))
        else:
            elsewhere = set() if event.replaces else replaced[event.uid]
            _add_event_days(event, elsewhere, today, result, limit)
    return result


def _add_event_days(
    event: IcsEvent, elsewhere: set[date], today: date, result: IcsDays, limit: WorkLimit
) -> None:
    span = (event.days - 1) * DAY
    since = today - span if today - date.min > span else date.min
    starts = {event.first, *event.extra}
    if event.rule is not None:
        last = date(min(today.year + YEARS_AHEAD, date.max.year - 1), 12, 31)
        starts.update(occurrences(event.first, event.rule, since, last, limit))
    limit.spend(event.days * len(starts))
    before = len(result.days)
    for start in sorted(starts - event.excluded - elsewhere):
        length = min(event.days, (date.max - start).days + 1)
        days = (start + n * DAY for n in range(length))
        result.days += [(day, event.name) for day in days if day >= today]
    if len(result.days) == before:
        result.skipped.append((SkippedReason.OVER, event.name))


# Lines


def _events(text: str) -> Iterator[Properties]:
    # The properties of each event itself, not those of its alarms or of zones.
    inside: list[str] = []
    event: Properties = defaultdict(list)
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
    # such as `DTSTART;VALUE=DATE:20261225`
    for line in re.split(r"\r\n|\n|\r", _FOLD.sub("", text)):
        if found := _LINE.fullmatch(line.strip()):
            yield found[1].upper(), found[3].strip()


def _event(properties: Properties, result: IcsDays) -> IcsEvent | None:
    name = _name(_first(properties, "SUMMARY"))
    try:
        span = _span(properties)
    except ValueError:
        span = SkippedReason.UNREADABLE
    if not isinstance(span, SkippedReason) and span[1] > LONGEST_SPAN:
        span = SkippedReason.LONG
    if isinstance(span, SkippedReason):
        result.skipped.append((span, name))
        return None
    return IcsEvent(
        name,
        _first(properties, "UID"),
        *span,
        _rule(properties, name, result),
        tuple(_dates(properties["RDATE"])),
        frozenset(_dates(properties["EXDATE"])),
        next(_dates(properties["RECURRENCE-ID"]), None),
        cancelled=_first(properties, "STATUS").upper() == "CANCELLED",
    )


def _first(properties: Properties, name: str) -> str:
    return properties[name][0] if properties[name] else ""


def _span(properties: Properties) -> tuple[date, int] | SkippedReason:
    start = _TIMESTAMP.fullmatch(_first(properties, "DTSTART"))
    end = _TIMESTAMP.fullmatch(_first(properties, "DTEND"))
    if start is None:
        return SkippedReason.UNREADABLE
    first = date.fromisoformat(start[1])
    if not _is_midnight(start) or (end and not _is_midnight(end)):
        return SkippedReason.HOURS
    if end is not None:
        hours = (date.fromisoformat(end[1]) - first).days * 24
    else:
        duration = _DURATION.fullmatch(_first(properties, "DURATION").upper())
        hours = _hours(duration) if duration else 0
    is_moment = start[2] and not hours and not _is_all_day(properties)
    if hours % 24 or is_moment:
        return SkippedReason.HOURS
    return first, max(1, hours // 24)


def _is_midnight(timestamp: re.Match[str]) -> bool:
    # Some programs write whole days as from midnight to midnight.
    return timestamp[2] in (None, MIDNIGHT)


def _is_all_day(properties: Properties) -> bool:
    return _first(properties, "X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE"


def _hours(duration: re.Match[str]) -> int:
    weeks, days, hours = (int(part or 0) for part in duration.groups())
    return (weeks * 7 + days) * 24 + hours


def _rule(properties: Properties, name: str, result: IcsDays) -> RecurrenceRule | None:
    rules: Sequence[str] = properties["RRULE"]
    if not rules and not properties["EXRULE"]:
        return None
    if len(rules) == 1 and not properties["EXRULE"]:
        with suppress(ValueError):
            return parse_rrule(rules[0])
    result.skipped.append((SkippedReason.REPEATS, name))
    return None


def _dates(values: Sequence[str]) -> Iterator[date]:
    for value in ",".join(values).split(","):
        if found := _TIMESTAMP.match(value.strip()):
            with suppress(ValueError):
                yield date.fromisoformat(found[1])


def _name(text: str) -> str:
    plain = _ESCAPED.sub(lambda escaped: " " if escaped[1] in "nN" else escaped[1], text)
    printable = "".join(sign if sign.isprintable() else " " for sign in plain)
    return " ".join(printable.split())[:LONGEST_NAME]
