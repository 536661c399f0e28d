"""What there is to tell of questions that come by themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.model.rounds import Result
from bot.quiz.calendar.cron import Fire
from bot.quiz.calendar.holidays import Holiday, LeftOut
from bot.quiz.questions import Question
from bot.store.occurrences import Occurrence
from bot.store.people import Player
from bot.store.schedules import Schedule


@dataclass(frozen=True, slots=True)
class Solver:
    player: Player
    tries: int
    points: int
    streak: int
    """Days in a row, this one included."""


@dataclass(frozen=True, slots=True)
class DailyEnd:
    """How a daily ended: its round, and those who solved it in the order in which they did."""

    result: Result
    solvers: tuple[Solver, ...]
    figure: bytes | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A schedule with the zone it keeps now and the next times it asks."""

    schedule: Schedule
    zone: str
    fires: tuple[Fire, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """All schedules of a place, told to somebody in their own zone."""

    entries: tuple[Entry, ...]
    reader_zone: str
    titles: Mapping[str, str]
    """What the packs are called."""
    missed: tuple[Occurrence, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A date to come: its question, or why there is none."""

    schedule: Schedule
    day: date
    at: datetime
    question: Question | None
    pinned: bool = False
    off: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    slots: tuple[Slot, ...]
    reader_zone: str


@dataclass(frozen=True, slots=True)
class DaysOff:
    """The holidays of a place from today on."""

    days: tuple[Holiday, ...]
    changed: int = 0
    taken_back: bool = False
    left: tuple[LeftOut, ...] = ()
    """What was given and not taken."""
    too_late: bool = False
    """Whether today is among them, and something was asked today already."""
