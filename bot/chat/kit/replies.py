"""Replies by private message, and answers by reaction."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.chat.card import Card
from bot.chat.kit.storage import Storage
from bot.chat.kit.tasks import BackgroundTasks
from bot.chat.platform_interface import Hear, Posted, Reaction
from bot.identity import MessageRef, Place

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PrivateMessageReply:
    """`posted` stands for the message that is never shown."""

    write: Callable[[Card], Awaitable[object]]
    posted: Posted

    async def show(self, card: Card, key: str = "") -> Posted:  # noqa: ARG002 (the port names it)
        return await self.whisper(card)

    async def whisper(self, card: Card) -> Posted:
        await self.write(card)
        return self.posted

    replace = whisper


def discarding_reply(platform: str, at: datetime, community: str = "") -> PrivateMessageReply:
    async def nobody(_: Card) -> None:
        pass

    nowhere = MessageRef(Place(platform, community, ""), "")
    return PrivateMessageReply(nobody, Posted(nowhere, at))


@dataclass(frozen=True, slots=True)
class ReactionAnswers:
    put: Callable[[MessageRef, str], Awaitable[object]]
    failures: tuple[type[Exception], ...]
    storage: Storage
    now: Callable[[], datetime]
    laying: BackgroundTasks = field(default_factory=BackgroundTasks)

    def start_adding(self, message: MessageRef, emoji: Sequence[str]) -> None:
        # Platforms take one reaction after the other, slowly.
        if emoji:
            self.laying.start(self.add_reactions(message, emoji))

    async def add_reactions(self, message: MessageRef, emoji: Sequence[str]) -> None:
        for each in emoji:
            try:
                await self.put(message, each)
            except self.failures as error:
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
            if await self.storage.claim(f"told {reaction.id}", self.now()):
                await write(card)

        posted = Posted(reaction.message, reaction.at)
        await hear(reaction, PrivateMessageReply(write_once, posted))
