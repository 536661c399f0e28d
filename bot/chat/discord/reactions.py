"""Answers by reaction: the letters put under a card, the first one of each member carried on, then taken away."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import aiohttp
import discord

from bot.chat.card import Card
from bot.chat.discord.cards import render
from bot.chat.discord.interactions import PLATFORM, person_of, place_in
from bot.chat.discord.rest import BotRest
from bot.chat.kit.private_message import PrivateMessageReply
from bot.chat.kit.storage import Storage
from bot.chat.port import Hear, Lost, Posted, Reaction
from bot.identity import MessageRef, Person

_SKINS = {chr(tone): None for tone in range(0x1F3FB, 0x1F400)} | {"\N{VARIATION SELECTOR-16}": None}
_PLAIN = str.maketrans(_SKINS)
_FAILURES = (Lost, discord.DiscordException, aiohttp.ClientError, OSError)
_log = logging.getLogger(__name__)


class Reactions:
    def __init__(self, channels: BotRest, memory: Storage, now: Callable[[], datetime]) -> None:
        self._channels, self._memory, self._now = channels, memory, now
        self._shut: set[str] = set()
        self._laying: set[asyncio.Task[None]] = set()

    def lay(self, message: MessageRef, card: Card) -> None:
        """Put the card's emoji under it, at the pace that Discord allows; nobody waits for that."""
        if card.reactions:
            task = asyncio.create_task(self._lay(message, card.reactions))
            self._laying.add(task)
            task.add_done_callback(self._laying.discard)

    async def close(self) -> None:
        for task in self._laying:
            task.cancel()
        await asyncio.gather(*self._laying, return_exceptions=True)

    async def added(self, payload: discord.RawReactionActionEvent, me: int, hear: Hear) -> None:
        member = payload.member
        if payload.user_id == me or (member is not None and member.bot):
            return
        if payload.message_author_id not in (None, me):
            return
        place = place_in(payload.guild_id, payload.channel_id)
        message = MessageRef(place, str(payload.message_id))
        roles = frozenset(str(role.id) for role in member.roles) if member else frozenset()
        person = Person(
            PLATFORM, str(payload.user_id), member.display_name if member else "", groups=roles
        )
        await self._carry(person, message, written(payload.emoji), self._now(), hear)

    async def settle(
        self, message: MessageRef, emoji: Sequence[str], until: datetime, hear: Hear
    ) -> None:
        """Carry on what stands under a message and may have been missed, and put there what is not yet."""
        standing = await self._channels.emoji_under(message)
        mine = {_plain(_name(each["emoji"])) for each in standing if each.get("me")}
        await self._lay(message, [each for each in emoji if _plain(each) not in mine])
        for each in standing:
            others = int(each.get("count", 0)) - bool(each.get("me"))
            if others > 0 and _plain(_name(each["emoji"])) in map(_plain, emoji):
                await self._settle(message, _name(each["emoji"]), min(until, self._now()), hear)

    async def _settle(self, message: MessageRef, emoji: str, at: datetime, hear: Hear) -> None:
        people = [each async for each in self._channels.who_reacted(message, emoji)]
        for person in people:
            if not person.get("bot"):
                await self._carry(await self._named(message, person), message, emoji, at, hear)

    async def _named(self, message: MessageRef, user: dict[str, Any]) -> Person:
        """As the server calls them; without that, as they call themselves."""
        member: dict[str, Any] = {}
        try:
            if message.place.community.isdigit():
                member = await self._channels.member(message.place, user["id"]) or {}
        except _FAILURES as error:
            _log.info("no name from the server: %s", error)
        return person_of(user, member)

    async def _carry(
        self, person: Person, message: MessageRef, emoji: str, at: datetime, hear: Hear
    ) -> None:
        """One member's letter is one act, however often it is seen."""
        act = f"{message.id}:{person.id}:{_plain(emoji)}"

        async def judged(card: Card) -> bool:
            await self._take(message, emoji, person)
            return await self._memory.claim(
                f"told {act}", self._now()
            ) and await self._channels.write(person.id, render(card))

        await hear(
            Reaction(act, person, message, _plain(emoji), added=True, at=at),
            PrivateMessageReply(judged, Posted(message, at)),
        )

    async def _take(self, message: MessageRef, emoji: str, person: Person) -> None:
        """Away with it, so that nobody reads an answer from it; where the bot may not, it stays."""
        if message.place.channel in self._shut:
            return
        try:
            await self._channels.take_emoji(message, emoji, person.id)
        except Lost:
            self._shut.add(message.place.channel)
            _log.info(
                "reactions stay in channel %s: the bot may not manage messages there",
                message.place.channel,
            )
        except _FAILURES as error:
            _log.info("a reaction could not be taken away: %s", error)

    async def _lay(self, message: MessageRef, emoji: Sequence[str]) -> None:
        for each in emoji:
            try:
                await self._channels.put_emoji(message, each)
            except _FAILURES as error:
                _log.warning(
                    "the letters could not be put under a card (may the bot add reactions?): %s",
                    error,
                )
                return


def written(emoji: discord.PartialEmoji) -> str:
    """As addresses have it: the emoji itself, or name and id of a server's own."""
    return f"{emoji.name}:{emoji.id}" if emoji.id else str(emoji.name)


def _name(emoji: dict[str, Any]) -> str:
    return f"{emoji['name']}:{emoji['id']}" if emoji.get("id") else str(emoji["name"])


def _plain(emoji: str) -> str:
    """Without colour of skin and form of drawing."""
    return emoji.translate(_PLAIN)
