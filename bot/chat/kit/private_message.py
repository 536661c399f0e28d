"""Replies by private message, or to nobody."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.chat.card import Card
from bot.chat.port import Posted
from bot.identity import MessageRef, Place


class PrivateMessageReply:
    """`posted` stands for the message that is never shown."""

    def __init__(self, write: Callable[[Card], Awaitable[object]], posted: Posted) -> None:
        self._write = write
        self._posted = posted

    async def show(self, card: Card, key: str = "") -> Posted:  # noqa: ARG002 (the port names it)
        return await self.whisper(card)

    async def whisper(self, card: Card) -> Posted:
        await self._write(card)
        return self._posted

    async def replace(self, card: Card) -> Posted:
        return await self.whisper(card)


def unanswered(platform: str, at: datetime, community: str = "") -> PrivateMessageReply:

    async def nobody(_: Card) -> None:
        pass

    nowhere = MessageRef(Place(platform, community, ""), "")
    return PrivateMessageReply(nobody, Posted(nowhere, at))
