"""A simulated year: 200 places over 30 zones, with crashes and absences.

It is recounted date by date.

The clock is set by hand; the database is SQLite. Of every due date the recount sees one question
posted once, or its absence recorded with a reason, and in every place no question before its bag is
empty. It fails where that is not so. Alarms ring up to three hours apart here, so much is missed
that a bot that is there would not miss. It takes half an hour.
"""

import asyncio
import logging
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.store.sql.database import Database
from bot.store.sql.schema import upgrade
from tests.bench import Findings, Goal
from tests.conftest import Clock
from tests.quizmaster.year import Flaky, Year, recount
from tests.stories.questions import bank

PLACES, DAYS = 200, 365
CRASHES, ABSENCES = 0.01, 0.01
"""How many posts kill their process, and at how many alarms nobody is there for hours or days."""


async def _measured(folder: Path) -> Findings:
    logging.disable(logging.CRITICAL)  # each crash would tell its story
    database = Database(f"sqlite+aiosqlite:///{folder / 'year.db'}")
    await upgrade(database)
    clock, chance = Clock(), random.Random(2026)
    clock.advance((datetime(2026, 1, 1, tzinfo=UTC) - clock.now()).total_seconds())
    year = Year(database, bank(folder / "questions"), clock, chance, Flaky(clock, chance, CRASHES))
    begin, began = clock.now(), time.perf_counter()
    await year.open(PLACES)
    await year.live(begin + timedelta(days=DAYS), ABSENCES)
    seconds = time.perf_counter() - began
    found = await recount(year, begin)
    await database.close()
    figures = {name: float(number) for name, number in found.items()}
    dates = sum(
        found.get(state, 0) for state in ("due", "posted", "announced", "missed", "skipped")
    )
    left = float(found.get("due", 0))
    return Findings(
        {**figures, "dates": dates, "left_over": left, "seconds": seconds},
        {"left_over": Goal(left, 0)},
    )


def measure() -> Findings:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measured(Path(folder)))
