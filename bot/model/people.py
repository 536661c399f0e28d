"""What there is to tell of a member."""

from dataclasses import dataclass
from datetime import date

from bot.quiz.badges import Badge
from bot.quiz.judging.points import Factors
from bot.quiz.questions import Question
from bot.quiz.streaks import Streak
from bot.store.people import Player
from bot.store.profile import Finished
from bot.store.rounds import Given


@dataclass(frozen=True, slots=True)
class Accuracy:
    solved: int
    asked: int


@dataclass(frozen=True, slots=True)
class Score:
    """One finished sitting with its question."""

    finished: Finished
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
    recent: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """Where a score came from."""

    question: Question
    given: Given
    factors: Factors
    tries: int
