"""The web chat as a platform: an address, people, channels."""

import asyncio
import errno
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from aiohttp import web

from bot.chat.card import Card
from bot.chat.port import Hear, Posted
from bot.chat.web.actions import Actions
from bot.chat.web.address import Address
from bot.chat.web.feed import Feed
from bot.chat.web.login import Login
from bot.chat.web.messages import PLATFORM, Messages, posted
from bot.chat.web.reply import post_key
from bot.chat.web.routes import application
from bot.chat.web.sessions import CookieSigner, OwnerLink
from bot.chat.web.storage import ChatStorage
from bot.chat.web.websocket import LiveSockets
from bot.errors import OperatorError
from bot.identity import MessageRef, Person, Place

_ANYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 (named here to be shown as this machine, not to be bound)


class WebPlatform:
    name = PLATFORM

    def __init__(
        self,
        *,
        shelf: ChatStorage,
        host: str,
        port: int,
        password: str,
        channels: Sequence[str],
        secret: bytes,
        sources: Callable[[], Mapping[str, Sequence[str]]],
        now: Callable[[], datetime],
        public: str = "",
    ) -> None:
        self._where = Address(host, public)
        self._shelf, self._host, self._port = shelf, host, port
        self._channels, self._sources, self._now = tuple(channels), sources, now
        self._link = OwnerLink()
        self._entrance = Login(
            shelf, CookieSigner(secret), self._link, password, self._channels, now, self._where
        )
        self._feed = Feed(shelf)
        self._talk = Messages(shelf, self._feed, now)
        self.here = ""
        """Where it listens, once it is ready."""
        self.ready = asyncio.Event()

    @property
    def address(self) -> str:
        """Where people find it."""
        return self._where.public or self.here

    @property
    def owner_link(self) -> str:
        return f"{self.address}/?owner={self._link.token}"

    async def run(self, hear: Hear) -> None:
        acts = Actions(self._shelf, self._talk, self._feed, hear, self._sources, self._now)
        live = LiveSockets(
            self._shelf, self._feed, acts, self._channels, self._sources, self._now, self._where
        )
        app = application(self._shelf, self._entrance, live, acts, self._channels, self._where)
        runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=2)
        await runner.setup()
        try:
            await self._listen(runner)
            self.ready.set()
            await self._feed.watch()
        finally:
            self.ready.clear()
            await acts.close()
            await live.close()
            await runner.cleanup()

    async def post(self, place: Place, card: Card, key: str) -> Posted:
        return posted(await self._talk.say(place.channel, card, post_key(key)))

    async def edit(self, message: MessageRef, card: Card) -> None:
        if re.fullmatch(r"[0-9]{1,18}", message.id):
            await self._talk.change(int(message.id), card)

    async def settle(self, message: MessageRef, emoji: Sequence[str], until: datetime) -> None:
        """Nothing is missed here: a browser sends again what it got no answer to."""

    async def warn(self, place: Place, card: Card) -> None:
        """Nobody can lock the bot out of its own chat."""

    async def write(self, person: Person, place: Place, card: Card, key: str) -> bool:
        """A line in their channel that they alone see; False for somebody who left for good."""
        if await self._shelf.name_of(person.id) is None:
            return False
        channel = place.channel if place.channel in self._channels else self._channels[0]
        await self._talk.say(channel, card, post_key(key), reader=person.id)
        return True

    async def _listen(self, runner: web.AppRunner) -> None:
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as error:
            raise OperatorError(_refusal(error, self._host, self._port)) from error
        shown = "127.0.0.1" if self._host in _ANYWHERE else self._host
        port = runner.addresses[0][1]
        self.here = f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _refusal(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. Stop it, or set TORCHPROOF_WEB_PORT to another port (0 takes a free one)."
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this account. Set TORCHPROOF_WEB_PORT to a port above 1023."
    return f"The web chat cannot listen on {host}. Set TORCHPROOF_WEB_HOST to an address of this machine, such as 127.0.0.1."
