"""The HTTP server that Slack calls."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot.errors import OperatorError

EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
LARGEST_BODY = 2**20
TIMESTAMP_MAX = 20
SHUTDOWN_S = 2.0
_log = logging.getLogger(__name__)

BoltListener = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]


@dataclass(repr=False)
class HttpRoutes:
    _app: AsyncApp
    _signing_secret: str
    _oauth_flow: AsyncOAuthFlow | None
    _host: str
    _port: int

    def __post_init__(self) -> None:
        self._verifier = SignatureVerifier(self._signing_secret)
        self._receive = _by_bolt(self._app.async_dispatch)
        self.address = ""

    async def run(self, opened: Callable[[], Awaitable[object]]) -> None:
        runner = web.AppRunner(self._site(), access_log=None, shutdown_timeout=SHUTDOWN_S)
        await runner.setup()
        try:
            await self._listen(web.TCPSite(runner, self._host, self._port))
            host, port = runner.addresses[0][:2]
            self.address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
            _log.info("Slack is awaited at %s", self.address)
            await opened()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    async def _listen(self, site: web.TCPSite) -> None:
        try:
            await site.start()
        except OSError as error:
            raise OperatorError(
                f"{self._host}:{self._port} cannot be used for Slack’s calls ({error.strerror}). "
                "Set TORCHPROOF_SLACK_HOST or _PORT."
            ) from error

    def _site(self) -> web.Application:
        site = web.Application(client_max_size=LARGEST_BODY)
        site.router.add_post(EVENTS_PATH, self._receive_signed)
        if self._oauth_flow is not None:
            site.router.add_get(INSTALL_PATH, _by_bolt(self._oauth_flow.handle_installation))
            site.router.add_get(REDIRECT_PATH, _by_bolt(self._oauth_flow.handle_callback))
        return site

    async def _receive_signed(self, request: web.Request) -> web.StreamResponse:
        if not self._is_signed(await request.read(), request.headers):
            return web.Response(status=401)
        return await self._receive(request)

    def _is_signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        timestamp = headers.get("X-Slack-Request-Timestamp", "")
        signature = headers.get("X-Slack-Signature", "")
        is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) < TIMESTAMP_MAX
        if not is_number or not signature.isascii():
            return False
        try:
            return self._verifier.is_valid(body.decode(), timestamp, signature)
        except UnicodeDecodeError:
            return False


def _by_bolt(listener: BoltListener) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def respond(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await listener(await to_bolt_request(request)))

    return respond
