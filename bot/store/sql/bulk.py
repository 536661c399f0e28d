"""Many rows in one statement, without SQLAlchemy's work for each."""

# Rows are tuples of plain values: an instant as `instant` writes it, a date in ISO form, JSON as
# text. PostgreSQL gets them as one JSON text; SQLite's driver takes tuples, which is quicker.

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Table,
    Text,
    Update,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy import Row as Found
from sqlalchemy import update as change

from bot.store.sql.columns import Instant
from bot.store.sql.database import Transaction
from bot.store.sql.rows import insert_for

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.sql.dml import ReturningInsert

Row = tuple[Any, ...]
Names = tuple[str, ...]


def instant(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError(f"an instant needs its zone: {at!r}")
    return at.astimezone(UTC).isoformat(" ", "microseconds")[:26]


async def read(
    tx: Transaction, query: Select[*tuple[Any, ...]], rows: Sequence[Row]
) -> Sequence[Found[*tuple[Any, ...]]]:
    return (await tx.execute(query, _payload(rows))).all()


async def insert(
    tx: Transaction, table: Table, names: Names, rows: Sequence[Row], *, again: bool = False
) -> None:
    """With `again`, rows that stand already are left as they are."""
    if rows and _is_postgresql(tx):
        await tx.execute(_insertion(table, names, again=again), _payload(rows))
    elif rows:
        await tx.exec_driver_sql(_sqlite_insertion(table, names, again=again), list(rows))


async def add(tx: Transaction, table: Table, names: Names, rows: Sequence[Row]) -> set[Row]:
    """Returns the new ones."""
    if not rows:
        return set()
    new = await tx.execute(_addition(tx.dialect.name, table, names), _payload(rows))
    return {tuple(row) for row in new}


async def update(
    tx: Transaction, table: Table, names: Names, key: Names, rows: Sequence[Row]
) -> None:
    """In each row come the new values, then the key it is found by."""
    if rows and _is_postgresql(tx):
        await tx.execute(_update_statement(table, names, key), _payload(rows))
    elif rows:
        await tx.exec_driver_sql(_sqlite_change(table, names, key), list(rows))


def rows_from_json(dialect: str, *columns: Column[Any]) -> Select[Any]:
    """The rows that come with a statement as JSON, taken apart into columns like these."""
    text = bindparam("rows", type_=Text())
    # Not by SQLAlchemy's own JSONB: only who uses PostgreSQL pays for loading what belongs to it.
    jsonb = text.op("::")(literal_column("jsonb"))
    each = func.jsonb_array_elements(jsonb) if dialect == "postgresql" else func.json_each(text)
    parts = (
        _part(dialect, number, column).label(column.name) for number, column in enumerate(columns)
    )
    return select(*parts).select_from(each.table_valued("value"))


def _part(dialect: str, number: int, column: Column[Any]) -> ColumnElement[Any]:
    part: ColumnElement[Any] = literal_column(f"value ->> {number}")
    if dialect != "postgresql":
        return part
    return cast(part.concat("Z") if isinstance(column.type, Instant) else part, column.type)


def _is_postgresql(tx: Transaction) -> bool:
    return tx.dialect.name == "postgresql"


def _payload(rows: Sequence[Row]) -> dict[str, str]:
    return {"rows": json.dumps(rows)}


@cache
def _insertion(table: Table, names: Names, *, again: bool) -> "postgresql.Insert":
    from sqlalchemy.dialects import postgresql

    rows = rows_from_json("postgresql", *(table.c[name] for name in names))
    row = postgresql.insert(table).from_select(names, rows)
    return row.on_conflict_do_nothing() if again else row


@cache
def _addition(dialect: str, table: Table, names: Names) -> "ReturningInsert[Any]":
    columns = [table.c[name] for name in names]
    # Without a condition SQLite takes the next words for a join's.
    rows = rows_from_json(dialect, *columns).where(true())
    row = insert_for(dialect, table).from_select(names, rows)
    return row.on_conflict_do_nothing().returning(*columns)


@cache
def _update_statement(table: Table, names: Names, key: Names) -> Update:
    new = rows_from_json("postgresql", *(table.c[name] for name in names + key)).subquery("new")
    return (
        change(table)
        .where(*(table.c[name] == new.c[name] for name in key))
        .values({name: new.c[name] for name in names})
    )


@cache
def _sqlite_insertion(table: Table, names: Names, *, again: bool) -> str:
    end = " on conflict do nothing" if again else ""
    marks = ", ".join("?" * len(names))
    return f"insert into {table.name} ({', '.join(names)}) values ({marks}){end}"


@cache
def _sqlite_change(table: Table, names: Names, key: Names) -> str:
    values, found = (
        link.join(f"{name} = ?" for name in part) for link, part in ((", ", names), (" and ", key))
    )
    return f"update {table.name} set {values} where {found}"
