"""What every part of the quizmaster works with."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime

from bot.quiz.files.bank import Bank
from bot.store.sql.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class Core:
    database: Database
    bank: Callable[[], Bank]  # the questions as they are now: files may change while the bot runs
    zone: str  # of places and members who chose none
    now: Callable[[], datetime]
    # set when rows change that the alarm waits for
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        return self.database.transaction()

    def reading(self) -> AbstractAsyncContextManager[Transaction]:
        return self.database.reading()
