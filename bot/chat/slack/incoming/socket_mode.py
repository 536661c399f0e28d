"""The connection by which Slack reaches a bot behind a firewall."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Never

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.kit.tasks import reconnecting
from bot.chat.slack.shared import Timeouts
from bot.errors import OperatorError

BAD_APP_TOKEN = (
    "Slack refuses the app-level token. "  # noqa: S105 (a sentence)
    "Make one under Basic Information with the scope connections:write, and copy it into "
    "TORCHPROOF_SLACK_APP_TOKEN."
)
REFUSED = frozenset({"invalid_auth", "not_authed", "not_allowed_token_type", "missing_scope"})
_log = logging.getLogger(__name__)


@dataclass(repr=False)
class SocketMode:
    _app: AsyncApp
    _app_token: str
    _client: AsyncWebClient
    _timeouts: Timeouts
    _connected: Callable[[], Awaitable[object]]

    def __post_init__(self) -> None:
        # A token that worked once may work again: its refusal does not stop the bot.
        self._was_open = False

    async def run(self) -> Never:
        await reconnecting(
            self._connect, self._timeouts.reconnect, self._timeouts.longest_reconnect
        )

    async def _connect(self) -> None:
        connection = AsyncSocketModeHandler(
            self._app,
            self._app_token,
            logger=_log,
            web_client=self._client,
            ping_interval=self._timeouts.ping,
        )
        try:
            # With a bad token the library would try for ever, and say nothing.
            connection.client.wss_uri = await connection.client.issue_new_wss_url()
            async with asyncio.timeout(self._timeouts.silent):
                await connection.connect_async()  # type: ignore[no-untyped-call]  # not typed
            self._was_open = True
            await self._connected()
            await self._watch(connection)
        except SlackApiError as error:
            code = error.response.get("error")
            if code in REFUSED and not self._was_open:
                raise OperatorError(BAD_APP_TOKEN) from None
            _log.error("Slack gave no connection (%s); trying again", code)
        except Exception:  # noqa: BLE001 (the library raises whatever the network did)
            _log.exception("the connection to Slack broke; connecting again")
        finally:
            await connection.close_async()  # type: ignore[no-untyped-call]  # not typed

    async def _watch(self, connection: AsyncSocketModeHandler) -> None:
        """Returns when the library does not reconnect by itself."""
        alive_at = monotonic()
        client = connection.client
        session = client.current_session
        while monotonic() - alive_at < self._timeouts.silent:
            await asyncio.sleep(self._timeouts.watch)
            if await client.is_connected() and not client.stale:
                alive_at = monotonic()
            if client.current_session is not session:
                session = client.current_session
                await self._connected()
