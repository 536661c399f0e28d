"""Slack as a platform: by socket where it cannot call this machine, by signed calls where it can."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.card import Card
from bot.chat.kit.private_message import PrivateMessageReply
from bot.chat.kit.storage import Storage
from bot.chat.port import Hear, Lost, Posted, Returned
from bot.chat.slack.clients import Clients, make_clients
from bot.chat.slack.incoming.handlers import Acts, renaming
from bot.chat.slack.incoming.http_routes import HttpRoutes
from bot.chat.slack.incoming.listeners import Listeners, Socket, listening
from bot.chat.slack.incoming.modal_triggers import Admits, ModalTriggers, Sources
from bot.chat.slack.incoming.payloads import PLATFORM, Act, is_direct, url_of, user_of
from bot.chat.slack.oauth import App, installing
from bot.chat.slack.outgoing.cards import Rendered, render
from bot.chat.slack.outgoing.message_metadata import MessageMetadata
from bot.chat.slack.outgoing.messages import Uninvited
from bot.chat.slack.outgoing.reply import FAILURES, unreachable
from bot.chat.slack.timeouts import Timeouts
from bot.chat.slack.web_api import BUSY, TIMEOUT_S, Refused, session
from bot.chat.slack.workspaces import Workspaces
from bot.errors import UserError
from bot.identity import MessageRef, Person, Place

KEPT = timedelta(days=2)
"""For so long it is known what was heard and said before; Slack repeats nothing after a day."""
ELSEWHERE = (
    "I am no part of this conversation, so I cannot speak to everyone here. Ask me in a channel, or write to me directly: "
    "look under Apps → Torchproof."
)
INVITE = "I am not in this channel. Type `/invite @Torchproof` here, then ask again."
_log = logging.getLogger(__name__)


class SlackPlatform:
    name = PLATFORM

    def __init__(
        self,
        *,
        bot_token: str,
        app_token: str,
        signing_secret: str,
        app: App | None,
        host: str,
        port: int,
        api: str,
        memory: Storage,
        sources: Sources,
        admits: Admits,
        now: Callable[[], datetime],
        pace: Timeouts = Timeouts(),  # noqa: B008 (a frozen value)
    ) -> None:
        self._bot_token, self._app_token, self._signing_secret = (
            bot_token,
            app_token,
            signing_secret,
        )
        self._app, self._host, self._port, self._api = app, host, port, f"{api.rstrip('/')}/"
        self._memory, self._sources, self._admits, self._now, self._pace = (
            memory,
            sources,
            admits,
            now,
            pace,
        )
        self._signature = MessageMetadata(memory, now)
        self._store = app.store() if app else None
        self._workspaces = Workspaces(self._store, pace.known)
        self._desk: Clients | None = None
        self._seated = asyncio.Event()
        self._doors: HttpRoutes | None = None
        self.ready = asyncio.Event()
        """Set while people are heard."""

    @property
    def address(self) -> str:
        """Where Slack's calls arrive, once there is such a place."""
        return self._doors.address if self._doors else ""

    async def run(self, hear: Hear) -> None:
        self._hear, self._began = hear, asyncio.get_running_loop().time()
        async with session() as opened:
            mended = renaming(hear, self._now)
            self._desk = make_clients(
                opened, self._api, self._workspaces, self._memory, self._now, self._pace, mended
            )
            asking = ModalTriggers(self._desk, self._sources, self._admits)
            self._acts = Acts(
                self._desk, asking, self._workspaces, self._memory, self._sources, hear, self._once, self.edit,
                self._now, self._pace,
            )  # fmt: skip
            try:
                client = self._client(opened, self._bot_token) if self._bot_token else None
                await self._workspaces.enter(client, self._pace.between)
                self._seated.set()
                await self._take_up()
                await self._listen(opened)
            finally:
                self.ready.clear()
                await self._acts.finish()
                await self._desk.close()

    async def post(self, place: Place, card: Card, key: str) -> Posted:
        """Slack knows no repeats, so what was begun before is looked for first."""
        return await self._said(
            place, render(card), key, f"posted {place.community} {place.channel} {key}"
        )

    async def edit(self, message: MessageRef, card: Card) -> None:
        seat = await self._seat()
        if unreachable(message):
            _log.info("a note that was whispered stays as it was")
            return
        if not url_of(message):
            await seat.writing.change(message, card)
            return
        body = await seat.channels.body(message.place.community, render(card))
        try:
            await seat.wire.respond(url_of(message), {**body, "replace_original": True})
        except FAILURES as error:
            _log.info("a private card can be reached no more: %s", error)

    async def settle(self, message: MessageRef, emoji: Sequence[str], until: datetime) -> None:
        seat = await self._seat()
        if not unreachable(message) and not url_of(message):
            await seat.reactions.settle(message, emoji, until, self._hear)

    async def warn(self, place: Place, card: Card) -> None:
        seat = await self._seat()
        try:
            if keeper := await self._workspaces.keeper(place.community):
                await seat.channels.write(place, keeper, render(card))
        except FAILURES as error:
            _log.info("nobody could be told: %s", error)

    async def write(self, person: Person, place: Place, card: Card, key: str) -> bool:
        seat = await self._seat()
        try:
            room = Place(
                PLATFORM,
                place.community,
                await seat.channels.letters(place.community, user_of(person)),
            )
            await self._said(
                room, render(card), key, f"written {room.community} {room.channel} {key}"
            )
        except (Refused, Lost) as error:
            if isinstance(error, Refused) and error.code == BUSY:
                raise
            _log.info("no direct message: %s", error)
            return False
        return True

    # Saying

    async def _once(self, click: Act, card: Card, key: str) -> Posted:
        """In answer to an act, where that happened."""
        try:
            return await self._said(
                click.place, render(card), key, f"said {click.id}", click.thread
            )
        except Uninvited:
            raise UserError(ELSEWHERE if is_direct(click.place.channel) else INVITE) from None

    async def _said(
        self, place: Place, drawn: Rendered, key: str, act: str, thread: str = ""
    ) -> Posted:
        """What an act says. Where that came before, or another process may just be saying it, it may stand already."""
        seat, signed = await self._seat(), await self._signature.under(key)
        fresh = await self._memory.claim(act, self._now())
        found = None if fresh else await self._find(place, signed, thread)
        posted = found or await seat.channels.post(place, drawn, signed, thread)
        seat.reactions.lay(posted.message, drawn.reactions)
        return posted

    async def _find(self, place: Place, key: str, thread: str) -> Posted | None:
        """Another process may be about to say it: soon after the start it gets a moment."""
        seat = await self._seat()
        found = await seat.channels.find(place, key, thread)
        left = self._began + self._pace.settling - asyncio.get_running_loop().time()
        if found is None and left > 0:
            await asyncio.sleep(left)
            found = await seat.channels.find(place, key, thread)
        return found

    async def _seat(self) -> Clients:
        try:
            async with asyncio.timeout(self._pace.login):
                await self._seated.wait()
        except TimeoutError:
            raise Lost("Slack does not know the bot yet") from None
        assert self._desk is not None  # noqa: S101 (made before the event is set)
        return self._desk

    # Listening

    async def _listen(self, opened: aiohttp.ClientSession) -> None:
        ears = Listeners(
            self._acts.commanded,
            self._acts.pressed,
            self._acts.sent,
            self._acts.chosen,
            self._acts.happened,
        )
        client = self._client(opened, "")
        app = listening(ears, self._workspaces, client, self._signing_secret)
        async with asyncio.TaskGroup() as hearing:
            if self._app_token:
                hearing.create_task(
                    Socket(app, self._app_token, client, self._pace, self._connected).run()
                )
            if self._signing_secret:
                flow = (
                    installing(self._app, self._store, client, self._api)
                    if self._app and self._store
                    else None
                )
                self._doors = HttpRoutes(app, self._signing_secret, flow, self._host, self._port)
                hearing.create_task(self._open_doors(self._doors))

    async def _open_doors(self, doors: HttpRoutes) -> None:
        opened = asyncio.Event()
        async with asyncio.TaskGroup() as both:
            both.create_task(doors.run(opened))
            await opened.wait()
            _log.info("Slack is awaited at %s", doors.address)
            await self._connected()

    async def _connected(self) -> None:
        """Whenever Slack can reach the bot again: keep what was promised, and look at what was missed."""
        self.ready.set()
        try:
            await self._acts.keep_promises()
            await self._memory.delete_claims(self._now() - KEPT)
        except Exception:  # noqa: BLE001 (whatever failed, people can go on answering)
            _log.exception("what was promised before could not be looked through")

        async def nobody(_: Card) -> None:
            return None

        nowhere = Posted(MessageRef(Place(PLATFORM, "", ""), ""), self._now())
        returned = Returned(secrets.token_hex(8), Person(PLATFORM, "", ""), self._now())
        await self._hear(returned, PrivateMessageReply(nobody, nowhere))

    async def _take_up(self) -> None:
        try:
            await self._acts.take_up()
        except Exception:  # noqa: BLE001 (as above)
            _log.exception("what was told before could not be looked through")

    def _client(self, opened: aiohttp.ClientSession, token: str) -> AsyncWebClient:
        return AsyncWebClient(
            token or None,
            base_url=self._api,
            session=opened,
            timeout=TIMEOUT_S,
            trust_env_in_session=True,
        )
