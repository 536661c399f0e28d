"""Boards, as a reader sees them."""

from dataclasses import dataclass
from datetime import datetime

from bot.identity import Place
from bot.model.boards import Board, BoardPeriod, BoardScope, BoardView
from bot.model.people import Player
from bot.quiz.calendar.local_days import local_day, period_keys
from bot.quizmaster.core import Core
from bot.store import places
from bot.store.boards import boards
from bot.store.sql.database import Transaction


async def read_board(
    tx: Transaction, scope: BoardScope, place: Place, period: BoardPeriod, key: str, reader_id: int
) -> Board:
    board_id = await boards.find(tx, scope, place, period, key)
    return await boards.read(tx, board_id, reader_id) if board_id else Board((), (), 0)


@dataclass(frozen=True, slots=True)
class Boards:
    core: Core

    async def read(
        self, scope: BoardScope, period: BoardPeriod, place: Place, reader: Player, now: datetime
    ) -> BoardView:
        """The current period goes by the place's own calendar."""
        async with self.core.reading() as tx:
            settings = await places.find(tx, place)
            zone = (settings.zone if settings else None) or self.core.zone
            key = period_keys(local_day(now, zone))[period]
            board = await read_board(tx, scope, place, period, key, reader.id)
        return BoardView(scope, period, board, reader)
