"""Boards, asked for and leafed through."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar, get_args

from bot.chat.port import Command
from bot.conversation.request import Request
from bot.model.boards import BoardPeriod, BoardScope
from bot.phrases import boards as said
from bot.quizmaster.boards import Boards

T = TypeVar("T")


class BoardsTalk:
    def __init__(self, boards: Boards, now: Callable[[], datetime]) -> None:
        self._boards = boards
        self._now = now

    async def board(self, request: Request) -> None:
        """The week here, unless something else is asked for."""
        period = _one_of(get_args(BoardPeriod), request.args.get("period") or request.word(1))
        scope = _one_of(get_args(BoardScope), request.args.get("scope") or request.word(2))
        view = await self._boards.read(
            scope, period, request.event.place, request.player, self._now()
        )
        card = said.board(view)
        await (
            request.reply.whisper(card)
            if isinstance(request.event, Command)
            else request.reply.replace(card)
        )


def _one_of(known: tuple[T, ...], word: str) -> T:
    return next((each for each in known if each == word), known[0])
