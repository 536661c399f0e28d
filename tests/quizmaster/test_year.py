"""A simulated spring with crashes and absences.

`make bench NAME=year` lives through a whole year.
"""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.sql.database import Database
from tests.conftest import Clock
from tests.quizmaster.year import ZONES, Flaky, Year, recount
from tests.stories.questions import bank

PLACES, DAYS = 15, 16
"""Enough for the clocks of Europe to go forward."""


@pytest.mark.parametrize(
    ("engine", "number", "crashes"), [("sqlite", PLACES, 0.05), ("postgresql", 5, 0.2)]
)
async def test_every_due_date_comes_once_or_is_missed_with_its_reason(
    database: Database, number: int, crashes: float, tmp_path: Path
) -> None:
    clock = Clock()
    clock.advance((datetime(2026, 3, 20, tzinfo=UTC) - clock.now()).total_seconds())
    chance = random.Random(7)
    year = Year(
        database, bank(tmp_path / "questions"), clock, chance, Flaky(clock, chance, crashes)
    )
    begin = clock.now()
    await year.open(number, ZONES[1::2])
    await year.live(begin + timedelta(days=DAYS), absent=0.03)
    found = await recount(year, begin)
    assert found["crashes"] > 0
    assert found["absences"] > 0
    assert found["missed"] > 0
    assert found["announced"] > 2 * number
