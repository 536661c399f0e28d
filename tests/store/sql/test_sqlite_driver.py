"""What a statement tells comes in one turn, and is all that SQLAlchemy's way would have told."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import exc, text

from bot.store.sql.database import Database, Transaction


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'shelf.db'}")
    async with database.transaction() as tx:
        await tx.execute(text("create table books (id integer primary key, title text unique)"))
    yield database
    await database.close()


async def titles(tx: Transaction) -> list[str]:
    return list((await tx.execute(text("select title from books order by id"))).scalars())


async def test_it_tells_how_many_rows_changed_and_the_id_of_the_last(shelf: Database) -> None:
    async with shelf.transaction() as tx:
        added = await tx.execute(text("insert into books (title) values ('Gates'), ('Loops')"))
        assert (added.rowcount, added.lastrowid) == (2, 2)
        assert (
            await tx.execute(text("update books set title = title || '!' where id = 2"))
        ).rowcount == 1
        assert (await tx.execute(text("delete from books where id = 3"))).rowcount == 0


async def test_an_empty_answer_still_names_its_columns(shelf: Database) -> None:
    async with shelf.reading() as tx:
        found = await tx.execute(text("select id, title from books"))
        assert (list(found.keys()), found.all()) == (["id", "title"], [])


async def test_rows_come_back_from_an_insert(shelf: Database) -> None:
    async with shelf.transaction() as tx:
        made = await tx.execute(
            text("insert into books (title) values ('Gates') returning id, title")
        )
        assert made.one() == (1, "Gates")


async def test_many_rows_go_in_at_once(shelf: Database) -> None:
    async with shelf.transaction() as tx:
        rows = [{"title": f"Volume {number}"} for number in range(3)]
        assert (
            await tx.execute(text("insert into books (title) values (:title)"), rows)
        ).rowcount == 3
        assert await titles(tx) == ["Volume 0", "Volume 1", "Volume 2"]


@pytest.mark.parametrize("many", [False, True])
async def test_what_the_database_refuses_comes_by_its_name_and_the_transaction_goes_on(
    shelf: Database, *, many: bool
) -> None:
    double = [{"title": "Gates"}] * 2 if many else {"title": "Gates"}
    async with shelf.transaction() as tx:
        await tx.execute(text("insert into books (title) values ('Gates')"))
        with pytest.raises(exc.IntegrityError, match=r"books\.title"):
            await tx.execute(text("insert into books (title) values (:title)"), double)
        with pytest.raises(exc.OperationalError, match="no such table"):
            await tx.execute(text("select * from magazines"))
        await tx.execute(text("insert into books (title) values ('Loops')"))
    async with shelf.reading() as tx:
        assert await titles(tx) == ["Gates", "Loops"]


async def test_what_is_streamed_elsewhere_comes_whole(shelf: Database) -> None:
    async with shelf.transaction() as tx:
        await tx.execute(text("insert into books (title) values ('Gates'), ('Loops')"))
        async with tx.stream(text("select title from books order by id")) as rows:
            assert [row.title async for row in rows] == ["Gates", "Loops"]


async def test_a_database_that_closes_waits_for_whoever_was_just_stopped(tmp_path: Path) -> None:
    """Otherwise their connections come back when nobody closes any more.

    Each leaves its thread behind.
    """
    before = set(threading.enumerate())
    database, begun = Database(f"sqlite+aiosqlite:///{tmp_path / 'shelf.db'}"), asyncio.Event()

    async def read() -> None:
        async with database.reading() as tx:
            await tx.execute(text("select 1"))
            begun.set()
            await asyncio.Event().wait()

    reading = asyncio.create_task(read())
    await begun.wait()
    reading.cancel()
    await database.close()
    assert set(threading.enumerate()) <= before
    await asyncio.gather(reading, return_exceptions=True)
