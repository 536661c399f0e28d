"""What the web chat remembers: its people, its messages and its pictures."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, desc, func, literal, or_, select, update

from bot.model.web_chat import WebMessage
from bot.store.sql.database import Database, Transaction, insert_into
from bot.store.sql.tables.web_chat import web_messages, web_people, web_pictures, web_versions

_NOTE = tuple(web_messages.c[name] for name in WebMessage.__slots__)


class WebChat:
    """Each method is one act."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def enter(self, person: str, name: str, name_key: str, at: datetime) -> bool:
        """Whether the name was free, and now is the person's."""
        async with self._database.act() as tx:
            row = insert_into(tx, web_people).values(
                id=person, name=name, name_key=name_key, created_at=at
            )
            entered = row.on_conflict_do_nothing().returning(web_people.c.id)
            return (await tx.execute(entered)).one_or_none() is not None

    async def name_of(self, person: str) -> str | None:
        async with self._database.look() as tx:
            return (
                await tx.execute(select(web_people.c.name).where(web_people.c.id == person))
            ).scalar()

    async def taken(self, name_keys: Collection[str]) -> frozenset[str]:
        """Those of the names that somebody has."""
        async with self._database.look() as tx:
            rows = await tx.execute(
                select(web_people.c.name_key).where(web_people.c.name_key.in_(name_keys))
            )
            return frozenset(rows.scalars())

    async def leave(self, person: str) -> None:
        async with self._database.act() as tx:
            await tx.execute(delete(web_people).where(web_people.c.id == person))

    async def say(
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
        """A new message, or the one that this key already named."""
        async with self._database.act() as tx:
            row = insert_into(tx, web_messages).values(
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
            await tx.execute(row.on_conflict_do_nothing(index_elements=["key"]))
            return WebMessage(
                *(await tx.execute(select(*_NOTE).where(web_messages.c.key == key))).one()
            )

    async def change(self, message: int, *, html: str, text: str) -> WebMessage | None:
        """The message with new words; None where it is gone."""
        async with self._database.act() as tx:
            words = update(web_messages).values(
                version=await _next_version(tx), html=html, text=text
            )
            await tx.execute(words.where(web_messages.c.id == message))
            return await _find(tx, message)

    async def replace(
        self, message: int, *, key: str, html: str, text: str, at: datetime
    ) -> WebMessage | None:
        """As `change`, once for each key: a repeat finds the message as it stands, with the instant of its turn."""
        async with self._database.act() as tx:
            words = update(web_messages).values(
                version=await _next_version(tx),
                html=html,
                text=text,
                replace_key=key,
                replaced_at=at,
            )
            fresh = or_(web_messages.c.replace_key.is_(None), web_messages.c.replace_key != key)
            await tx.execute(words.where(web_messages.c.id == message, fresh))
            return await _find(tx, message)

    async def find(self, message: int) -> WebMessage | None:
        async with self._database.look() as tx:
            return await _find(tx, message)

    async def latest(self) -> int:
        """The highest version there is; 0 before the first message."""
        async with self._database.look() as tx:
            return int(
                (
                    await tx.execute(select(func.coalesce(func.max(web_messages.c.version), 0)))
                ).scalar_one()
            )

    async def since(self, version: int, limit: int) -> Sequence[WebMessage]:
        """Everything newer than a version, whoever may see it, in the order of versions."""
        return await self._newer(web_messages.c.version > version, limit)

    async def missed(self, reader: str, version: int, limit: int) -> Sequence[WebMessage]:
        """Everything newer than a version that this person may see, in the order of versions."""
        return await self._newer((web_messages.c.version > version) & _visible(reader), limit)

    async def recent(
        self, channel: str, reader: str, before: int | None, limit: int
    ) -> Sequence[WebMessage]:
        """The last messages of a channel that this person may see, oldest first; only those below an id if given."""
        mine = (web_messages.c.channel == channel) & _visible(reader)
        earlier = web_messages.c.id < before if before is not None else literal(value=True)
        newest = select(*_NOTE).where(mine, earlier).order_by(desc(web_messages.c.id)).limit(limit)
        async with self._database.look() as tx:
            return [WebMessage(*row) for row in reversed((await tx.execute(newest)).all())]

    async def keep(self, digest: str, data: bytes) -> None:
        async with self._database.act() as tx:
            row = insert_into(tx, web_pictures).values(digest=digest, data=data)
            await tx.execute(row.on_conflict_do_nothing())

    async def picture(self, digest: str) -> bytes | None:
        async with self._database.look() as tx:
            return (
                await tx.execute(select(web_pictures.c.data).where(web_pictures.c.digest == digest))
            ).scalar()

    async def _newer(self, which: ColumnElement[bool], limit: int) -> Sequence[WebMessage]:
        newer = select(*_NOTE).where(which).order_by(web_messages.c.version).limit(limit)
        async with self._database.look() as tx:
            return [WebMessage(*row) for row in await tx.execute(newer)]


def _visible(reader: str) -> ColumnElement[bool]:
    return or_(web_messages.c.reader.is_(None), web_messages.c.reader == reader)


async def _find(tx: Transaction, message: int) -> WebMessage | None:
    row = (await tx.execute(select(*_NOTE).where(web_messages.c.id == message))).one_or_none()
    return WebMessage(*row) if row else None


async def _next_version(tx: Transaction) -> int:
    """One row hands out the versions: it stays locked until the commit, so versions appear in their order."""
    first = insert_into(tx, web_versions).values(id=1, latest=1)
    one_more = first.on_conflict_do_update(
        index_elements=["id"], set_={"latest": web_versions.c.latest + 1}
    )
    return int((await tx.execute(one_more.returning(web_versions.c.latest))).scalar_one())
