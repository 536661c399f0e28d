"""Dates are claimed by many processes at once, each in whatever order it found them."""

import asyncio
import random
from datetime import date, timedelta
from typing import Any

from bot.identity import Person
from bot.store import occurrences, people, places, schedules
from bot.store.database import Database, Transaction
from bot.store.occurrences import Claim
from bot.store.tables import occurrences as dates
from tests.store.scene import HALL, NINE, Scene

MANY, PROCESSES, ROUNDS = 300, 4, 12


async def test_batches_in_any_order_never_wait_for_each_other_in_a_ring(database: Database) -> None:
    """PostgreSQL would end one of them with a deadlock, and its dates would be lost."""
    async with database.act() as tx:
        owner = await people.add(tx, Person("paper", "owner", "Owner"), NINE)
        room = await places.enter(tx, HALL)
        kept = {"place_id": room.id, "player_id": owner.id, "created_at": NINE, "cron": "0 9 * * *"}
        more: dict[str, Any] = {"zone": None, "packs": [], "levels": [], "minutes": 60, "answers": None}
        numbers = [(await schedules.add(tx, f"add {n}", **kept, **more)).id for n in range(MANY)]

    days = [NINE.date() + n * timedelta(days=1) for n in range(ROUNDS)]

    async def claim(tx: Transaction, seed: int, day: date) -> None:
        claims = [Claim(n, day, "due", "", NINE, NINE + timedelta(hours=1)) for n in numbers]
        random.Random(seed).shuffle(claims)
        await occurrences.claim(tx, claims)

    async def together(seed: int) -> None:
        for day in days:
            await start.wait()
            async with database.act() as tx:
                await claim(tx, seed, day)

    start = asyncio.Barrier(PROCESSES)
    await asyncio.gather(*map(together, range(PROCESSES)))
    rows = await Scene(database).rows(dates)
    assert len(rows) == len({(row["schedule_id"], row["day"]) for row in rows}) == MANY * ROUNDS
