"""Answers to an interaction, in public or private."""

import logging
from asyncio import Event, Lock
from dataclasses import dataclass
from functools import partial

from bot.chat.card import Card
from bot.chat.platform_interface import Posted
from bot.chat.slack.outgoing.messages import Messages
from bot.chat.slack.outgoing.posts import Posts
from bot.chat.slack.payload import channel_and_ts, ephemeral_message_ref, is_direct, url_of
from bot.chat.slack.shared import Core, Interaction, logged_failures
from bot.chat.slack.web_api import FAILURES
from bot.commands import find_action

_log = logging.getLogger(__name__)


@dataclass
class SlackReply:
    _core: Core
    _interaction: Interaction
    _messages: Messages
    _posts: Posts
    _answering: Event

    def __post_init__(self) -> None:
        self._shown: Posted | None = None
        self._lock = Lock()
        place = self._interaction.place
        user = self._interaction.user
        ts = self._interaction.thread_ts
        self._send_direct = partial(self._messages.send_direct, place, user, thread_ts=ts)
        self._send_ephemeral = partial(self._messages.send_ephemeral, place, user, thread_ts=ts)

    async def show(self, card: Card, key: str = "") -> Posted:
        self._answering.set()
        async with self._lock:
            if self._shown is None:
                self._shown = await self._posts.answer(self._interaction, card, key)
            else:
                await self._posts.edit(self._shown.message, card)
            return self._shown

    async def whisper(self, card: Card) -> Posted:
        self._answering.set()
        async with self._lock:
            return await self._whisper(card)

    async def replace(self, card: Card) -> Posted:
        self._answering.set()
        pressed = self._interaction.private_card
        url = self._interaction.response_url
        async with self._lock:
            if pressed is None or not url:
                return await self._whisper(card)
            try:
                team = self._interaction.team
                await self._messages.respond(url, team, card, replace_original=True)
            except FAILURES as error:
                _log.info("a private card could not be replaced by response_url: %s", error)
                if url_of(pressed):
                    return await self._whisper(card)
                await self._posts.edit(pressed, card)
            return Posted(pressed, self._core.now())

    async def _whisper(self, card: Card) -> Posted:
        interaction = self._interaction
        place = interaction.place
        is_written = is_direct(place.channel) and not interaction.response_url
        # Only a direct message can be changed later.
        is_lasting = find_action(interaction.action).lasting
        if is_lasting or interaction.in_home_tab or is_written:
            try:
                posted = await self._send_direct(card)
            except FAILURES as error:
                _log.info("no direct message: %s", error)
            else:
                if channel_and_ts(posted.message)[0] != place.channel:
                    note = self._core.say("slack_wrote_directly")
                    with logged_failures("a member could not be told where to look"):
                        if not await self._respond(note):
                            await self._send_ephemeral(note)
                return posted
        if not await self._respond(card):
            try:
                await self._send_ephemeral(card)
            except FAILURES:
                await self._send_direct(card)
        return Posted(ephemeral_message_ref(place, ""), self._core.now())

    async def _respond(self, content: Card | str) -> bool:
        interaction = self._interaction
        url = interaction.response_url
        if not url:
            return False
        options: dict[str, object] = {"response_type": "ephemeral", "replace_original": False}
        if interaction.thread_ts:
            options["thread_ts"] = interaction.thread_ts
        try:
            await self._messages.respond(url, interaction.team, content, **options)
        except FAILURES as error:
            _log.info("an interaction could not be answered by response_url: %s", error)
            return False
        return True
