"""Key-value storage for adapters, each in a table of its own."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Table, delete, select

from bot.store.batching import Batching
from bot.store.sql.database import Database
from bot.store.sql.rows import insert_into, insert_new
from bot.store.sql.tables.adapters import discord_values

KeptValue = tuple[str, str, datetime]


class KeyValue:
    def __init__(self, database: Database, table: Table = discord_values) -> None:
        self._database = database
        self._table = table
        self._setting = Batching(self._set_all)
        self._deleting = Batching(self._delete_all)

    async def get(self, name: str) -> str | None:
        query = select(self._table.c.value).where(self._table.c.name == name)
        async with self._database.reading() as tx:
            return await tx.scalar(query)

    async def set(self, name: str, value: str, at: datetime) -> None:
        await self._setting.add((name, value, at))

    async def delete(self, name: str) -> None:
        await self._deleting.add(name)

    async def claim(self, name: str, at: datetime) -> bool:
        async with self._database.transaction() as tx:
            return await insert_new(tx, self._table, name=name, at=at)

    async def with_prefix(self, prefix: str) -> Sequence[KeptValue]:
        """The oldest first."""
        table = self._table.c
        query = select(table.name, table.value, table.at).order_by(table.at)
        async with self._database.reading() as tx:
            rows = await tx.execute(query.where(table.name.startswith(prefix, autoescape=True)))
            return [(name, value, at) for name, value, at in rows]

    async def delete_claims(self, before: datetime) -> None:
        old = (self._table.c.at < before) & (self._table.c.value == "")
        async with self._database.transaction() as tx:
            await tx.execute(delete(self._table).where(old))

    async def _set_all(self, values: Sequence[KeptValue]) -> Sequence[None]:
        rows = [{"name": name, "value": value, "at": at} for name, value, at in values]
        async with self._database.transaction() as tx:
            row = insert_into(tx, self._table)
            newest = {"value": row.excluded.value, "at": row.excluded.at}
            await tx.execute(row.on_conflict_do_update(index_elements=["name"], set_=newest), rows)
        return [None] * len(rows)

    async def _delete_all(self, names: Sequence[str]) -> Sequence[None]:
        async with self._database.transaction() as tx:
            await tx.execute(delete(self._table).where(self._table.c.name.in_(names)))
        return [None] * len(names)
