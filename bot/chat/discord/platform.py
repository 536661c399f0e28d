"""Discord's events, and messages to channels and members."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.chat.card import Card
from bot.chat.discord.incoming import message_events, slash_commands
from bot.chat.discord.incoming.gateway import (
    GatewayClient,
    GatewayConnection,
    Shards,
    gateway_client,
)
from bot.chat.discord.incoming.interaction_answers import TOKEN_LIFE, InteractionAnswers
from bot.chat.discord.incoming.interactions import PLATFORM, place_in
from bot.chat.discord.outgoing.cards import render
from bot.chat.discord.outgoing.interaction_client import (
    FAILURES,
    InteractionClient,
    Refused,
    open_session,
)
from bot.chat.discord.outgoing.interaction_reply import webhook_of
from bot.chat.discord.outgoing.reactions import Reactions
from bot.chat.discord.outgoing.rest import BotRest
from bot.chat.discord.timeouts import SlidingWindow, Timeouts
from bot.chat.kit.replies import discarding_reply
from bot.chat.kit.storage import PendingAcks, Storage
from bot.chat.kit.tasks import BackgroundTasks, reconnecting
from bot.chat.platform_interface import Event, Hear, Leaving, Posted, Returned, Say, Snippet
from bot.identity import MessageRef, Person, Place

Json = dict[str, Any]
_log = logging.getLogger(__name__)


@dataclass(kw_only=True, eq=False)
class DiscordPlatform:
    name = PLATFORM

    token: str = field(repr=False)
    api: str
    gateway: str
    shards: Shards
    members: bool
    storage: Storage
    sources: slash_commands.Sources
    now: Callable[[], datetime]
    say: Say
    timeouts: Timeouts = field(default_factory=Timeouts)

    def __post_init__(self) -> None:
        self._rest = BotRest(self.timeouts.login)
        self._reactions = Reactions(self._rest, self.storage, self.now)
        self._connection = GatewayConnection(
            self.token, self._rest, self._new_client, self._before_stop
        )
        self._refusals = SlidingWindow(10, 60)
        self._tasks = BackgroundTasks()
        self.ready = self._connection.ready

    async def run(self, hear: Hear) -> None:
        self._hear = hear
        Route.BASE = self.api.rstrip("/")
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self.gateway)
        self._started_at = asyncio.get_running_loop().time()
        async with open_session() as session:
            self._client = InteractionClient(session, Route.BASE)
            self._interactions = InteractionAnswers(
                self._client,
                self._rest,
                self.post,
                self._reactions.start_adding,
                PendingAcks("promised ", TOKEN_LIFE, self.storage, self.now),
                self.sources,
                self._tasks,
                hear,
                self.now,
                self.say,
                self.timeouts.acknowledge,
            )
            await reconnecting(
                self._connection.connect, self.timeouts.first_pause, self.timeouts.longest_pause
            )

    async def post(self, place: Place, card: Card, key: str) -> Posted:
        rendered = render(card)
        await self._rest.logged_in()
        posted = await self._rest.find(place, rendered)
        settled_at = self._started_at + self.timeouts.settling
        left = settled_at - asyncio.get_running_loop().time()
        if posted is None and left > 0:
            await asyncio.sleep(left)
            posted = await self._rest.find(place, rendered)
        posted = posted or await self._rest.post(place, rendered, key)
        self._reactions.start_adding(posted.message, card)
        return posted

    async def edit(self, message: MessageRef, card: Card) -> None:
        rendered = render(card)
        address = webhook_of(message)
        if address is None:
            await self._rest.edit(message, rendered)
            return
        await self._rest.logged_in()
        try:
            await self._client.edit(*address, rendered.body(), rendered.attachments)
        except Refused as refusal:
            _log.info("a private card can be reached no more: %s", refusal)

    async def read_missed_reactions(
        self, message: MessageRef, emoji: Sequence[str], until: datetime
    ) -> None:
        if webhook_of(message) is None:
            await self._reactions.read_missed(message, emoji, until, self._hear)

    async def warn(self, place: Place, card: Card) -> None:
        try:
            await self._rest.direct_message(await self._rest.owner(place), render(card))
        except FAILURES as error:
            _log.info("the owner of a server could not be warned: %s", error)

    async def send_private(
        self,
        person: Person,
        place: Place,  # noqa: ARG002 (direct messages need none)
        card: Card,
        key: str,
    ) -> bool:
        return await self._rest.direct_message(person.id, render(card), key)

    def _new_client(self) -> GatewayClient:
        return gateway_client(
            {
                "connect": self._connected,
                "interaction_payload": self._interactions.received,
                "message_payload": partial(self._message, message_events.new_snippet),
                "update_payload": partial(self._message, message_events.edited_snippet),
                "delete_payload": self._message_deleted,
                "raw_reaction_add": lambda payload: self._tasks.track(
                    self._reactions.added(payload, self._hear)
                ),
                "raw_member_remove": self._member_removed,
            },
            self.shards,
            members=self.members,
            identify_interval=self.timeouts.identify,
        )

    async def _before_stop(self) -> None:
        # What was done is safe in any case; this lets it be answered.
        await self._tasks.close(self.timeouts.shutdown)
        await self._reactions.close()

    async def _connected(self) -> None:
        """Comes with each new session."""
        self.ready.set()
        try:
            await self._sync_commands()
            await self.storage.delete_claims(self.now() - timedelta(days=30))
        except Exception:  # noqa: BLE001 (whatever failed, people can go on answering)
            _log.exception("Discord could not be told the commands; those it knows go on working")
        await self._tasks.track(self._interactions.answer_pending())
        me = Person(PLATFORM, self._rest.me, "")
        await self._hear_unanswered(Returned(secrets.token_hex(8), me, self.now()))

    async def _sync_commands(self) -> None:
        commands = slash_commands.application_commands()
        key = f"commands of {self._rest.application}"
        digest = slash_commands.digest(commands)
        if await self.storage.get(key) != digest:
            await self._rest.put_commands(commands)
            await self.storage.set(key, digest, self.now())

    async def _message_deleted(self, payload: Json) -> None:
        for removed in message_events.removed_messages(payload, self._rest.me, self.now()):
            await self._hear_unanswered(removed)

    async def _member_removed(self, payload: discord.RawMemberRemoveEvent) -> None:
        person = Person(PLATFORM, str(payload.user.id), payload.user.display_name)
        place = place_in(payload.guild_id, 0)
        await self._hear_unanswered(Leaving(secrets.token_hex(8), person, place, self.now()))

    async def _hear_unanswered(self, event: Event) -> None:
        await self._tasks.track(self._hear(event, discarding_reply(PLATFORM, self.now())))

    async def _message(self, parse: Callable[[Json, str], Snippet | None], payload: Json) -> None:
        if snippet := parse(payload, self._rest.me):
            await self._tasks.track(self._answer(snippet))

    async def _answer(self, snippet: Snippet) -> None:
        async def post(card: Card, key: str) -> Posted:
            under = snippet.message.id
            return await self._rest.post(snippet.place, render(card), key, under)

        async def refuse(card: Card, key: str) -> Posted:
            if self._refusals.spend(asyncio.get_running_loop().time()):
                return await post(card, key)
            return Posted(snippet.message, self.now())

        reply = message_events.MessageReply(snippet.id, post, refuse, self.edit)
        try:
            await self._hear(snippet, reply)
        except FAILURES as error:
            _log.warning("code in a message could not be answered: %s", error)
