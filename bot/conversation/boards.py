"""Leaderboards."""

from typing import TypeVar, get_args

from bot.conversation.request import Request
from bot.model.boards import BoardPeriod, BoardScope
from bot.phrases.boards import board_card

T = TypeVar("T")


async def board(request: Request) -> None:
    period = _one_of(get_args(BoardPeriod), request.arg("period") or request.word(1))
    scope = _one_of(get_args(BoardScope), request.arg("scope") or request.word(2))
    view = await request.quizmaster.boards.read(
        scope, period, request.place, request.player, request.now()
    )
    await request.answer(board_card(view))


def _one_of(known: tuple[T, ...], word: str) -> T:
    return next((choice for choice in known if choice == word), known[0])
