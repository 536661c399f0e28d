"""Schedules, and the dates that they ask on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.identity import Place
from bot.model.daily import Occurrence
from bot.model.places import AnswerStyle
from bot.quiz.calendar.cron import DueTime
from bot.quiz.calendar.holidays import Holiday, SkippedHolidays
from bot.quiz.questions import Question


@dataclass(frozen=True, slots=True)
class Schedule:
    id: int
    place: Place
    place_id: int
    cron: str
    own_zone: str | None
    place_zone: str | None
    packs: tuple[str, ...]
    levels: tuple[str, ...]
    minutes: int  # that its questions stay open
    answers: AnswerStyle | None
    paused: bool
    removed: bool
    next_day: date | None
    next_at: datetime | None
    shut_out: bool  # the bot is let into its place no more

    def zone(self, default: str) -> str:
        return self.own_zone or self.place_zone or default


@dataclass(frozen=True, slots=True)
class ScheduleEntry:
    schedule: Schedule
    zone: str
    next_times: tuple[DueTime, ...]


@dataclass(frozen=True, slots=True)
class ScheduleList:
    entries: tuple[ScheduleEntry, ...]
    reader_zone: str
    titles: Mapping[str, str]  # of packs, by their names
    missed: tuple[Occurrence, ...] = ()


@dataclass(frozen=True, slots=True)
class PreviewDay:
    schedule: Schedule
    day: date
    at: datetime
    question: Question | None
    pinned: bool = False
    off: str = ""


@dataclass(frozen=True, slots=True)
class SchedulePreview:
    slots: tuple[PreviewDay, ...]
    reader_zone: str


@dataclass(frozen=True, slots=True)
class DaysOff:
    days: tuple[Holiday, ...]
    changed: int = 0
    taken_back: bool = False
    skipped: tuple[SkippedHolidays, ...] = ()  # given, but not taken
    too_late: bool = False  # today is among them, and today's question has come already


@dataclass(frozen=True, slots=True)
class WantedSchedule:
    at: str = ""
    days: str = ""
    cron: str = ""
    zone: str = ""
    packs: str = ""
    levels: str = ""
    lasts: str = ""
    answers: str = ""
