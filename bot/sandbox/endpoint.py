"""One worker as a bot sees it: where it is, what it has room for, and how it is spoken to."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import aiohttp

from bot.sandbox.job import HEARTBEAT, Event, from_line
from bot.sandbox.queue import Ticket

log = logging.getLogger(__name__)
LOOK = aiohttp.ClientTimeout(total=3)
STREAM = aiohttp.ClientTimeout(total=None, sock_connect=3, sock_read=4 * HEARTBEAT)
"""A worker that says nothing for four heartbeats is taken for dead."""
LARGEST_LINE = 64 << 20
NOT_SEEN = "It has not answered yet."


class RefusedError(Exception):
    """The worker took no run; its sentence says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class UnreachableError(Exception):
    """Nobody listens there, so nothing was begun."""


@dataclass(frozen=True, slots=True)
class Address:
    """A unix socket's path, or an http(s) address, with the token that the worker wants."""

    where: str
    token: str = ""

    @property
    def is_socket(self) -> bool:
        return not self.where.startswith(("http://", "https://"))


class Endpoint:
    """Counts what this bot has there; learns the rest from /health and from refusals."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._url = "http://worker" if address.is_socket else address.where.rstrip("/")
        self._session: aiohttp.ClientSession | None = None
        self.slots: dict[str, int] = {}
        self.busy: Counter[str] = Counter()
        self._full: set[str] = set()
        self.trouble = NOT_SEEN

    @property
    def name(self) -> str:
        return self._address.where

    @property
    def is_up(self) -> bool:
        return not self.trouble

    def has(self, device: str) -> bool:
        return self.is_up and self.slots.get(device, 0) > 0

    def room(self, device: str) -> int:
        return 0 if not self.has(device) or device in self._full else self.slots[device] - self.busy[device]

    def leave(self, device: str) -> None:
        """One of ours ended there."""
        self.busy[device] -= 1
        self._full.discard(device)

    def fail(self, trouble: str) -> None:
        if not self.trouble:
            log.warning("the worker at %s: %s", self.name, trouble)
        self.trouble = trouble

    def refused(self, device: str) -> None:
        """Others were faster: there is no room until the next look, or until one of ours ends."""
        self._full.add(device)

    async def look(self) -> None:
        try:
            async with self._opened().get(f"{self._url}/health", timeout=LOOK) as response:
                told = await response.json(content_type=None)
            if response.status != 200:  # noqa: PLR2004 (as HTTP has it)
                self.fail(str(told.get("trouble") or told.get("error") or told.get("state") or response.status))
                return
            devices = {str(name): room for name, room in told["devices"].items()}
            self.slots = {name: int(room["slots"]) for name, room in devices.items()}
            self._full = {name for name, room in devices.items() if room["free"] <= 0}
        except (
            aiohttp.ClientError,
            OSError,
            TimeoutError,
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
        ) as error:
            self.fail(f"It does not answer ({_named(error)}).")
        else:
            self.trouble = ""

    async def stream(self, ticket: Ticket) -> AsyncGenerator[Event]:
        """What the worker tells of a run, up to the end of its stream. Closing it early hangs up."""
        body, headers = ticket.request.body(), {"X-Run": ticket.run}
        posting = self._opened().post(f"{self._url}/v1/runs", data=body, headers=headers, timeout=STREAM)
        try:
            response = await posting
        except aiohttp.ClientConnectorError as error:
            raise UnreachableError(str(error)) from error
        try:
            if response.status != 200:  # noqa: PLR2004 (as HTTP has it)
                raise RefusedError(response.status, await _sentence(response))
            async for line in _lines(response.content):
                yield from_line(line)
        finally:
            response.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        """A connection is never used twice: one that died meanwhile would look like a worker that died."""
        if self._session is None:
            headers = {"Authorization": f"Bearer {self._address.token}"} if self._address.token else {}
            connector: aiohttp.BaseConnector = (
                aiohttp.UnixConnector(self._address.where, force_close=True)
                if self._address.is_socket
                else aiohttp.TCPConnector(force_close=True, limit=0)
            )
            self._session = aiohttp.ClientSession(connector=connector, headers=headers)
        return self._session


async def _lines(content: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    """Whole lines, which may be much longer than what the library reads at once; half a line at the end is none."""
    rest = bytearray()
    async for chunk in content.iter_any():
        searched = len(rest)
        rest += chunk
        while (end := rest.find(b"\n", searched)) >= 0:
            yield bytes(rest[:end])
            del rest[: end + 1]
            searched = 0
        if len(rest) > LARGEST_LINE:
            raise ValueError("a line without end")


async def _sentence(response: aiohttp.ClientResponse) -> str:
    with suppress(aiohttp.ClientError, ValueError, TimeoutError, LookupError, TypeError):
        return str((await response.json(content_type=None))["error"])
    return f"The worker answered {response.status}."


def _named(error: BaseException) -> str:
    return "no answer in time" if isinstance(error, asyncio.TimeoutError) else str(error) or type(error).__name__
