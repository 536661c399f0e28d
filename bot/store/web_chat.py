"""What the web chat keeps."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, true, update

from bot.model.web_chat import WebMessage
from bot.store.sql.database import Database, Transaction
from bot.store.sql.rows import columns_of, delete_rows, find_one, insert_into, insert_new
from bot.store.sql.tables.adapters import web_messages, web_people, web_pictures, web_versions

_MESSAGE = select(*columns_of(web_messages, WebMessage))


class WebChat:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def enter(self, person: str, name: str, name_key: str, at: datetime) -> bool:
        async with self._database.transaction() as tx:
            return await insert_new(
                tx, web_people, id=person, name=name, name_key=name_key, created_at=at
            )

    async def name_of(self, person: str) -> str | None:
        async with self._database.reading() as tx:
            return await tx.scalar(select(web_people.c.name).filter_by(id=person))

    async def taken(self, name_keys: Collection[str]) -> frozenset[str]:
        query = select(web_people.c.name_key).where(web_people.c.name_key.in_(name_keys))
        async with self._database.reading() as tx:
            return frozenset(await tx.scalars(query))

    async def leave(self, person: str) -> None:
        async with self._database.transaction() as tx:
            await delete_rows(tx, web_people, id=person)

    async def add_message(
        self,
        *,
        key: str,
        channel: str,
        reader: str | None,
        speaker: str | None,
        author: str,
        html: str,
        text: str,
        at: datetime,
    ) -> WebMessage:
        async with self._database.transaction() as tx:
            await insert_new(
                tx,
                web_messages,
                version=await _next_version(tx),
                key=key,
                channel=channel,
                reader=reader,
                speaker=speaker,
                author=author,
                html=html,
                text=text,
                at=at,
            )
            row = (await tx.execute(_MESSAGE.filter_by(key=key))).one()
            return WebMessage(*row)

    async def change(self, message: int, *, html: str, text: str) -> WebMessage | None:
        return await self._change(message, true(), html=html, text=text)

    async def replace(
        self, message: int, *, key: str, html: str, text: str, at: datetime
    ) -> WebMessage | None:
        """Once for each key: a repeat finds the message as it was replaced."""
        replaced_by = web_messages.c.replace_key
        is_new = or_(replaced_by.is_(None), replaced_by != key)
        return await self._change(
            message, is_new, html=html, text=text, replace_key=key, replaced_at=at
        )

    async def _change(
        self, message: int, condition: ColumnElement[bool], **values: Any
    ) -> WebMessage | None:
        async with self._database.transaction() as tx:
            changing = update(web_messages).filter_by(id=message).where(condition)
            await tx.execute(changing.values(version=await _next_version(tx), **values))
            return await _find(tx, message)

    async def find(self, message: int) -> WebMessage | None:
        async with self._database.reading() as tx:
            return await _find(tx, message)

    async def latest(self) -> int:
        async with self._database.reading() as tx:
            return await tx.scalar(select(func.max(web_messages.c.version))) or 0

    async def since(self, version: int, limit: int) -> Sequence[WebMessage]:
        return await self._read(_newer(version).limit(limit))

    async def missed(self, reader: str, version: int, limit: int) -> Sequence[WebMessage]:
        return await self._read(_newer(version).where(_visible(reader)).limit(limit))

    async def recent(
        self, channel: str, reader: str, before: int | None, limit: int
    ) -> Sequence[WebMessage]:
        query = _MESSAGE.where(web_messages.c.channel == channel, _visible(reader))
        if before is not None:
            query = query.where(web_messages.c.id < before)
        newest = await self._read(query.order_by(web_messages.c.id.desc()).limit(limit))
        return newest[::-1]

    async def keep(self, digest: str, data: bytes) -> None:
        async with self._database.transaction() as tx:
            await insert_new(tx, web_pictures, digest=digest, data=data)

    async def picture(self, digest: str) -> bytes | None:
        query = select(web_pictures.c.data).filter_by(digest=digest)
        async with self._database.reading() as tx:
            return await tx.scalar(query)

    async def _read(self, query: Select[*tuple[Any, ...]]) -> Sequence[WebMessage]:
        async with self._database.reading() as tx:
            return [WebMessage(*row) for row in await tx.execute(query)]


def _newer(version: int) -> Select[*tuple[Any, ...]]:
    return _MESSAGE.where(web_messages.c.version > version).order_by(web_messages.c.version)


def _visible(reader: str) -> ColumnElement[bool]:
    return or_(web_messages.c.reader.is_(None), web_messages.c.reader == reader)


async def _find(tx: Transaction, message: int) -> WebMessage | None:
    return await find_one(tx, _MESSAGE.filter_by(id=message), lambda row: WebMessage(*row))


async def _next_version(tx: Transaction) -> int:
    """A row locked until the commit: versions appear in their order."""
    next_one = (
        insert_into(tx, web_versions)
        .values(id=1, latest=1)
        .on_conflict_do_update(index_elements=["id"], set_={"latest": web_versions.c.latest + 1})
    )
    return int((await tx.scalars(next_one.returning(web_versions.c.latest))).one())
