import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.identity import Person, Place
from bot.model.people import Player
from bot.quizmaster.core import Core
from bot.quizmaster.daily.daily import Daily
from bot.quizmaster.packs import Packs
from bot.quizmaster.people import People
from bot.quizmaster.rounds.practice import Practice
from bot.quizmaster.rounds.rounds import Rounds
from bot.quizmaster.schedules.schedules import Schedules
from bot.quizmaster.streaks import Streaks
from bot.store.rounds.ledger import Ledger
from bot.store.sql.database import Database
from tests.conftest import Clock
from tests.cores import core
from tests.stories.questions import bank

if TYPE_CHECKING:
    from tests.quizmaster.diary import Diary

HALL = Place("paper", "club", "hall")


@dataclass(frozen=True, slots=True)
class Quiz:
    """The quizmaster's rooms over a real database."""

    core: Core
    database: Database
    clock: Clock
    people: People
    packs: Packs
    rounds: Rounds
    practice: Practice
    streaks: Streaks
    place: Place = HALL

    async def meet(self, name: str) -> Player:
        return await self.people.find_or_add(
            Person("paper", name, name), self.place, self.clock.now()
        )


@pytest.fixture
async def quiz(database: Database, clock: Clock, tmp_path: Path) -> AsyncIterator[Quiz]:
    asked = bank(tmp_path / "questions")
    ledger = Ledger(database, lambda: None)
    running = asyncio.create_task(ledger.run())
    shared = core(database, asked)
    packs = Packs(shared)
    streaks = Streaks(shared)
    rounds = Rounds(shared, ledger, packs, streaks)
    yield Quiz(
        shared, database, clock, People(shared, streaks), packs, rounds, Practice(shared), streaks
    )
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def diary(quiz: Quiz, tmp_path: Path) -> "Diary":
    """Two processes at the same rows, and an admin."""
    from tests.quizmaster.diary import Diary  # noqa: PLC0415 (it stands on what is above)

    asked = bank(tmp_path / "more")
    shared = core(quiz.database, asked)

    return Diary(quiz, Schedules(shared), Daily(shared, quiz.rounds), Daily(shared, quiz.rounds))
