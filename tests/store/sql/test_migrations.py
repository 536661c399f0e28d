import asyncio
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bot.errors import OperatorError
from bot.store.sql.all_tables import metadata
from bot.store.sql.database import Database
from bot.store.sql.schema import HEAD, MIGRATIONS, config, needs_upgrade, upgrade


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url)
    yield database
    await database.close()


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def plain(value: object) -> str:
    """A reflected thing as text, whatever order its parts came in."""
    if isinstance(value, dict):
        return str(sorted((key, plain(part)) for key, part in value.items()))
    return str(value)


def shape(connection: Connection) -> dict[str, object]:
    """Everything the engine says of its tables, in one comparable value."""
    eye = inspect(connection)
    looks = (
        eye.get_check_constraints,
        eye.get_unique_constraints,
        eye.get_foreign_keys,
        eye.get_indexes,
    )
    return {
        name: (
            [plain(column) for column in eye.get_columns(name)],
            plain(eye.get_pk_constraint(name)),
            *(sorted(plain(rule) for rule in look(name)) for look in looks),
        )
        for name in sorted(tables(connection))
    }


def differences(connection: Connection) -> list[object]:
    options = {"compare_type": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


async def test_every_migration_goes_up_down_and_up_again(empty: Database) -> None:
    await upgrade(empty)
    async with empty.transaction() as act:
        first = await act.run_sync(shape)
        await act.run_sync(lambda connection: command.downgrade(config(connection), "base"))
        assert await act.run_sync(tables) == set()
    await upgrade(empty)
    async with empty.reading() as look:
        assert await look.run_sync(shape) == first
    assert not await needs_upgrade(empty)


async def test_the_migrated_tables_equal_the_declared_ones(empty: Database, engine: str) -> None:
    await upgrade(empty)
    async with empty.transaction() as act:
        assert await act.run_sync(differences) == []
        migrated = await act.run_sync(shape)
        await act.run_sync(metadata.drop_all)
        await act.run_sync(metadata.create_all)
        assert await act.run_sync(shape) == migrated, f"on {engine} a migration forgot something"


async def test_head_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


async def test_an_empty_database_is_behind_and_a_migrated_one_is_not(empty: Database) -> None:
    assert await needs_upgrade(empty)
    await upgrade(empty)
    assert not await needs_upgrade(empty)


async def test_an_upgrade_of_a_database_that_is_not_behind_changes_nothing(
    database: Database,
) -> None:
    async with database.reading() as look:
        before = await look.run_sync(shape)
    await upgrade(database)
    async with database.reading() as look:
        assert await look.run_sync(shape) == before


async def test_a_newer_database_is_refused_kindly(database: Database) -> None:
    async with database.transaction() as act:
        await act.execute(text("update alembic_version set version_num = 'r9999'"))
    for act_on in (needs_upgrade, upgrade):
        with pytest.raises(OperatorError, match=r"newer Torchproof .*9999.* Update"):
            await act_on(database)


@pytest.mark.parametrize("revision", ["0001", "0007"])
async def test_a_database_of_a_development_version_is_refused_with_the_remedy(
    empty: Database, revision: str
) -> None:
    async with empty.transaction() as act:
        await act.execute(text("create table players (id integer primary key)"))
        await act.execute(text("create table alembic_version (version_num text)"))
        await act.execute(text(f"insert into alembic_version values ('{revision}')"))
    for act_on in (needs_upgrade, upgrade):
        with pytest.raises(OperatorError, match=r"development version .* Move the data folder"):
            await act_on(empty)


@pytest.mark.parametrize(
    "statement",
    ["create table cats (name text)", "create table alembic_version (version_num text)"],
)
async def test_a_database_of_another_program_is_left_alone(empty: Database, statement: str) -> None:
    async with empty.transaction() as act:
        await act.execute(text(statement))
        if "alembic" in statement:
            await act.execute(text("insert into alembic_version values ('3f2ab9c01d')"))
    for act_on in (needs_upgrade, upgrade):
        with pytest.raises(OperatorError, match="another program"):
            await act_on(empty)


async def test_processes_that_migrate_at_once_do_not_collide(empty_url: str) -> None:
    program = (
        "import asyncio, sys; from bot.store.sql.database import Database; "
        "from bot.store.sql.schema import needs_upgrade, upgrade\n"
        "async def main():\n"
        "    database = Database(sys.argv[1])\n"
        "    await needs_upgrade(database); await upgrade(database)\n"
        "    assert not await needs_upgrade(database)\n"
        "    await database.close()\n"
        "asyncio.run(main())"
    )
    runs = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, empty_url)
        for _ in range(3)
    ]
    async with asyncio.timeout(60):
        assert [await run.wait() for run in runs] == [0, 0, 0]


def sqlite(file: Path) -> Database:
    return Database(f"sqlite+aiosqlite:///{file}")


async def refusal(database: Database, *ways: Callable[[Database], Awaitable[object]]) -> str:
    """What the ways in say (both, unless named); they must agree."""
    said = set()
    for act_on in ways or (needs_upgrade, upgrade):
        with pytest.raises(OperatorError) as caught:
            await act_on(database)
        said.add(str(caught.value))
    await database.close()
    # The driver lets go of a thread that could not connect, and never waits for it.
    for thread in threading.enumerate():
        if "_connection_worker" in thread.name:
            await asyncio.to_thread(thread.join, 10)
    assert len(said) == 1
    return said.pop()


async def test_a_file_that_is_no_database_is_named_with_the_remedy(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Dear diary, " * 500)
    assert await refusal(sqlite(file)) == (
        f"The file {file} is not a database. Move the file away, or choose another place for it."
    )
    assert file.read_text().startswith("Dear diary")


async def test_a_missing_folder_is_named_with_the_remedy(tmp_path: Path) -> None:
    assert "cannot be opened. Make its folder" in await refusal(
        sqlite(tmp_path / "nowhere" / "torchproof.db")
    )


async def test_a_file_that_cannot_be_written_is_named_with_the_remedy(tmp_path: Path) -> None:
    file = tmp_path / "torchproof.db"
    with sqlite3.connect(file) as connection:
        connection.execute("pragma user_version = 1")
    connection.close()
    header = bytearray(file.read_bytes())
    # A write format of the future: SQLite may read the file, and root may not write it either.
    header[18] = 3
    file.write_bytes(header)
    assert "cannot be written. Give this user the right" in await refusal(sqlite(file), upgrade)


async def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    database = Database(f"postgresql+psycopg://ada:secret@/quiz?host={tmp_path}")
    said = await refusal(database)
    assert "does not answer" in said
    assert "secret" not in said
