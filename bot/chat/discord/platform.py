"""Discord as a platform: a connection that is kept up, clicks that are answered, messages in channels."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route

from bot.chat.card import Card
from bot.chat.discord import code_messages, command_tree
from bot.chat.discord.cards import Json, render
from bot.chat.discord.custom_ids import as_command, as_form
from bot.chat.discord.gateway import GatewayEvents, Listening, Shards, client
from bot.chat.discord.interaction_client import InteractionClient, Refused, Unsure, session
from bot.chat.discord.interactions import (
    COMMAND,
    PLATFORM,
    PRESSED,
    TYPING,
    Interaction,
    place_in,
    read,
)
from bot.chat.discord.modals import form, text_form
from bot.chat.discord.reactions import Reactions
from bot.chat.discord.reply import DiscordReply, webhook_of
from bot.chat.discord.rest import BotRest
from bot.chat.discord.timeouts import ClockLag, LookAllowance, Timeouts
from bot.chat.kit.custom_ids import opens_form
from bot.chat.kit.pending_acks import PendingAcks
from bot.chat.kit.private_message import PrivateMessageReply
from bot.chat.kit.storage import Storage
from bot.chat.kit.uploads import check_size
from bot.chat.port import Hear, Leaving, Lost, Posted, Returned, Snippet
from bot.errors import OperatorError, UserError
from bot.identity import MessageRef, Person, Place

KEPT = timedelta(days=30)
TOKEN_LIFE = timedelta(minutes=15)
"""So long a click can be answered after it was acknowledged."""
FORM, CHOICES = 9, 8
FAILURES = (Refused, Unsure, discord.DiscordException, aiohttp.ClientError, OSError, Lost)
FATAL = {
    4004: "Discord does not know this token any more. Copy a new one from the developer portal into TORCHPROOF_DISCORD_TOKEN.",
    4010: "These shards do not exist. Mend TORCHPROOF_DISCORD_SHARDS, for example 4 or 0-1/4.",
    4011: "The bot is in too many servers for one connection. Set TORCHPROOF_DISCORD_SHARDS, for example to 4.",
    4012: "This version of Torchproof is too old for Discord. Update it.",
    4013: "This version of Torchproof is too old for Discord. Update it.",
    4014: "Discord refuses the members intent. Switch it on in the developer portal under Bot, or set TORCHPROOF_DISCORD_MEMBERS=off.",
}
BAD_TOKEN = "Discord refuses the token. Copy it from the developer portal (Bot, Reset Token) into TORCHPROOF_DISCORD_TOKEN."  # noqa: S105 (a sentence)
NOT_FETCHED = "I could not fetch that file from Discord. Choose it again, or write the dates."
_log = logging.getLogger(__name__)


class DiscordPlatform:
    name = PLATFORM

    def __init__(
        self,
        *,
        token: str,
        api: str,
        gateway: str,
        shards: Shards,
        members: bool,
        memory: Storage,
        sources: command_tree.Sources,
        now: Callable[[], datetime],
        pace: Timeouts = Timeouts(),  # noqa: B008 (a frozen value)
    ) -> None:
        self._token, self._api, self._gateway = token, api.rstrip("/"), gateway
        self._shards, self._members, self._pace = shards, members, pace
        self._memory, self._sources, self._now = memory, sources, now
        self._channels = BotRest(self._door)
        self._reactions = Reactions(self._channels, memory, now)
        self._http: HTTPClient | None = None
        self._logged_in = asyncio.Event()
        self._promises = PendingAcks("promised ", TOKEN_LIFE, memory, now)
        self._lag, self._late_letters = ClockLag(), LookAllowance(10, 60)
        self._refusals = LookAllowance(10, 60)
        self._answering: set[str] = set()
        self._busy: set[asyncio.Task[Any]] = set()
        self.ready = asyncio.Event()
        """Set while commands are heard."""

    async def run(self, hear: Hear) -> None:
        self._hear = hear
        Route.BASE = self._api
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self._gateway)
        self._began = asyncio.get_running_loop().time()
        async with session() as opened:
            self._wire = InteractionClient(opened, self._api)
            await self._stay()

    async def post(self, place: Place, card: Card, key: str) -> Posted:
        drawn = render(card)
        await self._door()
        posted = await self._channels.find(place, drawn)
        left = self._began + self._pace.settling - asyncio.get_running_loop().time()
        if posted is None and left > 0:
            await asyncio.sleep(left)
            posted = await self._channels.find(place, drawn)
        posted = posted or await self._channels.post(place, drawn, key)
        self._reactions.lay(posted.message, card)
        return posted

    async def edit(self, message: MessageRef, card: Card) -> None:
        address, drawn = webhook_of(message), render(card)
        if address is None:
            await self._channels.edit(message, drawn)
            return
        await self._door()
        try:
            await self._wire.edit(*address, drawn.body(), drawn.attachments)
        except Refused as refusal:
            _log.info("a private card can be reached no more: %s", refusal)

    async def settle(self, message: MessageRef, emoji: Sequence[str], until: datetime) -> None:
        if webhook_of(message) is None:
            await self._reactions.settle(message, emoji, until, self._hear)

    async def warn(self, place: Place, card: Card) -> None:
        try:
            await self._channels.write(await self._channels.keeper(place), render(card))
        except FAILURES as error:
            _log.info("nobody could be told: %s", error)

    async def write(self, person: Person, place: Place, card: Card, key: str) -> bool:  # noqa: ARG002 (direct messages need no place)
        return await self._channels.write(person.id, render(card), key)

    # Staying connected

    async def _stay(self) -> None:
        """One client after the other, for as long as nothing ends it that only a person can mend."""
        pause = self._pace.between
        while True:
            began = asyncio.get_running_loop().time()
            await self._listen()
            if asyncio.get_running_loop().time() - began > self._pace.longest:
                pause = self._pace.between
            await asyncio.sleep(pause)
            pause = min(2 * pause, self._pace.longest)

    async def _listen(self) -> None:
        ears = self._ears()
        listening = client(ears, self._shards, members=self._members, apart=self._pace.apart)
        try:
            await listening.start(self._token)
        except discord.LoginFailure:
            raise OperatorError(BAD_TOKEN) from None
        except discord.PrivilegedIntentsRequired:
            raise OperatorError(FATAL[4014]) from None
        except discord.ConnectionClosed as error:
            if error.code in FATAL:
                raise OperatorError(FATAL[error.code]) from None
            _log.warning("Discord closed the connection (%s); connecting anew", error.code)
        except asyncio.CancelledError:
            await self._finish()
            raise
        except Exception:  # noqa: BLE001 (the library lets out whatever a strange event did to it)
            _log.exception("the connection to Discord broke; connecting anew")
        finally:
            self.ready.clear()
            self._logged_in.clear()
            await listening.close()

    def _ears(self) -> GatewayEvents:
        return GatewayEvents(
            logged_in=self._logged,
            connected=self._connected,
            clicked=self._clicked,
            reacted=self._reacted,
            left=self._left,
            written=self._written,
            rewritten=self._rewritten,
            removed=self._removed,
        )

    async def _logged(self, listening: Listening) -> None:
        self._http = listening.http
        self._channels.known_as(listening.user.id if listening.user else 0)
        self._logged_in.set()

    async def _connected(self, listening: Listening) -> None:
        """After each new session: tell Discord the commands where they changed, and look at what was missed."""
        self.ready.set()
        try:
            await self._sync(listening.application_id or 0)
            await self._memory.delete_claims(self._now() - KEPT)
        except Exception:  # noqa: BLE001 (whatever failed, people can go on answering)
            _log.exception(
                "the commands could not be told to Discord; those it knows go on working"
            )
        await self._while_busy(self._keep_promises())
        returned = Returned(
            secrets.token_hex(8), Person(PLATFORM, self._channels.me, ""), self._now()
        )
        await self._while_busy(
            self._hear(returned, PrivateMessageReply(_nobody, Posted(_NOWHERE, self._now())))
        )

    async def _sync(self, application: int) -> None:
        commands, name = command_tree.tree(), f"commands of {application}"
        digest = command_tree.digest(commands)
        if await self._memory.get(name) != digest:
            await self._channels.put_commands(application, commands)
            await self._memory.set(name, digest, self._now())

    async def _door(self) -> HTTPClient:
        async with asyncio.timeout(self._pace.login):
            await self._logged_in.wait()
        assert self._http is not None  # noqa: S101 (set before the event is)
        return self._http

    async def _finish(self) -> None:
        """Answers under way get a moment; what they did is safe in any case."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=self._pace.last_words)
        for task in self._busy:
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)
        await self._reactions.close()

    # What people do

    async def _clicked(self, told: Json) -> None:
        said = told.get("data") or {}
        if told["type"] == TYPING:
            offered = command_tree.completion(
                said.get("options") or (), str(said.get("name")), self._sources
            )
            await self._say(told, CHOICES, {"choices": offered})
        elif told["type"] == PRESSED and opens_form(str(said["custom_id"])):
            opened = as_form(str(said["custom_id"]), secrets.token_hex(3))
            await self._say(told, FORM, form(opened, told.get("message"), str(said["custom_id"])))
        elif told["type"] == COMMAND and (argument := command_tree.left_out(said)):
            given = {str(each["name"]): str(each["value"]) for each in said.get("options") or ()}
            given.pop(argument.name, None)
            opened = as_command(str(said["name"]), given, secrets.token_hex(3))
            await self._say(told, FORM, text_form(opened, str(said["name"]), argument))
        elif click := read(told, self._fetch):
            await self._while_busy(self._answer(click, told))

    async def _answer(self, click: Interaction, told: Json, *, promised: bool = False) -> None:
        """Hear the click, and acknowledge it in time whether or not there is an answer yet."""
        reply = self._reply(click, promised=promised)
        waiting: list[Json] = [told] if promised else []
        patience = self._pace.patience - self._lag.of((self._now() - click.at).total_seconds())
        impatient = asyncio.get_running_loop().call_later(
            max(0, patience), self._acknowledge, reply, told, waiting
        )
        self._answering.add(click.id)
        try:
            await self._hear(click.event, reply)
            await reply.end()
        except FAILURES as error:
            _log.warning("a click could not be answered: %s", error)
        finally:
            self._answering.discard(click.id)
            impatient.cancel()
        if waiting:
            await self._promises.remove(str(told["id"]))

    def _acknowledge(self, reply: DiscordReply, told: Json, waiting: list[Json]) -> None:
        if reply.is_fresh:
            waiting.append(told)
            asyncio.create_task(self._while_busy(self._wait(reply, told)))  # noqa: RUF006 (kept while it is busy)

    async def _wait(self, reply: DiscordReply, told: Json) -> None:
        try:
            await self._promises.add(str(told["id"]), told)
            if reply.is_fresh:
                await reply.wait()
            else:
                await self._promises.remove(str(told["id"]))
        except FAILURES as error:
            _log.warning("a click could not be acknowledged: %s", error)

    async def _keep_promises(self) -> None:
        """Answer what a bot that is no more had only acknowledged."""
        for told in await self._promises.unanswered():
            click = read(told, self._fetch)
            if click and click.id not in self._answering:
                await self._answer(click, told, promised=True)

    def _reply(self, click: Interaction, *, promised: bool) -> DiscordReply:
        async def post(card: Card, key: str) -> Posted:
            return await self.post(click.place, card, key or click.id)

        async def write(card: Card) -> bool:
            kind = self._late_letters.spend(asyncio.get_running_loop().time())
            return kind and await self._channels.write(click.event.person.id, render(card))

        return DiscordReply(self._wire, click, post, write, self._reactions.lay, promised=promised)

    async def _say(self, interaction: Json, kind: int, body: Json) -> None:
        """A form or a list of choices: there is no other answer to these, and nothing to remember."""
        try:
            await self._wire.answer(
                interaction["id"], interaction["token"], kind, body, (), told=False
            )
        except (Refused, Unsure) as error:
            _log.warning("a form or a list could not be shown: %s", error)

    async def _written(self, told: Json) -> None:
        if snippet := code_messages.written(told, self._channels.me):
            await self._while_busy(self._heed(snippet))

    async def _rewritten(self, told: Json) -> None:
        if snippet := code_messages.rewritten(told, self._channels.me):
            await self._while_busy(self._heed(snippet))

    async def _removed(self, told: Json) -> None:
        for gone in code_messages.removed(told, self._channels.me, self._now()):
            await self._while_busy(
                self._hear(gone, PrivateMessageReply(_nobody, Posted(_NOWHERE, self._now())))
            )

    async def _heed(self, snippet: Snippet) -> None:
        async def post(card: Card, key: str) -> Posted:
            return await self._channels.post(
                snippet.place, render(card), key, under=snippet.message.id
            )

        async def refuse(card: Card, key: str) -> Posted:
            kind = self._refusals.spend(asyncio.get_running_loop().time())
            return await post(card, key) if kind else Posted(snippet.message, self._now())

        try:
            await self._hear(
                snippet, code_messages.MessageReply(snippet.id, post, refuse, self.edit)
            )
        except FAILURES as error:
            _log.warning("code in a message could not be answered: %s", error)

    async def _fetch(self, file: Json) -> bytes:
        """What somebody handed over, from where Discord keeps it; anybody may read there who knows the address."""
        check_size(int(file.get("size") or 0))
        try:
            return await self._wire.fetch(str(file["url"]))
        except (Refused, Unsure) as error:
            _log.info("a file could not be fetched: %s", error)
            raise UserError(NOT_FETCHED) from error

    async def _reacted(self, payload: discord.RawReactionActionEvent) -> None:
        await self._while_busy(
            self._reactions.added(payload, int(self._channels.me or 0), self._hear)
        )

    async def _left(self, payload: discord.RawMemberRemoveEvent) -> None:
        place = place_in(payload.guild_id, 0)
        person = Person(PLATFORM, str(payload.user.id), payload.user.display_name)
        leaving = Leaving(secrets.token_hex(8), person, place, self._now())
        await self._while_busy(
            self._hear(leaving, PrivateMessageReply(_nobody, Posted(_NOWHERE, self._now())))
        )

    async def _while_busy(self, doing: Awaitable[None]) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 (the library calls each of its listeners in a task)
        self._busy.add(task)
        try:
            await doing
        finally:
            self._busy.discard(task)


_NOWHERE = MessageRef(Place(PLATFORM, "", ""), "")


async def _nobody(_: Card) -> bool:
    return False
