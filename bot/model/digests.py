"""The weekly digest of a place."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.identity import Place
from bot.model.boards import Board
from bot.model.people import Player
from bot.quiz.badges import Badge
from bot.quiz.questions import Question


@dataclass(frozen=True, slots=True)
class DigestSubscription:
    place_id: int
    place: Place
    zone: str | None
    paused: bool
    next_at: datetime


@dataclass(frozen=True, slots=True)
class HardestQuestion:
    question: Question
    solved: int
    answered: int


@dataclass(frozen=True, slots=True)
class Digest:
    place_id: int
    place: Place
    week: str
    monday: date
    board: Board
    hardest: HardestQuestion | None
    badges: tuple[tuple[Player, Badge], ...]

    @property
    def key(self) -> str:
        return f"digest:{self.place_id}:{self.week}"

    @property
    def empty(self) -> bool:
        return not (self.board.top or self.hardest or self.badges)
