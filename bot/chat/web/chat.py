"""What all parts of the web chat share."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.chat.kit.typed_commands import Sources
from bot.chat.platform_interface import Say
from bot.chat.web.http.address import Address
from bot.model.web_chat import WebMessage


class ChatStorage(Protocol):
    async def enter(self, person: str, name: str, name_key: str, at: datetime) -> bool:
        """Whether the name was free, and now is the person's."""

    async def name_of(self, person: str) -> str | None: ...
    async def taken(self, name_keys: Collection[str]) -> Collection[str]: ...
    async def leave(self, person: str) -> None: ...

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
        """A new message, or the one that has this key already."""

    async def change(self, message: int, *, html: str, text: str) -> WebMessage | None: ...

    async def replace(
        self, message: int, *, key: str, html: str, text: str, at: datetime
    ) -> WebMessage | None:
        """As `change`, once for each key."""

    async def find(self, message: int) -> WebMessage | None: ...
    async def latest(self) -> int: ...
    async def since(self, version: int, limit: int) -> Sequence[WebMessage]: ...
    async def missed(self, reader: str, version: int, limit: int) -> Sequence[WebMessage]: ...
    async def recent(
        self, channel: str, reader: str, before: int | None, limit: int
    ) -> Sequence[WebMessage]: ...
    async def keep(self, digest: str, data: bytes) -> None: ...
    async def picture(self, digest: str) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Chat:
    storage: ChatStorage
    channels: Sequence[str]
    # What can follow a command, such as the names of packs.
    sources: Callable[[], Sources]
    address: Address
    now: Callable[[], datetime]
    say: Say
