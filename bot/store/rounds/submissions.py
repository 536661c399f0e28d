"""An answer on its way into the ledger, and what comes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.model.people import Player
from bot.model.rounds import Refusal, Sitting

SittingKey = tuple[int, int]
"""A round and a player."""


@dataclass(frozen=True, slots=True)
class SittingState:
    """What an answer is decided on: the member's sitting, and what they knew before."""

    sitting: Sitting
    is_open: bool
    seen_at: datetime | None = None
    """When the question's key was last shown to them in another round."""
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
    """An answer. `act` names it: the same act is written once."""

    act: str
    round_id: int
    player_id: int
    question: str
    answer: tuple[str, ...]
    at: datetime
    decide: Callable[[SittingState], Decision | Refusal]
    late: bool = False
    """Whether it comes after the round's time: then nobody joins by it."""
    countable: Callable[[Player, datetime], tuple[date, ...]] | None = None
    """The dates it can count for if its player was linked to another one meanwhile."""

    @property
    def key(self) -> SittingKey:
        return self.round_id, self.player_id


@dataclass(frozen=True, slots=True)
class RecordedAttempt:
    """An answer in the ledger, and the sitting after it."""

    number: int
    decision: Decision
    sitting: Sitting
    counted_day: date | None = None
    """The day that it made count for a streak."""


SubmissionOutcome = RecordedAttempt | Refusal
