"""The quizmaster's core, as tests need it."""

from datetime import UTC, datetime

from bot.quiz.files.bank import Bank
from bot.quizmaster.core import Core
from bot.store.sql.database import Database

EMPTY = Bank((), {}, {})


def core(database: Database, bank: Bank = EMPTY, zone: str = "UTC") -> Core:
    return Core(database, lambda: bank, zone, lambda: datetime.now(UTC))
