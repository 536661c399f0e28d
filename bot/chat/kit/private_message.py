"""How somebody is answered on whose screen no card can be put: by a letter, if at all."""

from collections.abc import Awaitable, Callable

from bot.chat.card import Card
from bot.chat.port import Posted


class PrivateMessageReply:
    """`write` gets the words to them, where the platform has a way; `nowhere` stands for the card that is none."""

    def __init__(self, write: Callable[[Card], Awaitable[object]], nowhere: Posted) -> None:
        self._write, self._nowhere = write, nowhere

    async def show(self, card: Card, key: str = "") -> Posted:  # noqa: ARG002 (the port names it)
        return await self.whisper(card)

    async def whisper(self, card: Card) -> Posted:
        await self._write(card)
        return self._nowhere

    async def replace(self, card: Card) -> Posted:
        return await self.whisper(card)
