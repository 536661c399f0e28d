"""Answers by reaction: the numbers put under a card, and the first one of each member carried on."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bot.chat.card import Card
from bot.chat.kit.private_message import PrivateMessageReply
from bot.chat.kit.storage import Storage
from bot.chat.port import Hear, Posted, Reaction
from bot.chat.slack.incoming.payloads import PLATFORM, person_of, time_of
from bot.chat.slack.member_names import MemberNames
from bot.chat.slack.outgoing.cards import render
from bot.chat.slack.outgoing.emoji import name_of, sign_of
from bot.chat.slack.outgoing.messages import Messages
from bot.chat.slack.outgoing.reply import FAILURES
from bot.chat.slack.workspaces import Workspaces
from bot.identity import MessageRef, Place

Json = dict[str, Any]
_log = logging.getLogger(__name__)


class Reactions:
    def __init__(
        self,
        channels: Messages,
        workspaces: Workspaces,
        names: MemberNames,
        memory: Storage,
        now: Callable[[], datetime],
    ) -> None:
        self._channels, self._workspaces, self._names = channels, workspaces, names
        self._memory, self._now = memory, now
        self._laying: set[asyncio.Task[None]] = set()

    def lay(self, message: MessageRef, names: Sequence[str]) -> None:
        """Put a card's emoji under it; nobody waits for that."""
        if names:
            task = asyncio.create_task(self._lay(message, names))
            self._laying.add(task)
            task.add_done_callback(self._laying.discard)

    async def close(self) -> None:
        for task in self._laying:
            task.cancel()
        await asyncio.gather(*self._laying, return_exceptions=True)

    async def added(self, team: str, event: Json, hear: Hear) -> None:
        here, item = await self._workspaces.find(team), event.get("item") or {}
        if item.get("type") != "message" or (here and event.get("user") == here.user):
            return
        message = MessageRef(Place(PLATFORM, team, str(item["channel"])), str(item["ts"]))
        await self._carry(
            message,
            str(event["user"]),
            str(event["reaction"]),
            time_of(str(event["event_ts"])),
            hear,
        )

    async def settle(
        self, message: MessageRef, emoji: Sequence[str], until: datetime, hear: Hear
    ) -> None:
        """Carry on what stands under a message and may have been missed, and put there what is not yet."""
        here = await self._workspaces.find(message.place.community)
        mine, standing = here.user if here else "", await self._channels.reactions(message)
        own = {str(each["name"]) for each in standing if mine in (each.get("users") or ())}
        await self._lay(message, [name for name in map(name_of, emoji) if name not in own])
        for each in standing:
            if sign_of(str(each["name"])) in emoji:
                for user in each.get("users") or ():
                    if user != mine:
                        await self._carry(
                            message, str(user), str(each["name"]), min(until, self._now()), hear
                        )

    async def _carry(
        self, message: MessageRef, user: str, name: str, at: datetime, hear: Hear
    ) -> None:
        """One member's letter is one act, however often it is seen."""
        place, sign = message.place, sign_of(name)
        act = f"{place.channel}:{message.id}:{user}:{sign}"

        async def judged(card: Card) -> None:
            if await self._memory.claim(f"told {act}", self._now()):
                await self._tell(place, user, card)

        person = person_of(place.community, user, self._names.of(place.community, user))
        reaction = Reaction(act, person, message, sign, added=True, at=at)
        await hear(reaction, PrivateMessageReply(judged, Posted(message, at)))
        self._names.check(place.community, user, person.name)

    async def _tell(self, place: Place, user: str, card: Card) -> None:
        try:
            await self._channels.whisper(place, user, render(card))
        except FAILURES:
            try:
                await self._channels.write(place, user, render(card))
            except FAILURES as error:
                _log.info("nobody could be told: %s", error)

    async def _lay(self, message: MessageRef, names: Sequence[str]) -> None:
        for name in names:
            try:
                await self._channels.put_emoji(message, name)
            except FAILURES as error:
                _log.warning(
                    "the numbers could not be put under a card (may the bot add reactions?): %s",
                    error,
                )
                return
