"""Boards, asked for and leafed through."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar, get_args

from bot.chat.port import Command
from bot.conversation.request import Turn
from bot.phrases import boards as said
from bot.quizmaster.boards import Boards
from bot.store.boards import Period, Scope

T = TypeVar("T")


class BoardsTalk:
    def __init__(self, boards: Boards, now: Callable[[], datetime]) -> None:
        self._boards = boards
        self._now = now

    async def board(self, turn: Turn) -> None:
        """The week here, unless something else is asked for."""
        period = _one_of(get_args(Period), turn.args.get("period") or turn.word(1))
        scope = _one_of(get_args(Scope), turn.args.get("scope") or turn.word(2))
        view = await self._boards.read(scope, period, turn.event.place, turn.player, self._now())
        card = said.board(view)
        await (
            turn.reply.whisper(card) if isinstance(turn.event, Command) else turn.reply.turn(card)
        )


def _one_of(known: tuple[T, ...], word: str) -> T:
    return next((each for each in known if each == word), known[0])
