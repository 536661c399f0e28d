"""SQLite's driver with one turn of its thread a statement, not four."""

import sqlite3
from collections import deque
from collections.abc import Sequence
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite import aiosqlite as dialect
from sqlalchemy.util.concurrency import await_

# A cursor's description, row count, last row's id and rows
StatementResult = tuple[Any, int, int | None, list[Any]]


class _FetchingCursor(sqlite3.Cursor):
    def fetchall(self) -> list[Any]:
        found = super().fetchall()
        result: StatementResult = self.description, self.rowcount, self.lastrowid, found
        return [result]


class Connection(sqlite3.Connection):
    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        return self.cursor(_FetchingCursor).execute(sql, parameters)


class _Cursor(dialect.AsyncAdapt_aiosqlite_cursor):
    """Holds the result of the last statement; nothing is left to fetch or close."""

    __slots__ = ("_result",)
    _result: StatementResult

    def __init__(self, adapt_connection: dialect.AsyncAdapt_aiosqlite_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._result = None, -1, None, []
        self._rows = deque()

    @property
    def description(self) -> Any:
        return self._result[0]

    @property
    def rowcount(self) -> int:
        return self._result[1]

    @property
    def lastrowid(self) -> Any:
        return self._result[2]

    def execute(self, operation: Any, parameters: Any = None) -> None:
        try:
            (self._result,) = await_(self._connection.execute_fetchall(operation, parameters))
        except Exception as error:
            self._adapt_connection._handle_exception(error)
        self._rows = deque(self._result[3])

    def executemany(self, operation: Any, seq_of_parameters: Sequence[Any]) -> None:
        try:
            many = await_(self._connection.executemany(operation, seq_of_parameters))
        except Exception as error:
            self._adapt_connection._handle_exception(error)
        self._result = None, many.rowcount, many.lastrowid, []

    def close(self) -> None:
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        pass


class _Adapted(dialect.AsyncAdapt_aiosqlite_connection):
    __slots__ = ()

    def cursor(self, server_side: bool = False) -> _Cursor:
        return _Cursor(self)


class Driver(dialect.AsyncAdapt_aiosqlite_dbapi):
    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arg: Any, **kw: Any) -> _Adapted:
        made = super().connect(*arg, **kw, factory=Connection)
        return _Adapted(self, made._connection)
