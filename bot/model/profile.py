"""A member’s profile: totals, accuracy, recent scores, and how a score came about."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.model.people import Player
from bot.model.rounds import Attempt
from bot.quiz.badges import Badge
from bot.quiz.judging.points import Factors
from bot.quiz.questions import Question
from bot.quiz.streaks import Streak


@dataclass(frozen=True, slots=True)
class FinishedSitting:
    """One finished sitting, for accuracy and the recent list."""

    round_id: int
    mode: str
    question: str
    digest: str
    solved: bool
    points: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Accuracy:
    solved: int
    asked: int


@dataclass(frozen=True, slots=True)
class RecentScore:
    """One finished sitting with its question."""

    finished: FinishedSitting
    question: Question


@dataclass(frozen=True, slots=True)
class Profile:
    player: Player
    zone: str
    coming: tuple[date, str] | None
    """The zone that is still to come into force, and the day from which on."""
    points: int
    streak: Streak
    badges: tuple[Badge, ...]
    by_kind: dict[str, Accuracy]
    by_level: dict[str, Accuracy]
    recent: tuple[RecentScore, ...]


@dataclass(frozen=True, slots=True)
class ScoreExplained:
    """Where a score came from."""

    question: Question
    given: Attempt
    factors: Factors
    tries: int
