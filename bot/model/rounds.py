"""A round, the sittings in it, and what an answer came to."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from bot.identity import MessageRef, Place
from bot.model.people import Player
from bot.model.streaks import StreakNews
from bot.quiz.files.proofs import ProofOutput
from bot.quiz.judging.judge import Answer
from bot.quiz.judging.points import Factors
from bot.quiz.questions import Question


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    pack: str | None = None
    level: str | None = None
    kind: str | None = None

    @property
    def code(self) -> str:
        """`pack.level.kind`, each of which may be empty, as buttons carry it."""
        return ".".join(part or "" for part in (self.pack, self.level, self.kind))

    @classmethod
    def decoded(cls, code: str) -> "QuestionFilter":
        pack, level, kind = (*(part or None for part in code.split(".")), None, None, None)[:3]
        return cls(pack, level, kind)


class Refusal(StrEnum):
    OVER = "over"
    SOLVED = "solved"
    SPENT = "spent"


RoundMode = Literal["live", "daily", "pack", "practice"]


RoundStatus = Literal["claimed", "open", "closed", "announced", "void"]


OPEN_STATUSES: tuple[RoundStatus, ...] = ("claimed", "open")


# A question that comes by itself and stands so long after its time is called late.
LATE_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Round:
    id: int
    mode: RoundMode
    status: RoundStatus
    place: Place
    zone: str | None
    question: Question
    owner: int | None
    take_id: int | None
    position: int | None
    speed: bool
    by_reaction: bool
    question_filter: str  # a code of QuestionFilter, so that another such question can be asked for
    opened_at: datetime
    closes_at: datetime | None
    closed_at: datetime | None
    message_id: str | None
    due_at: datetime | None = None  # when a schedule wanted it asked

    @property
    def in_public(self) -> bool:
        return self.owner is None

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and self.opened_at - self.due_at > LATE_AFTER

    @property
    def tries(self) -> int:
        # A reaction is counted once.
        return 1 if self.by_reaction else self.question.tries

    @property
    def is_open(self) -> bool:
        # Claimed too: its card may be posted a moment before its row says so.
        return self.status in OPEN_STATUSES

    @property
    def is_over(self) -> bool:
        # The key is no secret any more.
        return self.status in ("closed", "announced")

    @property
    def message(self) -> MessageRef | None:
        return MessageRef(self.place, self.message_id) if self.message_id else None


@dataclass(frozen=True, slots=True)
class Sitting:
    round_id: int
    player_id: int
    tries_used: int = 0
    hints_taken: int = 0
    points: int = 0
    share: float = 0.0
    solved: bool = False
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoundProgress:
    joined: int
    finished: int


@dataclass(frozen=True, slots=True)
class Attempt:
    round_id: int
    player_id: int
    number: int
    answer: tuple[str, ...]
    share: float
    points: int
    gain: int
    factors: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    round: Round
    answer: Answer
    sitting: Sitting
    refusal: Refusal | None = None
    share: float = 0.0
    factors: Factors | None = None
    read_as: str = ""
    counted: StreakNews | None = None  # where it made a day count

    @property
    def tries_left(self) -> int:
        return 0 if self.finished else self.round.tries - self.sitting.tries_used

    @property
    def finished(self) -> bool:
        return self.sitting.finished_at is not None


@dataclass(frozen=True, slots=True)
class HintsShown:
    round: Round
    shown: tuple[str, ...]
    free: bool


@dataclass(frozen=True, slots=True)
class ProofShown:
    question: Question
    seen: ProofOutput | None


@dataclass(frozen=True, slots=True)
class RoundResult:
    round: Round
    joined: int
    solved: int
    chosen: Counter[str]
    first: Player | None
    first_after: timedelta | None
