"""Reminders of an open daily question."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.identity import Person, Place
from bot.quiz.questions import Question


@dataclass(frozen=True, slots=True)
class Reminder:
    player_id: int
    hour: int
    person: Person
    place: Place
    next_at: datetime
    refused_at: datetime | None  # their platform let none through: none is tried since


@dataclass(frozen=True, slots=True)
class OpenDaily:
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
