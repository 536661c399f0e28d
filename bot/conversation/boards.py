"""Leaderboards."""

from dataclasses import dataclass
from typing import TypeVar, get_args

from bot.conversation.request import Request
from bot.model.boards import BoardPeriod, BoardScope
from bot.phrases.boards import board_card
from bot.quizmaster.boards import Boards
from bot.quizmaster.core import Core

T = TypeVar("T")


@dataclass
class BoardCommands:
    boards: Boards
    core: Core

    async def board(self, request: Request) -> None:
        """The week here, unless something else is asked for."""
        period = _one_of(get_args(BoardPeriod), request.arg("period") or request.word(1))
        scope = _one_of(get_args(BoardScope), request.arg("scope") or request.word(2))
        now = self.core.now()
        view = await self.boards.read(scope, period, request.place, request.player, now)
        await request.answer(board_card(view))


def _one_of(known: tuple[T, ...], word: str) -> T:
    return next((choice for choice in known if choice == word), known[0])
