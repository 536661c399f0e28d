"""The database: a transaction to write in, and one to read with."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine import URL

from bot.store.sql.engine import AsyncConnection, AsyncEngine, create_async_engine
from bot.store.sql.sqlite_driver import Driver

Transaction = AsyncConnection
CLOSE_TIMEOUT_S = 5


class Database:
    """SQLite gets one writer and several readers, PostgreSQL one pool."""

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
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self._writer.begin() as transaction:
            yield transaction

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        async with self._reader.connect() as transaction:
            yield transaction

    @property
    def engine(self) -> AsyncEngine:
        return self._writer

    async def close(self) -> None:
        for engine in (self._writer, self._reader):
            await _wait_for_connections(engine)
            await engine.dispose()


async def _wait_for_connections(engine: AsyncEngine) -> None:
    """A connection that a cancelled task returns late would never be closed."""
    pool: Any = engine.pool
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            while pool.checkedout():  # noqa: ASYNC110 (the pool has no event)
                await asyncio.sleep(0.001)


def _sqlite(url: URL, begin: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url, module=Driver(), pool_size=pool_size, max_overflow=0, pool_timeout=60
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # The driver's own transactions lose updates; ours begin below.
        connection.isolation_level = None
        cursor = connection.cursor()
        try:
            for pragma in ("busy_timeout=20000", "synchronous=FULL", "foreign_keys=ON"):
                cursor.execute(f"PRAGMA {pragma}")
        except Exception:
            # The pool forgets a connection that fails here: its thread would outlive the loop.
            connection.close()
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
