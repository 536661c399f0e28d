"""Updates of messages: only the newest card of each is written, and not too often."""

import asyncio
from dataclasses import dataclass
from time import monotonic
from weakref import WeakValueDictionary

from bot.chat.card import Card
from bot.chat.kit.limits import RecentValues
from bot.chat.slack.outgoing.messages import Messages
from bot.identity import MessageRef

MOST_KNOWN = 2000


class _PendingUpdate:
    def __init__(self) -> None:
        self.card: Card | None = None
        self.newest = 0
        self.written = 0
        self.waiting = asyncio.Lock()
        self.writing = asyncio.Lock()


@dataclass
class MessageUpdates:
    _messages: Messages
    _pause_s: float

    def __post_init__(self) -> None:
        self._pending: WeakValueDictionary[MessageRef, _PendingUpdate] = WeakValueDictionary()
        self._written_at: RecentValues[MessageRef, float] = RecentValues(
            MOST_KNOWN,
            self._pause_s,
        )

    async def change(self, message: MessageRef, card: Card) -> None:
        """Returns when this card or a newer one stands there. A final card does not wait."""
        update = self._pending.setdefault(message, _PendingUpdate())
        update.newest += 1
        update.card = card
        number = update.newest
        if card.final:
            await self._messages.update_allowance(message, at_once=True)
            await self._write_newest(message, update, number)
            return
        if (written_at := self._written_at.get(message)) is not None:
            await asyncio.sleep(written_at + self._pause_s - monotonic())
        async with update.waiting:
            if update.written < number:
                await self._messages.update_allowance(message, at_once=False)
                await self._write_newest(message, update, number)

    async def _write_newest(
        self,
        message: MessageRef,
        update: _PendingUpdate,
        number: int,
    ) -> None:
        async with update.writing:
            if update.written >= number or update.card is None:
                return
            newest = update.newest
            await self._messages.edit(message, update.card)
            update.written = newest
            self._written_at[message] = monotonic()
