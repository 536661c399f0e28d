"""The daily question: what became of each date of a schedule."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.identity import Place
from bot.model.people import Player
from bot.model.rounds import RoundResult

OccurrenceState = Literal["due", "posted", "announced", "skipped", "missed"]


AWAY = "away"
SHUT_OUT = "shut out"
NOTHING_FITS = "nothing fits"
NOT_POSTED = "not posted"


@dataclass(frozen=True, slots=True)
class Occurrence:
    schedule_id: int
    day: date
    place: Place
    state: OccurrenceState
    reason: str
    due_at: datetime
    ends_at: datetime
    round_id: int | None

    @property
    def key(self) -> tuple[int, date]:
        return self.schedule_id, self.day


@dataclass(frozen=True, slots=True)
class NewOccurrence:
    schedule_id: int
    day: date
    state: OccurrenceState
    reason: str
    due_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Solver:
    player: Player
    tries: int
    points: int
    streak: int  # days in a row, this one included


@dataclass(frozen=True, slots=True)
class DailyResult:
    result: RoundResult
    solvers: tuple[Solver, ...]
    figure: bytes | None = None
