"""Reminders of an open daily question."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.identity import Person, Place
from bot.quiz.questions import Question


@dataclass(frozen=True, slots=True)
class Reminder:
    """Somebody's wish: at which hour, and where they are found."""

    player_id: int
    hour: int
    person: Person
    place: Place
    next_at: datetime
    refused_at: datetime | None
    """When their platform would not let a reminder through; none is tried after that."""


@dataclass(frozen=True, slots=True)
class OpenDaily:
    """A daily question that a member can still answer."""

    question: Question
    place: Place
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class ReminderMessage:
    player_id: int
    day: date
    person: Person
    place: Place
    dailies: tuple[OpenDaily, ...]

    @property
    def key(self) -> str:
        return f"remind:{self.player_id}:{self.day}"
