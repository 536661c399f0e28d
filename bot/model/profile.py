"""A member’s profile, and how a score came about."""

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
    finished: FinishedSitting
    question: Question


@dataclass(frozen=True, slots=True)
class Profile:
    player: Player
    zone: str
    coming: tuple[date, str] | None  # the zone still to come into force, and from which day on
    points: int
    streak: Streak
    badges: tuple[Badge, ...]
    by_kind: dict[str, Accuracy]
    by_level: dict[str, Accuracy]
    recent: tuple[RecentScore, ...]


@dataclass(frozen=True, slots=True)
class ScoreExplained:
    question: Question
    given: Attempt
    factors: Factors
    tries: int
