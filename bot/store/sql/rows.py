"""What many queries share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Executable,
    Row,
    Select,
    Table,
    and_,
    delete,
    literal_column,
    update,
)
from sqlalchemy.dialects import sqlite

from bot.identity import Place
from bot.store.sql.database import Transaction
from bot.store.sql.tables.people import places

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

AnyRow = Row[*tuple[Any, ...]]
Model = TypeVar("Model")
PLACE = (places.c.platform, places.c.community, places.c.channel)


def place_of(row: AnyRow) -> Place:
    return Place(row.platform, row.community, row.channel)


def with_place(model: Callable[..., Model], row: AnyRow, **others: Any) -> Model:
    """What `others` do not say comes from the columns that are called like the fields."""
    fields = {"place": place_of(row), **others}
    for name in model.__slots__:  # type: ignore[attr-defined]
        if name not in fields:
            fields[name] = getattr(row, name)
    return model(**fields)


async def find_one(
    tx: Transaction, query: Select[Any], make: Callable[[AnyRow], Model]
) -> Model | None:
    row = (await tx.execute(query)).one_or_none()
    return make(row) if row else None


async def find_all(
    tx: Transaction, query: Select[Any], make: Callable[[AnyRow], Model]
) -> list[Model]:
    return [make(row) for row in await tx.execute(query)]


async def is_found(tx: Transaction, query: Select[Any]) -> bool:
    return (await tx.execute(query.limit(1))).first() is not None


def matches_place(place: Place) -> ColumnElement[bool]:
    return and_(in_community(places, place), places.c.channel == place.channel)


def in_community(table: Table, place: Place) -> ColumnElement[bool]:
    return and_(table.c.platform == place.platform, table.c.community == place.community)


def same_community(table: Table, other: Table) -> ColumnElement[bool]:
    return and_(table.c.platform == other.c.platform, table.c.community == other.c.community)


def columns_of(table: Table, model: Any) -> list[Column[Any]]:
    return [table.c[name] for name in model.__slots__]


def insert_into(tx: Transaction, table: Table) -> "postgresql.Insert | sqlite.Insert":
    return insert_for(tx.dialect.name, table)


def insert_for(dialect: str, table: Table) -> "postgresql.Insert | sqlite.Insert":
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    return sqlite.insert(table)


async def insert_new(tx: Transaction, table: Table, **values: Any) -> bool:
    """False where a key says that it exists already."""
    row = insert_into(tx, table).values(values).on_conflict_do_nothing()
    # RETURNING, because PostgreSQL's driver gives no row count of an insert.
    return await tx.scalar(row.returning(literal_column("1"))) is not None


async def upsert(tx: Transaction, table: Table, key: dict[str, Any], **values: Any) -> None:
    row = insert_into(tx, table).values(key | values)
    await tx.execute(row.on_conflict_do_update(index_elements=list(key), set_=values))


async def changes_one_row(tx: Transaction, statement: Executable) -> bool:
    return (await tx.execute(statement)).rowcount == 1


async def update_row(tx: Transaction, table: Table, key: dict[str, Any], /, **values: Any) -> bool:
    return await changes_one_row(tx, update(table).filter_by(**key).values(values))


async def delete_rows(tx: Transaction, table: Table, /, **key: Any) -> int:
    return (await tx.execute(delete(table).filter_by(**key))).rowcount
