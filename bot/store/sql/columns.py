"""Columns that many tables share, and instants that always have their zone."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """In UTC; a value without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs its zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = BigInteger().with_variant(Integer, "sqlite")


def own_id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def foreign_key(
    target: str, name: str = "", *, key: bool = False, nullable: bool = False
) -> Column[int]:
    name = name or f"{target.removesuffix('s')}_id"
    return Column(name, Id, ForeignKey(f"{target}.id"), primary_key=key, nullable=nullable)


def _column(name: str, kind: Any, *, key: bool = False, **options: Any) -> Column[Any]:
    return Column(name, kind, primary_key=key, **{"nullable": False, **options})


def text(name: str, **options: Any) -> Column[str]:
    return _column(name, Text, **options)


def number(name: str, **options: Any) -> Column[int]:
    return _column(name, Integer, **options)


def real(name: str, **options: Any) -> Column[float]:
    return _column(name, Float, **options)


def flag(name: str, **options: Any) -> Column[bool]:
    return _column(name, Boolean, **options)


def json(name: str) -> Column[Any]:
    return _column(name, JSON)


def day(**options: Any) -> Column[date]:
    return _column("day", Date, **options)


def instant_column(name: str = "at", **options: Any) -> Column[datetime]:
    return _column(name, Instant, **options)


def table(name: str, *parts: Any, **options: Any) -> Table:
    return Table(name, metadata, *parts, **options)
