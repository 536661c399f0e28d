"""Where Slack calls, and where admins install the app: a small server of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.signature import SignatureVerifier

from bot.errors import OperatorError

EVENTS, INSTALL, BACK = "/slack/events", "/slack/install", "/slack/oauth_redirect"
LARGEST = 2**20
LONGEST_STAMP = 20
SHORTLY_S = 2.0
"""Calls under way get so long to finish when the bot stops."""

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class HttpRoutes:
    def __init__(
        self,
        app: AsyncApp,
        signing_secret: str,
        installing: AsyncOAuthFlow | None,
        host: str,
        port: int,
    ) -> None:
        self._app, self._verifier = app, SignatureVerifier(signing_secret)
        self._installing, self._host, self._port = installing, host, port
        self.address = ""

    async def run(self, opened: asyncio.Event) -> None:
        runner = web.AppRunner(self._site(), access_log=None, shutdown_timeout=SHORTLY_S)
        await runner.setup()
        try:
            site = web.TCPSite(runner, self._host, self._port)
            await self._begin(site)
            host, port = runner.addresses[0][:2]
            self.address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
            opened.set()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    async def _begin(self, site: web.TCPSite) -> None:
        try:
            await site.start()
        except OSError as error:
            raise OperatorError(
                f"{self._host}:{self._port} cannot be used for Slack’s calls ({error.strerror}). "
                "Set TORCHPROOF_SLACK_HOST or _PORT."
            ) from error

    def _site(self) -> web.Application:
        site = web.Application(client_max_size=LARGEST)
        site.router.add_post(EVENTS, self._heard)
        if self._installing is not None:
            site.router.add_get(INSTALL, self._install)
            site.router.add_get(BACK, self._came_back)
        return site

    async def _heard(self, request: web.Request) -> web.Response:
        """What strangers send is turned away before anything in it is read."""
        if not self._is_signed(await request.read(), request.headers):
            return web.Response(status=401)
        return await to_aiohttp_response(
            await self._app.async_dispatch(await to_bolt_request(request))
        )

    def _is_signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        stamp, signature = (
            headers.get("X-Slack-Request-Timestamp", ""),
            headers.get("X-Slack-Signature", ""),
        )
        is_time = stamp.isascii() and stamp.isdigit() and len(stamp) < LONGEST_STAMP
        try:
            return (
                is_time
                and signature.isascii()
                and self._verifier.is_valid(body.decode(), stamp, signature)
            )
        except UnicodeDecodeError:
            return False

    async def _install(self, request: web.Request) -> web.Response:
        assert self._installing is not None  # noqa: S101 (the way is open only then)
        return await to_aiohttp_response(
            await self._installing.handle_installation(await to_bolt_request(request))
        )

    async def _came_back(self, request: web.Request) -> web.Response:
        assert self._installing is not None  # noqa: S101 (as above)
        return await to_aiohttp_response(
            await self._installing.handle_callback(await to_bolt_request(request))
        )
