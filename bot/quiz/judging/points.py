"""What an answer is worth, and why."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.quiz.questions import Level

WORTH = {Level.BEGINNER: 50, Level.INTERMEDIATE: 100, Level.ADVANCED: 150, Level.EXPERT: 200}
TRIES = (1.0, 0.6, 0.4)
HINT = 0.8
SPEED = 0.2
REST = timedelta(days=30)  # how long a question pays a member nothing after they saw its key

Pays = Literal["yes", "practice", "seen"]


@dataclass(frozen=True, slots=True)
class Factors:
    worth: int
    share: float
    number: int
    hints: int
    speed: int
    pays: Pays

    @property
    def try_factor(self) -> float:
        return TRIES[min(self.number, len(TRIES)) - 1]

    @property
    def hint_factor(self) -> float:
        return HINT**self.hints

    @property
    def points(self) -> int:
        if self.pays != "yes":
            return 0
        return round(self.worth * self.share * self.try_factor * self.hint_factor) + self.speed


def score(level: Level, share: float, number: int, hints: int, left: float, pays: Pays) -> Factors:
    """`left` is the share of time left, 0 if speed does not count."""
    worth = WORTH[level]
    speed = round(worth * SPEED * share * min(1.0, max(0.0, left)))
    return Factors(worth, share, number, hints, speed, pays)
