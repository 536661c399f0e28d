"""Changes of messages: of what waits for one message only the latest is written, and never too soon after the last."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Protocol
from weakref import WeakValueDictionary

from bot.chat.card import Card
from bot.identity import MessageRef

MANY = 2000

Write = Callable[[MessageRef, Card], Awaitable[None]]


class UpdateAllowance(Protocol):
    def __call__(self, message: MessageRef, /, *, at_once: bool) -> Awaitable[None]: ...


class _PendingUpdate:
    """One message: its newest card, and how new the one is that was written."""

    def __init__(self) -> None:
        self.card: Card | None = None
        self.newest = self.written = 0
        self.turn, self.pen = asyncio.Lock(), asyncio.Lock()
        """Who waits for room, and who writes."""


class MessageUpdates:
    """`room` returns when there is room for one more change of a message."""

    def __init__(self, write: Write, room: UpdateAllowance, apart: float) -> None:
        self._write, self._room, self._apart = write, room, apart
        self._pages: WeakValueDictionary[MessageRef, _PendingUpdate] = WeakValueDictionary()
        self._times: OrderedDict[MessageRef, float] = OrderedDict()

    async def change(self, message: MessageRef, card: Card) -> None:
        """Returns when this card stands there, or a later one does. The last word of a round waits for no turn or room."""
        page = self._pages.setdefault(message, _PendingUpdate())
        page.newest += 1
        page.card, mine = card, page.newest
        if card.final:
            await self._room(message, at_once=True)
            await self._put(message, page, mine)
            return
        await asyncio.sleep(self._left(message))
        async with page.turn:
            if page.written < mine:
                await self._room(message, at_once=False)
                await self._put(message, page, mine)

    async def _put(self, message: MessageRef, page: _PendingUpdate, mine: int) -> None:
        async with page.pen:
            if page.written >= mine or page.card is None:
                return
            newest = page.newest
            await self._write(message, page.card)
            page.written = newest
            self._remember(message)

    def _left(self, message: MessageRef) -> float:
        return max(
            0.0,
            self._times.get(message, -self._apart)
            + self._apart
            - asyncio.get_running_loop().time(),
        )

    def _remember(self, message: MessageRef) -> None:
        self._times[message] = asyncio.get_running_loop().time()
        self._times.move_to_end(message)
        if len(self._times) > MANY:
            self._times.popitem(last=False)
