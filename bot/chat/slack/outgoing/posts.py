"""Public messages that are posted once, and the changes of any message."""

import asyncio
from dataclasses import dataclass
from time import monotonic

from bot.chat.card import Card
from bot.chat.port import Posted
from bot.chat.slack.core import Core, logged_failures
from bot.chat.slack.identifiers import is_direct, is_unreachable, url_of
from bot.chat.slack.interaction import Interaction
from bot.chat.slack.outgoing.message_metadata import MessageKeys
from bot.chat.slack.outgoing.message_updates import MessageUpdates
from bot.chat.slack.outgoing.messages import Messages, NotInvited
from bot.chat.slack.outgoing.reactions import Reactions
from bot.errors import UserError
from bot.identity import MessageRef, Place


@dataclass
class Posts:
    _core: Core
    _messages: Messages
    _updates: MessageUpdates
    _reactions: Reactions

    def __post_init__(self) -> None:
        self._keys = MessageKeys(self._core)
        self._settled_at = monotonic() + self._core.timeouts.other_process

    async def post(
        self, place: Place, card: Card, key: str, act: str, thread_ts: str = ""
    ) -> Posted:
        key = await self._keys.sign(key)
        posted = None
        if not await self._core.storage.claim(act, self._core.now()):
            posted = await self._find(place, key, thread_ts)
        if posted is None:
            posted = await self._messages.post(place, card, key, thread_ts)
        self._reactions.lay(posted.message, card.reactions)
        return posted

    async def answer(self, interaction: Interaction, card: Card, key: str) -> Posted:
        place = interaction.place
        try:
            return await self.post(
                place,
                card,
                key or interaction.id,
                f"said {interaction.id}",
                interaction.thread_ts,
            )
        except NotInvited:
            if is_direct(place.channel):
                raise UserError("slack_not_in_conversation") from None
            raise UserError("slack_not_in_channel") from None

    async def edit(self, message: MessageRef, card: Card) -> None:
        if url := url_of(message):
            with logged_failures("a private card can be reached no more"):
                team = message.place.community
                await self._messages.respond(url, team, card, replace_original=True)
        elif not is_unreachable(message):
            await self._updates.change(message, card)

    async def _find(self, place: Place, key: str, thread_ts: str) -> Posted | None:
        found = await self._messages.find(place, key, thread_ts)
        left_s = self._settled_at - monotonic()
        if found is None and left_s > 0:
            await asyncio.sleep(left_s)
            found = await self._messages.find(place, key, thread_ts)
        return found
