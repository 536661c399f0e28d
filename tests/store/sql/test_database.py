import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import StatementError

from bot.store.sql.database import Database
from bot.store.sql.tables.adapters import web_people
from bot.store.sql.tables.people import players

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def add_player(database: Database, at: datetime = NOON, name: str = "0") -> None:
    async with database.transaction() as act:
        await act.execute(insert(players).values(name=name, created_at=at))


async def test_300_concurrent_read_add_writes_end_at_300(database: Database) -> None:
    await add_player(database)

    async def add_one() -> None:
        async with database.transaction() as act:
            name = (await act.execute(select(players.c.name).with_for_update())).scalar_one()
            await act.execute(update(players).values(name=str(int(name) + 1)))

    await asyncio.gather(*(add_one() for _ in range(300)))
    async with database.reading() as look:
        assert (await look.execute(select(players.c.name))).scalar_one() == "300"


async def test_an_error_rolls_the_whole_act_back(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as act:
            await act.execute(insert(players).values(name="Ada", created_at=NOON))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    async with database.reading() as look:
        assert (await look.execute(select(players.c.id))).all() == []


async def test_an_instant_comes_back_as_utc(database: Database) -> None:
    await add_player(database, NOON.astimezone(timezone(timedelta(hours=5, minutes=30))))
    async with database.reading() as look:
        back = (await look.execute(select(players.c.created_at))).scalar_one()
    assert (back, back.tzinfo) == (NOON, UTC)


async def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="needs its zone"):
        await add_player(database, NOON.replace(tzinfo=None))


async def test_a_look_sees_nothing_of_an_act_that_is_not_done(database: Database) -> None:
    async with database.transaction() as act:
        await act.execute(
            insert(web_people).values(id="1", name="Ada", name_key="ada", created_at=NOON)
        )
        async with database.reading() as look:
            assert (await look.execute(select(web_people.c.id))).all() == []
    async with database.reading() as look:
        assert (await look.execute(select(web_people.c.id))).all() == [("1",)]


def test_the_engine_comes_without_the_orm_and_whoever_wants_that_gets_it() -> None:
    program = (
        "import sys, bot.store.sql.database as ours\n"
        "before = 'sqlalchemy.orm' in sys.modules\n"
        "import sqlalchemy.ext.asyncio as whole\n"
        "print(before, whole.AsyncEngine is ours.AsyncEngine, whole.AsyncSession.__name__)"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout == "False True AsyncSession\n"
