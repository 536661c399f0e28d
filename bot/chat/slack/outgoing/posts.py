"""Public messages: posted once, and updated."""

import asyncio
import secrets
from dataclasses import dataclass
from time import monotonic
from weakref import WeakValueDictionary

from bot.chat.card import Card
from bot.chat.kit.limits import RecentValues
from bot.chat.platform_interface import Posted
from bot.chat.slack.outgoing.messages import Messages, NotInvited
from bot.chat.slack.outgoing.reactions import Reactions
from bot.chat.slack.payload import is_direct, is_ephemeral, url_of
from bot.chat.slack.shared import Core, Interaction, logged_failures
from bot.errors import UserError
from bot.identity import MessageRef, Place

STORED_NAME = "signature"
LOOKS = 20
# Another process that starts now may be about to store the signature.
PAUSE_S = 0.05
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
        self._pending = WeakValueDictionary[MessageRef, _PendingUpdate]()
        self._written_at = RecentValues[MessageRef, float](
            MOST_KNOWN,
            self._pause_s,
        )

    async def change(self, message: MessageRef, card: Card) -> None:
        """Returns when this card or a newer one stands there."""
        update = self._pending.setdefault(message, _PendingUpdate())
        update.newest += 1
        update.card = card
        number = update.newest
        if card.final:
            await self._messages.wait_for_update_limit(message, at_once=True)
            await self._write_newest(message, update, number)
            return
        if (written_at := self._written_at.get(message)) is not None:
            await asyncio.sleep(written_at + self._pause_s - monotonic())
        async with update.waiting:
            if update.written < number:
                await self._messages.wait_for_update_limit(message, at_once=False)
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


@dataclass
class Posts:
    _core: Core
    _messages: Messages
    _reactions: Reactions

    def __post_init__(self) -> None:
        self._updates = MessageUpdates(self._messages, self._core.timeouts.between_updates)
        self._signature = ""
        self._settled_at = monotonic() + self._core.timeouts.other_process

    async def post(
        self, place: Place, card: Card, key: str, act: str, thread_ts: str = ""
    ) -> Posted:
        # A bot with another database counts its rounds anew, so each key carries a signature.
        self._signature = self._signature or await self._find_signature()
        key = f"{self._signature} {key}"
        posted = None
        if not await self._core.storage.claim(act, self._core.now()):
            posted = await self._find(place, key, thread_ts)
        if posted is None:
            posted = await self._messages.post(place, card, key, thread_ts)
        self._reactions.start_adding(posted.message, card.reactions)
        return posted

    async def answer(self, interaction: Interaction, card: Card, key: str) -> Posted:
        place = interaction.place
        act = interaction.id
        try:
            return await self.post(place, card, key or act, f"said {act}", interaction.thread_ts)
        except NotInvited:
            direct = is_direct(place.channel)
            reason = "slack_not_in_conversation" if direct else "slack_not_in_channel"
            raise UserError(reason) from None

    async def edit(self, message: MessageRef, card: Card) -> None:
        if url := url_of(message):
            with logged_failures("a private card can be reached no more"):
                team = message.place.community
                await self._messages.respond(url, team, card, replace_original=True)
        elif not is_ephemeral(message):
            await self._updates.change(message, card)

    async def _find_signature(self) -> str:
        for _ in range(LOOKS):
            if stored := await self._core.storage.get(STORED_NAME):
                return stored
            if await self._core.storage.claim(STORED_NAME, self._core.now()):
                break
            await asyncio.sleep(PAUSE_S)
        signature = secrets.token_hex(4)
        await self._core.storage.set(STORED_NAME, signature, self._core.now())
        return signature

    async def _find(self, place: Place, key: str, thread_ts: str) -> Posted | None:
        found = await self._messages.find(place, key, thread_ts)
        left_s = self._settled_at - monotonic()
        if found is None and left_s > 0:
            await asyncio.sleep(left_s)
            found = await self._messages.find(place, key, thread_ts)
        return found
