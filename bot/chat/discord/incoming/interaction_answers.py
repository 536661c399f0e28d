"""Interactions, acknowledged in time and answered."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.chat.card import Card
from bot.chat.discord.incoming import slash_commands
from bot.chat.discord.incoming.interactions import Interaction, parse_interaction
from bot.chat.discord.outgoing.cards import render
from bot.chat.discord.outgoing.interaction_client import (
    FAILURES,
    InteractionClient,
    Refused,
    Unsure,
)
from bot.chat.discord.outgoing.interaction_reply import DiscordReply, LayReactions
from bot.chat.discord.outgoing.modals import command_modal, press_modal
from bot.chat.discord.outgoing.rest import BotRest
from bot.chat.discord.timeouts import DeliveryLag, SlidingWindow
from bot.chat.kit.custom_ids import opens_form
from bot.chat.kit.files import check_size
from bot.chat.kit.storage import PendingAcks
from bot.chat.kit.tasks import BackgroundTasks
from bot.chat.platform_interface import Hear, Posted, Say
from bot.commands import find_verb
from bot.errors import UserError
from bot.identity import Place

Json = dict[str, Any]
APPLICATION_COMMAND_AUTOCOMPLETE = 4
TOKEN_LIFE = timedelta(minutes=15)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class InteractionAnswers:
    client: InteractionClient
    rest: BotRest
    post: Callable[[Place, Card, str], Awaitable[Posted]]
    lay_reactions: LayReactions
    pending_acks: PendingAcks
    sources: slash_commands.Sources
    tasks: BackgroundTasks
    hear: Hear
    now: Callable[[], datetime]
    say: Say
    acknowledge_s: float
    lag: DeliveryLag = field(default_factory=DeliveryLag)
    late_messages: SlidingWindow = field(default_factory=lambda: SlidingWindow(10, 60))
    answering: set[str] = field(default_factory=set)

    async def received(self, payload: Json) -> None:
        data = payload.get("data") or {}
        if payload["type"] == APPLICATION_COMMAND_AUTOCOMPLETE:
            choices = slash_commands.autocompletion(data, self.sources)
            # APPLICATION_COMMAND_AUTOCOMPLETE_RESULT
            await self._callback(payload, 8, {"choices": choices})
        elif modal := self._modal(data, payload):
            await self._callback(payload, 9, modal)  # MODAL
        elif interaction := parse_interaction(payload, self.download):
            await self.tasks.track(self._answer(interaction, payload))

    async def answer_pending(self) -> None:
        """Those of a bot that stopped."""
        for payload in await self.pending_acks.unanswered():
            interaction = parse_interaction(payload, self.download)
            if interaction and interaction.event.id not in self.answering:
                await self._answer(interaction, payload, deferred=True)

    async def download(self, file: Json) -> bytes:
        check_size(int(file.get("size") or 0))
        try:
            return await self.client.download(str(file["url"]))
        except (Refused, Unsure) as error:
            _log.info("a file could not be downloaded: %s", error)
            raise UserError("discord_upload_unreachable") from error

    def _modal(self, data: Json, payload: Json) -> Json | None:
        nonce = secrets.token_hex(3)
        match payload["type"]:
            case 3 if opens_form(str(data["custom_id"])):  # MESSAGE_COMPONENT
                return press_modal(str(data["custom_id"]), payload.get("message"), nonce, self.say)
            case 2:  # APPLICATION_COMMAND
                argument = slash_commands.missing_text(data)
                verb = find_verb(str(data.get("name")))
                if argument and verb:
                    args = {
                        str(option["name"]): str(option["value"])
                        for option in data.get("options") or ()
                        if option["name"] != argument.name
                    }
                    return command_modal(verb, args, argument, nonce)
        return None

    async def _callback(self, payload: Json, kind: int, data: Json) -> None:
        try:
            await self.client.callback(payload["id"], payload["token"], kind, data)
        except (Refused, Unsure) as error:
            _log.warning("a form or a list could not be shown: %s", error)

    async def _answer(
        self, interaction: Interaction, payload: Json, *, deferred: bool = False
    ) -> None:
        event = interaction.event
        loop = asyncio.get_running_loop()
        pending = deferred

        async def post(card: Card, key: str) -> Posted:
            return await self.post(event.place, card, key or event.id)

        async def write(card: Card) -> bool:
            allowed = self.late_messages.spend(loop.time())
            return allowed and await self.rest.direct_message(event.person.id, render(card))

        def acknowledge() -> None:
            nonlocal pending
            if reply.is_unacknowledged:
                pending = True
                self.tasks.start(self._defer(event.id, reply, payload))

        reply = DiscordReply(self.client, interaction, post, write, self.lay_reactions, deferred)
        lag = self.lag.of((self.now() - event.at).total_seconds())
        timer = loop.call_later(max(0, self.acknowledge_s - lag), acknowledge)
        self.answering.add(event.id)
        try:
            await self.hear(event, reply)
            await reply.finish()
        except FAILURES as error:
            _log.warning("a click could not be answered: %s", error)
        finally:
            self.answering.discard(event.id)
            timer.cancel()
        if pending:
            await self.pending_acks.remove(event.id)

    async def _defer(self, act: str, reply: DiscordReply, payload: Json) -> None:
        try:
            await self.pending_acks.add(act, payload)
            if reply.is_unacknowledged:
                await reply.defer()
            else:
                await self.pending_acks.remove(act)
        except FAILURES as error:
            _log.warning("a click could not be acknowledged: %s", error)
