"""A week in a place, looked back upon."""

from dataclasses import dataclass
from datetime import date

from bot.identity import Place
from bot.quiz.badges import Badge
from bot.store.boards import Board
from bot.store.digests import Hardest
from bot.store.people import Player


@dataclass(frozen=True, slots=True)
class Digest:
    room_id: int
    place: Place
    week: str
    monday: date
    board: Board
    hardest: Hardest | None
    badges: tuple[tuple[Player, Badge], ...]

    @property
    def key(self) -> str:
        return f"digest:{self.room_id}:{self.week}"

    @property
    def empty(self) -> bool:
        return not (self.board.top or self.hardest or self.badges)
