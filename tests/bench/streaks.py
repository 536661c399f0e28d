"""A simulated year of members over thirty zones.

Every streak is held against a recount from the raw attempts.

SQLite, a clock set by hand, two bots that look in turns and are both away at random. The figures:
streaks that differ from the recount, and what it takes to tell one member's streak of a year.
"""

import asyncio
import logging
import tempfile
import time
from pathlib import Path
from statistics import median

from bot.store.sql.database import Database
from bot.store.sql.schema import upgrade
from tests.bench import Findings, Goal
from tests.quizmaster.streak_year import Year

DAYS, MEMBERS = 366, 40


async def _measured(folder: Path) -> Findings:
    database = Database(f"sqlite+aiosqlite:///{folder / 'year.db'}")
    await upgrade(database)
    year = Year(database, days=DAYS, members=MEMBERS, seed=1)
    await year.live()
    solved = await year.raw()
    wrong, taken = 0, []
    for soul in year.souls:
        began = time.perf_counter()
        told = await year.told(soul)
        taken.append(time.perf_counter() - began)
        wrong += told != year.recounted(soul, solved.get(soul.player, []))
    await database.close()
    figures = {
        "answers": float(year.acts),
        "absences": float(len(year.outages)),
        "moves": float(sum(len(soul.moves) for soul in year.souls)),
        "wrong_streaks": float(wrong),
        "told_ms": 1000 * median(taken),
    }
    return Findings(figures, {"wrong_streaks": Goal(wrong, 0)})


def measure() -> Findings:
    logging.getLogger("bot").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measured(Path(folder)))
