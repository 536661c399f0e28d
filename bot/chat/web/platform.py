"""The web chat as a platform."""

import asyncio
import errno
import re
from collections.abc import Sequence
from datetime import datetime

from aiohttp.web import AppRunner, TCPSite

from bot.chat.card import Card
from bot.chat.platform_interface import Hear, Posted
from bot.chat.web.actions import Actions
from bot.chat.web.chat import Chat
from bot.chat.web.feed import Feed
from bot.chat.web.http.login import Login
from bot.chat.web.http.routes import Routes
from bot.chat.web.http.sessions import CookieSigner, OwnerLink
from bot.chat.web.messages import PLATFORM, Messages, post_key, posted
from bot.chat.web.websocket import LiveSockets
from bot.errors import OperatorError
from bot.identity import MessageRef, Person, Place

_ALL_INTERFACES = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 (compared with, not bound to)


class WebPlatform:
    name = PLATFORM

    def __init__(self, chat: Chat, *, port: int, password: str, secret: bytes) -> None:
        self._chat = chat
        self._port = port
        self._owner_link = OwnerLink()
        self._login = Login(chat, CookieSigner(secret), self._owner_link, password)
        self._feed = Feed(chat.storage)
        self._messages = Messages(chat, self._feed)
        # Where it listens, once it is ready.
        self.local_url = ""
        self.ready = asyncio.Event()

    @property
    def address(self) -> str:
        return self._chat.address.public or self.local_url

    @property
    def owner_link(self) -> str:
        return f"{self.address}/?owner={self._owner_link.token}"

    async def run(self, hear: Hear) -> None:
        chat = self._chat
        actions = Actions(chat, self._messages, self._feed, hear)
        sockets = LiveSockets(chat, self._feed, actions)
        routes = Routes(chat, self._login, sockets, actions)
        runner = AppRunner(
            routes.application(), handle_signals=False, access_log=None, shutdown_timeout=2
        )
        await runner.setup()
        try:
            await self._listen(runner)
            self.ready.set()
            await self._feed.poll()
        finally:
            self.ready.clear()
            await actions.close()
            await sockets.close()
            await runner.cleanup()

    async def post(self, place: Place, card: Card, key: str) -> Posted:
        return posted(await self._messages.post(place.channel, card, post_key(key)))

    async def edit(self, message: MessageRef, card: Card) -> None:
        if re.fullmatch(r"[0-9]{1,18}", message.id):
            await self._messages.edit(int(message.id), card)

    async def read_missed_reactions(
        self, message: MessageRef, emoji: Sequence[str], until: datetime
    ) -> None:
        """Nothing is missed here: a browser sends again what it got no answer to."""

    async def warn(self, place: Place, card: Card) -> None:
        """Nobody can lock the bot out of its own chat."""

    async def send_private(self, person: Person, place: Place, card: Card, key: str) -> bool:
        """False for somebody who left for good."""
        if await self._chat.storage.name_of(person.id) is None:
            return False
        channels = self._chat.channels
        channel = place.channel if place.channel in channels else channels[0]
        await self._messages.post(channel, card, post_key(key), reader=person.id)
        return True

    async def _listen(self, runner: AppRunner) -> None:
        host = self._chat.address.host
        try:
            await TCPSite(runner, host, self._port).start()
        except OSError as error:
            raise OperatorError(_cannot_listen(error, host, self._port)) from error
        shown = "127.0.0.1" if host in _ALL_INTERFACES else host
        port = runner.addresses[0][1]
        self.local_url = f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _cannot_listen(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program. Stop it, or set TORCHPROOF_WEB_PORT "
            "to another port (0 takes a free one)."
        )
    if error.errno == errno.EACCES:
        return (
            f"Port {port} may not be used by this account. "
            "Set TORCHPROOF_WEB_PORT to a port above 1023."
        )
    return (
        f"The web chat cannot listen on {host}. "
        "Set TORCHPROOF_WEB_HOST to an address of this machine, such as 127.0.0.1."
    )
