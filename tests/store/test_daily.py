"""Dates are claimed by many processes at once, each in whatever order it found them."""

import asyncio
import random
from datetime import date, timedelta
from typing import Any

from bot.identity import Person
from bot.model.daily import AWAY, NOT_POSTED, NOTHING_FITS, SHUT_OUT, NewOccurrence, OccurrenceState
from bot.store import daily, people, places, schedules, streaks
from bot.store.sql.database import Database, Transaction
from bot.store.sql.tables.daily import occurrences as dates
from tests.players import add_player
from tests.store.scene import HALL, NINE, Scene

MANY, PROCESSES, ROUNDS = 300, 4, 12


async def kept(database: Database, count: int) -> list[int]:
    """So many schedules in the hall."""
    async with database.transaction() as tx:
        owner = await add_player(tx, Person("paper", "owner", "Owner"), NINE)
        room = await places.get_or_add(tx, HALL)
        whose = {
            "place_id": room.id,
            "player_id": owner.id,
            "created_at": NINE,
            "cron": "0 9 * * *",
        }
        what: dict[str, Any] = {
            "zone": None,
            "packs": [],
            "levels": [],
            "minutes": 60,
            "answers": None,
        }
        return [(await schedules.add(tx, f"add {n}", **whose, **what)).id for n in range(count)]


async def test_only_what_we_failed_to_post_excuses_its_date(database: Database) -> None:
    """Not a day off, nor a place that shut us out; and only those who are there."""
    (number,) = await kept(database, 1)
    ends = NINE + timedelta(hours=1)
    fates: tuple[tuple[str, OccurrenceState], ...] = (
        (AWAY, "missed"),
        (NOT_POSTED, "missed"),
        (SHUT_OUT, "missed"),
        (NOTHING_FITS, "missed"),
        ("", "skipped"),
    )
    days = [NINE.date() + n * timedelta(days=1) for n in range(len(fates))]
    async with database.transaction() as tx:
        here, elsewhere = [
            await add_player(tx, Person("paper", name, name), NINE) for name in ("Ada", "Bob")
        ]
        await people.enter_community(tx, here.id, HALL, NINE)
        claims = [
            NewOccurrence(number, day, state, reason, NINE, ends)
            for day, (reason, state) in zip(days, fates, strict=True)
        ]
        await daily.claim(tx, claims)
        pasts = await streaks.histories(tx, [here.id, elsewhere.id], "UTC")
        assert await daily.missed_days(tx, days[1]) == {days[1]}
    assert pasts[here.id].excuses.missed == set(days[:2])
    assert pasts[elsewhere.id].excuses.missed == set()


async def test_batches_in_any_order_never_wait_for_each_other_in_a_ring(database: Database) -> None:
    """PostgreSQL would end one of them with a deadlock, and its dates would be lost."""
    numbers = await kept(database, MANY)
    days = [NINE.date() + n * timedelta(days=1) for n in range(ROUNDS)]

    async def claim(tx: Transaction, seed: int, day: date) -> None:
        claims = [
            NewOccurrence(n, day, "due", "", NINE, NINE + timedelta(hours=1)) for n in numbers
        ]
        random.Random(seed).shuffle(claims)
        await daily.claim(tx, claims)

    async def together(seed: int) -> None:
        for day in days:
            await start.wait()
            async with database.transaction() as tx:
                await claim(tx, seed, day)

    start = asyncio.Barrier(PROCESSES)
    await asyncio.gather(*map(together, range(PROCESSES)))
    rows = await Scene(database).rows(dates)
    assert len(rows) == len({(row["schedule_id"], row["day"]) for row in rows}) == MANY * ROUNDS
