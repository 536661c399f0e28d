"""A board: its lines, its scope and its period."""

from dataclasses import dataclass
from typing import Literal

from bot.model.people import Player

BoardScope = Literal["here", "community", "everywhere"]


BoardPeriod = Literal["week", "month", "all"]


@dataclass(frozen=True, slots=True)
class BoardLine:
    player_id: int
    name: str
    name_hidden: bool
    points: int
    rank: int


@dataclass(frozen=True, slots=True)
class Board:
    top: tuple[BoardLine, ...]
    around: tuple[BoardLine, ...]
    members: int


@dataclass(frozen=True, slots=True)
class BoardView:
    scope: BoardScope
    period: BoardPeriod
    board: Board
    reader: Player
