"""Replies by private message, and answers by reaction."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.chat.card import Card
from bot.chat.kit.storage import Storage
from bot.chat.kit.tasks import BackgroundTasks
from bot.chat.port import Hear, Posted, Reaction
from bot.identity import MessageRef, Place

_log = logging.getLogger(__name__)


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


class ReactionAnswers:
    def __init__(
        self,
        put: Callable[[MessageRef, str], Awaitable[object]],
        failures: tuple[type[Exception], ...],
        storage: Storage,
        now: Callable[[], datetime],
    ) -> None:
        self._put = put
        self._failures = failures
        self._storage = storage
        self._now = now
        self._laying = BackgroundTasks()
        self.close = self._laying.close

    def lay(self, message: MessageRef, emoji: Sequence[str]) -> None:
        # Platforms take one reaction after the other, slowly.
        if emoji:
            self._laying.start(self.lay_now(message, emoji))

    async def lay_now(self, message: MessageRef, emoji: Sequence[str]) -> None:
        for each in emoji:
            try:
                await self._put(message, each)
            except self._failures as error:
                _log.warning(
                    "no emoji could be put under a card (may the bot add reactions?): %s", error
                )
                return

    async def hear(
        self,
        reaction: Reaction,
        hear: Hear,
        write: Callable[[Card], Awaitable[object]],
        always: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        """Only the first is answered; `always` is done before any answer."""

        async def write_once(card: Card) -> None:
            if always:
                await always()
            if await self._storage.claim(f"told {reaction.id}", self._now()):
                await write(card)

        posted = Posted(reaction.message, reaction.at)
        await hear(reaction, PrivateMessageReply(write_once, posted))
