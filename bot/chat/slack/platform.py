"""Slack as a platform, by Socket Mode or signed requests."""

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.card import Card
from bot.chat.kit.storage import Storage
from bot.chat.kit.tasks import BackgroundTasks
from bot.chat.kit.typed_commands import Sources
from bot.chat.platform_interface import Hear, Lost, Posted, Returned, Say
from bot.chat.slack.clients import Clients
from bot.chat.slack.incoming.answering import Answering
from bot.chat.slack.incoming.events import Events
from bot.chat.slack.incoming.http_routes import HttpRoutes
from bot.chat.slack.incoming.interactions import Interactions
from bot.chat.slack.incoming.socket_mode import SocketMode
from bot.chat.slack.oauth import OAuthApp
from bot.chat.slack.payload import (
    PLATFORM,
    is_ephemeral,
    place_of,
    user_of,
)
from bot.chat.slack.shared import Core, IsNamedAdmin, Timeouts, logged_failures
from bot.chat.slack.web_api import RATE_LIMITED, ApiError, open_session, web_client
from bot.chat.slack.workspaces import Workspaces
from bot.identity import MessageRef, Person, Place

_ANY = re.compile(".*", re.DOTALL)
# Slack repeats nothing after a day.
CLAIMS_LIFE = timedelta(days=2)
_log = logging.getLogger(__name__)


@dataclass(kw_only=True, eq=False, repr=False)
class SlackPlatform:
    name = PLATFORM

    bot_token: str
    app_token: str
    signing_secret: str
    app: OAuthApp | None
    host: str
    port: int
    api_url: str
    storage: Storage
    sources: Callable[[], Sources]
    is_named_admin: IsNamedAdmin
    say: Say
    now: Callable[[], datetime]
    timeouts: Timeouts = field(default_factory=Timeouts)

    def __post_init__(self) -> None:
        self.ready = asyncio.Event()
        self._api_url = f"{self.api_url.rstrip('/')}/"
        self._installations = self.app.installations() if self.app else None
        self._workspaces = Workspaces(self._installations, self.timeouts.remember)
        self._clients: Clients | None = None
        self._logged_in = asyncio.Event()
        self._routes: HttpRoutes | None = None
        self._tasks = BackgroundTasks()

    @property
    def address(self) -> str:
        return self._routes.address if self._routes else ""

    async def run(self, hear: Hear) -> None:
        core = Core(
            hear,
            self.storage,
            self.sources,
            self.is_named_admin,
            self.say,
            self.now,
            self.timeouts,
        )
        async with open_session() as session:
            clients = Clients(core, session, self._api_url, self._workspaces)
            self._clients = clients
            try:
                await self._serve(core, session, clients)
            finally:
                self.ready.clear()
                await self._tasks.close(self.timeouts.shutdown)
                await clients.close()

    async def post(self, place: Place, card: Card, key: str) -> Posted:
        clients = await self._when_logged_in()
        act = f"posted {place.community} {place.channel} {key}"
        return await clients.posts.post(place, card, key, act)

    async def edit(self, message: MessageRef, card: Card) -> None:
        clients = await self._when_logged_in()
        await clients.posts.edit(message, card)

    async def read_missed_reactions(
        self,
        message: MessageRef,
        emoji: Sequence[str],
        until: datetime,
    ) -> None:
        clients = await self._when_logged_in()
        if not is_ephemeral(message):
            await clients.reactions.read_missed(message, emoji, until)

    async def warn(self, place: Place, card: Card) -> None:
        clients = await self._when_logged_in()
        with logged_failures("nobody could be warned"):
            if installer := await self._workspaces.installer(place.community):
                await clients.messages.send_direct(place, installer, card)

    async def send_private(self, person: Person, place: Place, card: Card, key: str) -> bool:
        clients = await self._when_logged_in()
        team = place.community
        try:
            channel = await clients.messages.direct_channel(team, user_of(person))
            act = f"written {team} {channel} {key}"
            await clients.posts.post(place_of(team, channel), card, key, act)
        except (ApiError, Lost) as error:
            if isinstance(error, ApiError) and error.code == RATE_LIMITED:
                raise
            _log.info("no direct message: %s", error)
            return False
        return True

    async def _when_logged_in(self) -> Clients:
        try:
            async with asyncio.timeout(self.timeouts.login):
                await self._logged_in.wait()
        except TimeoutError:
            raise Lost("Slack does not know the bot yet") from None
        assert self._clients is not None  # noqa: S101 (set before the event)
        return self._clients

    async def _serve(
        self,
        core: Core,
        session: aiohttp.ClientSession,
        clients: Clients,
    ) -> None:
        if self.bot_token:
            own_client = web_client(session, self._api_url, self.bot_token)
            await self._workspaces.log_in(own_client, self.timeouts.reconnect)
        self._workspaces.ready.set()
        self._logged_in.set()
        answering = Answering(core, clients)
        interactions = Interactions(core, clients, answering, self._tasks)
        events = Events(core, clients, answering, self._tasks)
        await _logged(events.resume)

        async def connected() -> None:
            self.ready.set()
            await _logged(interactions.answer_pending)
            await _logged(lambda: self.storage.delete_claims(self.now() - CLAIMS_LIFE))
            returned = Returned(secrets.token_hex(8), Person(PLATFORM, "", ""), self.now())
            await core.hear_unanswered(returned)

        client = web_client(session, self._api_url, "")
        app = self._bolt_app(interactions, events, client)
        async with asyncio.TaskGroup() as connections:
            if self.app_token:
                socket = SocketMode(app, self.app_token, client, self.timeouts, connected)
                connections.create_task(socket.run())
            if self.signing_secret:
                flow = None
                if self.app and self._installations:
                    flow = self.app.flow(self._installations, client, self._api_url)
                self._routes = HttpRoutes(
                    app,
                    self.signing_secret,
                    flow,
                    self.host,
                    self.port,
                )
                connections.create_task(self._routes.run(connected))

    def _bolt_app(
        self, interactions: Interactions, events: Events, client: AsyncWebClient
    ) -> AsyncApp:
        async def authorize(team_id: str | None) -> Any:
            workspace = await self._workspaces.find(team_id or "")
            return workspace and AuthorizeResult(
                enterprise_id=None,
                team_id=workspace.team,
                bot_token=workspace.token,
                bot_id=workspace.bot_id,
                bot_user_id=workspace.bot_user,
            )

        app = AsyncApp(
            logger=_log,
            name="torchproof",
            client=client,
            signing_secret=self.signing_secret,
            authorize=authorize,
            process_before_response=True,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        for listen in (app.command, app.action, app.view, app.shortcut):
            listen(_ANY)(interactions.receive)
        app.event(_ANY)(events.receive)
        return app


async def _logged(work: Callable[[], Awaitable[object]]) -> None:
    try:
        await work()
    except Exception:  # noqa: BLE001 (whatever it is, people can go on answering)
        _log.exception("what was left from before could not be looked through")
