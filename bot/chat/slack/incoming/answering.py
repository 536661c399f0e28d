"""Handing an interaction to the conversation, with what it has to know of member and place."""

import logging
from asyncio import Event
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.chat.card import Card, Text
from bot.chat.port import Command, Hear, Say
from bot.chat.slack.clients import Clients
from bot.chat.slack.identifiers import place_of
from bot.chat.slack.incoming.typed_text import NOBODY
from bot.chat.slack.interaction import Interaction
from bot.chat.slack.outgoing.reply import SlackReply
from bot.chat.slack.web_api import FAILURES
from bot.commands import find_action
from bot.errors import UserError

_log = logging.getLogger(__name__)


class Answering:
    def __init__(self, clients: Clients, hear: Hear, now: Callable[[], datetime], say: Say) -> None:
        self._clients = clients
        self._hear = hear
        self._now = now
        self._say = say

    async def answer(self, interaction: Interaction, answering: Event | None = None) -> None:
        """`answering` is set as soon as what was done is safe."""
        interaction = await self._completed(interaction)
        team, user = interaction.team, interaction.user
        try:
            await self._hear(interaction.event, self._reply(interaction, answering))
        except FAILURES as error:
            _log.warning("an interaction could not be answered: %s", error)
        self._clients.names.check(team, user, interaction.event.person.sure_name)
        self._clients.home_tabs.refresh(team, user, self._hear)

    async def refuse(self, interaction: Interaction, error: UserError) -> None:
        """Say what was not understood."""
        sentence = self._say(error.reason, **error.values)
        card = Card(self._say("slack_not_understood"), (Text((sentence,)),), tone="bad")
        try:
            await self._reply(interaction).whisper(card)
        except FAILURES as failure:
            _log.warning("a command could not be answered: %s", failure)

    def _reply(self, interaction: Interaction, answering: Event | None = None) -> SlackReply:
        messages = self._clients.messages
        posts = self._clients.posts
        answering = answering or Event()
        return SlackReply(interaction, messages, posts, self._now, self._say, answering)

    async def _completed(self, interaction: Interaction) -> Interaction:
        """With the member's name and rights; the Home tab belongs to the direct messages."""
        event = interaction.event
        team, user = interaction.team, interaction.user
        place = interaction.place
        if interaction.in_home_tab:
            place = place_of(team, await self._clients.messages.direct_channel(team, user))
        action = find_action(interaction.action)
        is_asked = action.admin or action.admin_aware
        admin = is_asked and await self._clients.admins.has(team, user)
        name = self._clients.names.of(team, user)
        person = replace(
            event.person, admin=admin, name=name or event.person.name, stopgap=not name
        )
        if isinstance(event, Command) and event.args.get("admins"):
            admins = await self._admins_argument(team, event.args["admins"])
            event = replace(event, args={**event.args, "admins": admins})
        return replace(interaction, event=replace(event, place=place, person=person))

    async def _admins_argument(self, team: str, chosen: str) -> str:
        """A user id with a name; for nobody, the workspace's id."""
        if chosen == NOBODY:
            return team
        user, _, name = chosen.partition(" ")
        return f"{user} {await self._clients.admins.name(team, user, name)}"
