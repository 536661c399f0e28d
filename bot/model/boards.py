"""A board as a reader sees it."""

from dataclasses import dataclass

from bot.store.boards import Board, Period, Scope
from bot.store.people import Player


@dataclass(frozen=True, slots=True)
class View:
    scope: Scope
    period: Period
    board: Board
    reader: Player
