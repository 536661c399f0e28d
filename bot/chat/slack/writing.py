"""Changes of messages: of what waits for one message only the latest is written, and never too soon after the last."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

from bot.chat.card import Card
from bot.identity import MessageRef

MANY = 2000

Write = Callable[[MessageRef, Card], Awaitable[None]]


class _Page:
    """One message: its newest card, and how new the one is that was written."""

    def __init__(self) -> None:
        self.card: Card | None = None
        self.newest = self.written = 0
        self.turn = asyncio.Lock()


class Writing:
    def __init__(self, write: Write, apart: float) -> None:
        self._write, self._apart = write, apart
        self._pages: WeakValueDictionary[MessageRef, _Page] = WeakValueDictionary()
        self._times: OrderedDict[MessageRef, float] = OrderedDict()

    async def change(self, message: MessageRef, card: Card) -> None:
        """Returns when this card stands there, or a later one does. The last word of a round does not wait its turn."""
        page = self._pages.setdefault(message, _Page())
        page.newest += 1
        page.card, mine = card, page.newest
        if card.tone != "over":
            await asyncio.sleep(self._left(message))
        async with page.turn:
            if page.written >= mine:
                return
            newest = page.newest
            await self._write(message, page.card)
            page.written = newest
            self._remember(message)

    def _left(self, message: MessageRef) -> float:
        return max(0.0, self._times.get(message, -self._apart) + self._apart - asyncio.get_running_loop().time())

    def _remember(self, message: MessageRef) -> None:
        self._times[message] = asyncio.get_running_loop().time()
        self._times.move_to_end(message)
        if len(self._times) > MANY:
            self._times.popitem(last=False)
