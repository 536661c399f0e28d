"""What every part of the quizmaster works with."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.quiz.files.bank import Bank
from bot.store.sql.database import Database


@dataclass(frozen=True, slots=True)
class Core:
    database: Database
    bank: Callable[[], Bank]
    """The questions as they are now: files may change while the bot runs."""
    zone: str
    """For places and members who chose none."""
    now: Callable[[], datetime]
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when rows change that the alarm waits for."""
