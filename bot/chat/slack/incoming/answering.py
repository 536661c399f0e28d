"""Interactions on their way to the conversation."""

from asyncio import Event
from dataclasses import dataclass, replace

from bot.chat.card import Card, Text
from bot.chat.platform_interface import Command
from bot.chat.slack.clients import Clients
from bot.chat.slack.incoming.typed_text import NOBODY
from bot.chat.slack.outgoing.reply import SlackReply
from bot.chat.slack.payload import place_of
from bot.chat.slack.shared import Core, Interaction, logged_failures
from bot.commands import find_action
from bot.errors import UserError


@dataclass
class Answering:
    _core: Core
    _clients: Clients

    async def answer(self, interaction: Interaction, answering: Event | None = None) -> None:
        """`answering` is set as soon as what was done is safe."""
        interaction = await self._completed(interaction)
        team = interaction.team
        user = interaction.user
        with logged_failures("an interaction could not be answered"):
            await self._core.hear(interaction.event, self._reply(interaction, answering))
        self._clients.names.check(team, user, interaction.event.person.sure_name)
        self._clients.home_tabs.refresh(team, user)

    async def refuse(self, interaction: Interaction, error: UserError) -> None:
        sentence = self._core.say(error.reason, **error.values)
        card = Card(self._core.say("slack_not_understood"), (Text((sentence,)),), tone="bad")
        with logged_failures("a command could not be answered"):
            await self._reply(interaction).whisper(card)

    def _reply(self, interaction: Interaction, answering: Event | None = None) -> SlackReply:
        clients = self._clients
        return SlackReply(
            self._core, interaction, clients.messages, clients.posts, answering or Event()
        )

    async def _completed(self, interaction: Interaction) -> Interaction:
        event = interaction.event
        team = interaction.team
        user = interaction.user
        place = interaction.place
        # The Home tab belongs to the direct messages.
        if interaction.in_home_tab:
            place = place_of(team, await self._clients.messages.direct_channel(team, user))
        action = find_action(interaction.action)
        is_asked = action.admin or action.admin_aware
        admin = is_asked and await self._clients.admins.has(team, user)
        name = self._clients.names.of(team, user)
        person = replace(
            event.person, admin=admin, name=name or event.person.name, stopgap=not name
        )
        if isinstance(event, Command) and (chosen := event.args.get("admins")):
            # A user id with a name; for nobody, the workspace's id.
            admins = team
            if chosen != NOBODY:
                admin_id, _, name = chosen.partition(" ")
                admins = f"{admin_id} {await self._clients.admins.name(team, admin_id, name)}"
            event = replace(event, args={**event.args, "admins": admins})
        return replace(interaction, event=replace(event, place=place, person=person))
