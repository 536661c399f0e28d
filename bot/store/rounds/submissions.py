"""An answer on its way into the ledger, and what comes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.model.people import Player
from bot.model.rounds import Refusal, Sitting

# A round and a player
SittingKey = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SittingState:
    sitting: Sitting
    is_open: bool
    # When the question's key was last shown to them in another round
    seen_at: datetime | None = None
    solved_before: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    share: float
    points: int
    gain: int
    factors: dict[str, Any]
    solved: bool
    finished: bool
    days: tuple[date, ...] = ()
    """The local dates that this answer can count for: it counts for the first that is free."""


@dataclass(frozen=True, slots=True)
class Submission:
    act: str
    round_id: int
    player_id: int
    question: str
    answer: tuple[str, ...]
    at: datetime
    decide: Callable[[SittingState], Decision | Refusal]
    # Whether it comes after the round's time: then nobody joins by it
    late: bool = False
    # The dates it can count for if its player was linked to another one meanwhile
    countable: Callable[[Player, datetime], tuple[date, ...]] | None = None

    @property
    def key(self) -> SittingKey:
        return self.round_id, self.player_id


@dataclass(frozen=True, slots=True)
class RecordedAttempt:
    number: int
    decision: Decision
    sitting: Sitting
    # The day that it made count for a streak
    counted_day: date | None = None


SubmissionOutcome = RecordedAttempt | Refusal
