"""What the web chat needs remembered, whoever remembers it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol


class StoredMessage(Protocol):
    """A message as it stands. Every addition and every change gives it a version above all before it."""

    @property
    def id(self) -> int: ...
    @property
    def version(self) -> int: ...
    @property
    def channel(self) -> str: ...
    @property
    def reader(self) -> str | None:
        """The one person who sees it; None: everyone does."""

    @property
    def speaker(self) -> str | None:
        """The person who wrote it; None: the bot."""

    @property
    def author(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def turn_key(self) -> str | None: ...
    @property
    def turned_at(self) -> datetime | None: ...


class ChatStorage(Protocol):
    async def enter(self, person: str, name: str, name_key: str, at: datetime) -> bool:
        """Whether the name was free, and now is the person's."""

    async def name_of(self, person: str) -> str | None: ...
    async def taken(self, name_keys: Collection[str]) -> Collection[str]: ...
    async def leave(self, person: str) -> None: ...

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
    ) -> StoredMessage:
        """A new message, or the one that this key already named."""

    async def change(self, message: int, *, html: str, text: str) -> StoredMessage | None:
        """The message with new words; None where it is gone."""

    async def replace(
        self, message: int, *, key: str, html: str, text: str, at: datetime
    ) -> StoredMessage | None:
        """As `change`, once for each key."""

    async def find(self, message: int) -> StoredMessage | None: ...
    async def latest(self) -> int: ...
    async def since(self, version: int, limit: int) -> Sequence[StoredMessage]: ...
    async def missed(self, reader: str, version: int, limit: int) -> Sequence[StoredMessage]: ...
    async def recent(
        self, channel: str, reader: str, before: int | None, limit: int
    ) -> Sequence[StoredMessage]: ...
    async def keep(self, digest: str, data: bytes) -> None: ...
    async def picture(self, digest: str) -> bytes | None: ...
