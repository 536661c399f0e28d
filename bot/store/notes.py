"""What Discord's side remembers: short words under a name."""

from datetime import datetime

from sqlalchemy import delete, select

from bot.store.database import Database, added, insert_into
from bot.store.tables import discord_notes


class Notes:
    """Each method is one act."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recall(self, name: str) -> str | None:
        async with self._database.look() as tx:
            return (await tx.execute(select(discord_notes.c.words).where(discord_notes.c.name == name))).scalar()

    async def remember(self, name: str, words: str, at: datetime) -> None:
        async with self._database.act() as tx:
            row = insert_into(tx, discord_notes).values(name=name, words=words, at=at)
            await tx.execute(row.on_conflict_do_update(index_elements=["name"], set_={"words": words, "at": at}))

    async def first(self, name: str, at: datetime) -> bool:
        """Whether nobody asked for this name before."""
        async with self._database.act() as tx:
            return await added(tx, insert_into(tx, discord_notes).values(name=name, at=at))

    async def forget(self, before: datetime) -> None:
        """What no longer matters: names without words, once they are old."""
        async with self._database.act() as tx:
            await tx.execute(delete(discord_notes).where(discord_notes.c.at < before, discord_notes.c.words == ""))
