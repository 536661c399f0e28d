"""What a platform's side remembers: words under a name."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Table, delete, select

from bot.store.batching import Batching
from bot.store.sql.database import Database, added, insert_into
from bot.store.sql.tables.discord import discord_values

Kept = tuple[str, str, datetime]


class KeyValue:
    """Each method is one act; what is remembered at the same time is written together."""

    def __init__(self, database: Database, table: Table = discord_values) -> None:
        self._database, self._table = database, table
        self._remembering = Batching(self._remember)
        self._dropping = Batching(self._drop)

    async def get(self, name: str) -> str | None:
        async with self._database.look() as tx:
            return (
                await tx.execute(select(self._table.c.value).where(self._table.c.name == name))
            ).scalar()

    async def set(self, name: str, words: str, at: datetime) -> None:
        await self._remembering.add((name, words, at))

    async def delete(self, name: str) -> None:
        await self._dropping.add(name)

    async def claim(self, name: str, at: datetime) -> bool:
        """Whether nobody asked for this name before."""
        async with self._database.act() as tx:
            return await added(tx, insert_into(tx, self._table).values(name=name, at=at))

    async def with_prefix(self, name: str) -> Sequence[Kept]:
        """Everything whose name begins like this, the oldest first."""
        begins = self._table.c.name.startswith(name, autoescape=True)
        query = select(self._table.c.name, self._table.c.value, self._table.c.at).where(begins)
        async with self._database.look() as tx:
            return [
                (row.name, row.value, row.at)
                for row in await tx.execute(query.order_by(self._table.c.at))
            ]

    async def delete_claims(self, before: datetime) -> None:
        """What no longer matters: names without words, once they are old."""
        async with self._database.act() as tx:
            await tx.execute(
                delete(self._table).where(self._table.c.at < before, self._table.c.value == "")
            )

    async def _remember(self, kept: Sequence[Kept]) -> Sequence[None]:
        rows = [{"name": name, "value": words, "at": at} for name, words, at in kept]
        async with self._database.act() as tx:
            row = insert_into(tx, self._table)
            newest = {"value": row.excluded.value, "at": row.excluded.at}
            await tx.execute(row.on_conflict_do_update(index_elements=["name"], set_=newest), rows)
        return [None] * len(rows)

    async def _drop(self, names: Sequence[str]) -> Sequence[None]:
        async with self._database.act() as tx:
            await tx.execute(delete(self._table).where(self._table.c.name.in_(names)))
        return [None] * len(names)
