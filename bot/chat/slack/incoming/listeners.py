"""What is heard from Slack, by socket and by signed calls alike: every listener hands on and returns."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.timeouts import Timeouts
from bot.chat.slack.workspaces import Workspaces
from bot.errors import OperatorError

Json = dict[str, Any]
Ack = Callable[[], Awaitable[object]]

BAD_APP_TOKEN = (
    "Slack refuses the app-level token. Make one under Basic Information with the scope connections:write, and copy it "  # noqa: S105 (a sentence)
    "into TORCHPROOF_SLACK_APP_TOKEN."
)
REFUSED = frozenset({"invalid_auth", "not_authed", "not_allowed_token_type", "missing_scope"})
_ANY = re.compile(".*", re.DOTALL)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listeners:
    """Whom to tell what is heard; each of them acknowledges it, and none of them ever raises."""

    commanded: Callable[[Json, Ack], Awaitable[None]]
    pressed: Callable[[Json, Ack], Awaitable[None]]
    sent: Callable[[Json, Ack], Awaitable[None]]
    chosen: Callable[[Json, Ack], Awaitable[None]]
    happened: Callable[[Json], None]


def listening(
    ears: Listeners, workspaces: Workspaces, client: AsyncWebClient, signing_secret: str
) -> AsyncApp:
    """The library's app. It waits for each listener, so no acknowledgement is lost to an error after it."""

    async def authorize(team_id: str | None) -> Any:
        """None where the bot is not in the workspace any more: the library then says so."""
        known = await workspaces.find(team_id or "")
        return known and AuthorizeResult(
            enterprise_id=None,
            team_id=known.team,
            bot_token=known.token,
            bot_id=known.bot,
            bot_user_id=known.user,
        )

    app = AsyncApp(
        logger=_log,
        name="torchproof",
        client=client,
        signing_secret=signing_secret,
        authorize=authorize,
        process_before_response=True,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )

    async def command(ack: AsyncAck, body: Json) -> None:
        await ears.commanded(body, ack)

    async def action(ack: AsyncAck, body: Json) -> None:
        await ears.pressed(body, ack)

    async def view(ack: AsyncAck, body: Json) -> None:
        await ears.sent(body, ack)

    async def shortcut(ack: AsyncAck, body: Json) -> None:
        await ears.chosen(body, ack)

    async def event(body: Json) -> None:
        ears.happened(body)

    app.command(_ANY)(command)
    app.action(_ANY)(action)
    app.view(_ANY)(view)
    app.shortcut(_ANY)(shortcut)
    app.event(_ANY)(event)
    return app


class Socket:
    """The connection by which Slack reaches a bot behind a firewall; one that has gone silent is made anew."""

    def __init__(
        self, app: AsyncApp, app_token: str, client: AsyncWebClient, pace: Timeouts, connected: Ack
    ) -> None:
        self._app, self._token, self._client = app, app_token, client
        self._pace, self._connected = pace, connected
        self._was_open = False
        """A token that was good and is refused ends nothing: people elsewhere go on, and Slack may change its mind."""

    async def run(self) -> None:
        pause = self._pace.between
        while True:
            began = asyncio.get_running_loop().time()
            await self._stay()
            if asyncio.get_running_loop().time() - began > self._pace.longest:
                pause = self._pace.between
            await asyncio.sleep(pause)
            pause = min(2 * pause, self._pace.longest)

    async def _stay(self) -> None:
        """One connection, with its small interruptions, for as long as it lives."""
        phone = AsyncSocketModeHandler(
            self._app,
            self._token,
            logger=_log,
            web_client=self._client,
            ping_interval=self._pace.ping,
        )
        try:
            # The library would ask with a bad token for ever, and say nothing.
            phone.client.wss_uri = await phone.client.issue_new_wss_url()
            async with asyncio.timeout(self._pace.silent):
                await phone.connect_async()  # type: ignore[no-untyped-call]  # the library says nothing of it
            self._was_open = True
            await self._connected()
            await self._watch(phone)
        except SlackApiError as error:
            if error.response.get("error") in REFUSED and not self._was_open:
                raise OperatorError(BAD_APP_TOKEN) from None
            _log.error("Slack gave no connection (%s); trying again", error.response.get("error"))
        except Exception:  # noqa: BLE001 (the library lets out whatever the network did to it)
            _log.exception("the connection to Slack broke; connecting anew")
        finally:
            await phone.close_async()  # type: ignore[no-untyped-call]  # as above

    async def _watch(self, phone: AsyncSocketModeHandler) -> None:
        """Returns when the library does not get the connection back by itself."""
        clock, alive = asyncio.get_running_loop().time, asyncio.get_running_loop().time()
        session = phone.client.current_session
        while clock() - alive < self._pace.silent:
            await asyncio.sleep(self._pace.look)
            if await phone.client.is_connected() and not phone.client.stale:
                alive = clock()
            if phone.client.current_session is not session:
                session = phone.client.current_session
                await self._connected()
