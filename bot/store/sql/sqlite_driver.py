"""SQLite's driver with fewer errands: a statement and all it finds are one turn of the connection's thread, not four.

SQLAlchemy asks for a cursor, executes, collects and closes in turns of their own, and each waits for two threads to wake.
"""

import sqlite3
from collections import deque
from collections.abc import Sequence
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite import aiosqlite as dialect
from sqlalchemy.util.concurrency import await_

Report = tuple[Any, int, int | None, list[Any]]
"""What a cursor would tell: its description, how many rows it changed, the last one's id, and what it found."""


class _Once(sqlite3.Cursor):
    """Collects together with what a cursor tells besides, so that nobody has to come back for it."""

    def fetchall(self) -> list[Any]:
        found = super().fetchall()
        report: Report = self.description, self.rowcount, self.lastrowid, found
        return [report]


class Connection(sqlite3.Connection):
    """The connection in its thread."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        return self.cursor(_Once).execute(sql, parameters)


class _Cursor(dialect.AsyncAdapt_aiosqlite_cursor):
    """A cursor that is never fetched nor closed: it is what the last statement told."""

    __slots__ = ("_told",)
    _told: Report

    def __init__(self, adapt_connection: dialect.AsyncAdapt_aiosqlite_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection  # noqa: SLF001 (as the class that this stands in for does)
        self._told = None, -1, None, []
        self._rows = deque()

    @property
    def description(self) -> Any:
        return self._told[0]

    @property
    def rowcount(self) -> int:
        return self._told[1]

    @property
    def lastrowid(self) -> Any:
        return self._told[2]

    def execute(self, operation: Any, parameters: Any = None) -> None:
        try:
            (self._told,) = await_(self._connection.execute_fetchall(operation, parameters))
        except Exception as error:  # noqa: BLE001 (it is raised again, by the dialect's names)
            self._adapt_connection._handle_exception(error)  # noqa: SLF001 (as above)
        self._rows = deque(self._told[3])

    def executemany(self, operation: Any, seq_of_parameters: Sequence[Any]) -> None:
        try:
            many = await_(self._connection.executemany(operation, seq_of_parameters))
        except Exception as error:  # noqa: BLE001 (as above)
            self._adapt_connection._handle_exception(error)  # noqa: SLF001 (as above)
        self._told = None, many.rowcount, many.lastrowid, []

    def close(self) -> None:
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        """Nothing is open."""


class _Adapted(dialect.AsyncAdapt_aiosqlite_connection):
    __slots__ = ()

    def cursor(self, server_side: bool = False) -> _Cursor:  # noqa: ARG002, FBT001, FBT002 (the dialect's own form)
        return _Cursor(self)


class Driver(dialect.AsyncAdapt_aiosqlite_dbapi):
    """What SQLAlchemy takes for the module of a driver."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arg: Any, **kw: Any) -> _Adapted:
        made = super().connect(*arg, **kw, factory=Connection)
        return _Adapted(self, made._connection)  # noqa: SLF001 (as above)
