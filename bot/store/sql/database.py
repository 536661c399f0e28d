"""The one door to the database: a transaction to act in, and one to look with."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, event, literal_column, make_url
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL

from bot.store.sql.engine import AsyncConnection, AsyncEngine, create_async_engine
from bot.store.sql.sqlite_driver import Driver

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

Transaction = AsyncConnection
PATIENCE_S = 5


def insert_into(transaction: Transaction, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """An INSERT that knows ON CONFLICT, in the words of the engine at hand."""
    return into(transaction.dialect.name, table)


def into(dialect: str, table: Table) -> "postgresql.Insert | sqlite.Insert":
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 (only who uses it pays for it)

        return postgresql.insert(table)
    return sqlite.insert(table)


async def added(transaction: Transaction, row: "postgresql.Insert | sqlite.Insert") -> bool:
    """Whether the row is new; False where a key says that one stands already."""
    # A row that comes back, because PostgreSQL's driver tells no row count of an insert.
    new: Any = row.on_conflict_do_nothing().returning(literal_column("1"))
    return (await transaction.execute(new)).one_or_none() is not None


class Database:
    """SQLite gets one writer and several readers; PostgreSQL one pool for both."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer = (
            _sqlite(self.url, "BEGIN IMMEDIATE", pool_size=1)
            if self.is_sqlite
            else _postgres(self.url)
        )
        self._reader = _sqlite(self.url, "BEGIN", pool_size=4) if self.is_sqlite else self._writer

    @asynccontextmanager
    async def act(self) -> AsyncIterator[Transaction]:
        """One act, one transaction: committed at the end, rolled back whole on any error."""
        async with self._writer.begin() as transaction:
            yield transaction

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Transaction]:
        async with self._reader.connect() as transaction:
            yield transaction

    @property
    def engine(self) -> AsyncEngine:
        """For a library that keeps tables of its own in here."""
        return self._writer

    async def close(self) -> None:
        for engine in (self._writer, self._reader):
            await _all_back(engine)
            await engine.dispose()


async def _all_back(engine: AsyncEngine) -> None:
    """Whoever was stopped lets go of a connection a moment later; one that comes back too late would never be closed."""
    pool: Any = engine.pool
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            while pool.checkedout():  # noqa: ASYNC110 (the pool tells nobody)
                await asyncio.sleep(0.001)


def _sqlite(url: URL, begin: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url, module=Driver(), pool_size=pool_size, max_overflow=0, pool_timeout=60
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = (
            None  # the driver's own transactions lose updates; ours begin below
        )
        cursor = connection.cursor()
        try:
            for pragma in ("busy_timeout=20000", "synchronous=FULL", "foreign_keys=ON"):
                cursor.execute(f"PRAGMA {pragma}")
        except Exception:
            connection.close()  # the pool forgets a connection that fails here, and its thread would outlive the loop
            raise
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgres(url: URL) -> AsyncEngine:
    return create_async_engine(
        url, pool_size=10, max_overflow=0, pool_timeout=60, pool_pre_ping=True
    )
