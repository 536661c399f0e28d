"""Reactions, heard and then removed: nobody can copy them."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

import discord

from bot.chat.card import Card
from bot.chat.discord.incoming.interactions import PLATFORM, person_of, place_in
from bot.chat.discord.outgoing.cards import render
from bot.chat.discord.outgoing.components import Json
from bot.chat.discord.outgoing.interaction_client import FAILURES
from bot.chat.discord.outgoing.rest import BotRest
from bot.chat.kit.replies import ReactionAnswers
from bot.chat.kit.storage import Storage
from bot.chat.platform_interface import Hear, Lost, Reaction
from bot.identity import MessageRef, Person

_VARIANTS = ["\N{VARIATION SELECTOR-16}", *map(chr, range(0x1F3FB, 0x1F400))]
_WITHOUT_VARIANTS = str.maketrans(dict.fromkeys(_VARIANTS))
_log = logging.getLogger(__name__)


class Reactions:
    def __init__(self, rest: BotRest, storage: Storage, now: Callable[[], datetime]) -> None:
        self._rest = rest
        self._now = now
        self._answers = ReactionAnswers(rest.add_reaction, FAILURES, storage, now)
        self.close = self._answers.laying.close
        self._channels_without_permission: set[str] = set()

    def start_adding(self, message: MessageRef, card: Card) -> None:
        self._answers.start_adding(message, card.reactions)

    async def added(self, payload: discord.RawReactionActionEvent, hear: Hear) -> None:
        member = payload.member
        user = str(payload.user_id)
        if user == self._rest.me or (member is not None and member.bot):
            return
        if payload.message_author_id and str(payload.message_author_id) != self._rest.me:
            return
        place = place_in(payload.guild_id, payload.channel_id)
        message = MessageRef(place, str(payload.message_id))
        roles = frozenset(str(role.id) for role in member.roles) if member else frozenset()
        name = member.display_name if member else ""
        person = Person(PLATFORM, user, name, groups=roles)
        await self._hear(person, message, _path(payload.emoji), self._now(), hear)

    async def read_missed(
        self, message: MessageRef, emoji: Sequence[str], until: datetime, hear: Hear
    ) -> None:
        asked = set(map(_plain, emoji))
        counts = [
            (_path(discord.PartialEmoji.from_dict(each["emoji"])), each)
            for each in await self._rest.reactions(message)
        ]
        mine = {_plain(path) for path, each in counts if each.get("me")}
        await self._answers.add_reactions(
            message, [each for each in emoji if _plain(each) not in mine]
        )
        for path, each in counts:
            others = int(each.get("count", 0)) - bool(each.get("me"))
            if others <= 0 or _plain(path) not in asked:
                continue
            # The list is read to its end first: answers that are heard are removed from it.
            users = [user async for user in self._rest.users_who_reacted(message, path)]
            at = min(until, self._now())
            for user in users:
                if not user.get("bot"):
                    await self._hear(await self._person(message, user), message, path, at, hear)

    async def _person(self, message: MessageRef, user: Json) -> Person:
        member: Json = {}
        try:
            if message.place.community.isdigit():
                member = await self._rest.member(message.place, user["id"])
        except FAILURES as error:
            _log.info("no name from the server: %s", error)
        return person_of(user, member)

    async def _hear(
        self, person: Person, message: MessageRef, emoji: str, at: datetime, hear: Hear
    ) -> None:
        async def remove() -> None:
            channel = message.place.channel
            if channel in self._channels_without_permission:
                return
            try:
                await self._rest.remove_reaction(message, emoji, person.id)
            except Lost:
                self._channels_without_permission.add(channel)
                _log.info(
                    "reactions stay in channel %s: the bot may not manage messages there", channel
                )
            except FAILURES as error:
                _log.info("a reaction could not be removed: %s", error)

        async def write(card: Card) -> None:
            await self._rest.direct_message(person.id, render(card))

        plain = _plain(emoji)
        act = f"{message.id}:{person.id}:{plain}"
        reaction = Reaction(act, person, message, plain, added=True, at=at)
        await self._answers.hear(reaction, hear, write, always=remove)


def _path(emoji: discord.PartialEmoji) -> str:
    """As it stands in URLs."""
    return f"{emoji.name}:{emoji.id}" if emoji.id else emoji.name


def _plain(emoji: str) -> str:
    return emoji.translate(_WITHOUT_VARIANTS)
