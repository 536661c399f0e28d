"""The shuffle bag as it is kept."""

import asyncio
from datetime import timedelta

from bot.store import daily, places
from bot.store.sql.database import Database
from tests.store.scene import ANNEX, HALL, NINE

NAMES = ("a", "b", "c", "d")


async def drawn(database: Database, place: int, seconds: int = 0) -> str:
    async with database.transaction() as tx:
        bag = await daily.lock_bag(tx, place)
        name, left = bag.draw(NAMES)
        await daily.save_bag(tx, place, bag, left, NINE + timedelta(seconds=seconds))
        return name


async def rooms(database: Database) -> tuple[int, int]:
    async with database.transaction() as tx:
        return (await places.get_or_add(tx, HALL)).id, (await places.get_or_add(tx, ANNEX)).id


async def test_each_place_has_a_bag_of_its_own_that_remembers_the_order(database: Database) -> None:
    hall, annex = await rooms(database)
    came = [await drawn(database, hall, n) for n in range(3)]
    async with database.reading() as tx:
        assert await daily.drawn_question_ids(tx, hall) == came
        assert await daily.drawn_question_ids(tx, annex) == []


async def test_an_empty_bag_is_filled_and_dealt_anew(database: Database) -> None:
    hall, _ = await rooms(database)
    came = [await drawn(database, hall, n) for n in range(9)]
    assert set(came[:4]) == set(came[4:8]) == set(NAMES)
    assert came[3] != came[4]
    async with database.reading() as tx:
        assert await daily.drawn_question_ids(tx, hall) == came[8:]


async def test_of_many_who_draw_at_once_none_gets_what_another_has(database: Database) -> None:
    hall, _ = await rooms(database)
    assert set(await asyncio.gather(*(drawn(database, hall) for _ in NAMES))) == set(NAMES)
