"""One worker as a bot sees it: where it is, what it has room for, and how it is spoken to."""

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.sandbox.bot.queue import Ticket
from bot.sandbox.protocol import HEARTBEAT, Event, Start, from_line

log = logging.getLogger(__name__)
LOOK = aiohttp.ClientTimeout(total=3)
STREAM = aiohttp.ClientTimeout(total=None, sock_connect=3)
BEGIN, SILENCE = 25.0, 4 * HEARTBEAT
"""Seconds until a worker has a slot or says that it has none, and seconds of silence after which it is taken for dead."""
LARGEST_LINE, LARGEST_STREAM, MOST_LINES = 32 << 20, 128 << 20, 100_000
"""More than any run under the worker's own limits can say."""
LARGEST_WORD = 64 << 10
"""Of what is no stream."""
LONGEST, SLACK = 600.0, 60.0
"""Seconds of a run where its worker names no limit, and what a stream may take beyond it."""
MOST_SLOTS = 10_000
LONGEST_SENTENCE = 500
NOT_SEEN = "It has not answered yet."


class RefusedError(Exception):
    """The worker took no run; its sentence says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class UnreachableError(Exception):
    """Nobody listens there, so nothing was begun."""


@dataclass(frozen=True, slots=True)
class WorkerAddress:
    """A unix socket's path, or an http(s) address, with the token that the worker wants."""

    where: str
    token: str = ""

    @property
    def is_socket(self) -> bool:
        return not self.where.startswith(("http://", "https://"))


class Endpoint:
    """Counts what this bot has there; learns the rest from /health and from refusals."""

    def __init__(self, address: WorkerAddress) -> None:
        self._address = address
        self._url = "http://worker" if address.is_socket else address.where.rstrip("/")
        self._session: aiohttp.ClientSession | None = None
        self.slots: dict[str, int] = {}
        self.seconds = LONGEST
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
        return (
            0
            if not self.has(device) or device in self._full
            else self.slots[device] - self.busy[device]
        )

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
            async with self._opened().get(
                f"{self._url}/health", timeout=LOOK, allow_redirects=False
            ) as response:
                told = await _word(response)
            if response.status == 200:  # noqa: PLR2004 (as HTTP has it)
                self._learn(told)
                self.trouble = ""
            else:
                said = str(
                    told.get("trouble") or told.get("error") or told.get("state") or response.status
                )
                self.fail(said[:LONGEST_SENTENCE])
        except (
            aiohttp.ClientError,
            OSError,
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
        ) as error:
            self.fail(f"It does not answer ({_named(error)}).")

    def _learn(self, told: Any) -> None:
        rooms = {str(name): (room["slots"], room["free"]) for name, room in told["devices"].items()}
        seconds = told.get("seconds", LONGEST)
        if (
            not all(type(slots) is int and 0 <= slots <= MOST_SLOTS for slots, _ in rooms.values())
            or not seconds > 0
        ):
            raise ValueError("what it says of itself makes no sense")
        self.slots = {name: slots for name, (slots, _) in rooms.items()}
        self._full = {name for name, (_, free) in rooms.items() if free <= 0}
        self.seconds = min(float(seconds), LONGEST)

    async def stream(self, ticket: Ticket) -> AsyncGenerator[Event]:
        """What the worker tells of a run, up to the end of its stream. Closing it early hangs up."""
        body, headers = ticket.request.body(), {"X-Run": ticket.run}
        try:
            async with asyncio.timeout(BEGIN):
                response = await self._opened().post(
                    f"{self._url}/v1/runs",
                    data=body,
                    headers=headers,
                    timeout=STREAM,
                    allow_redirects=False,
                )
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise UnreachableError(str(error)) from error
        try:
            if response.status != 200:  # noqa: PLR2004 (as HTTP has it)
                raise RefusedError(response.status, await _sentence(response))
            async with aclosing(_lines(response.content, self.seconds + SLACK)) as lines:
                async for line in lines:
                    yield _of(ticket, from_line(line))
        finally:
            response.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        """A connection is never used twice: one that died meanwhile would look like a worker that died."""
        if self._session is None:
            headers = (
                {"Authorization": f"Bearer {self._address.token}"} if self._address.token else {}
            )
            connector: aiohttp.BaseConnector = (
                aiohttp.UnixConnector(self._address.where, force_close=True, limit=0)
                if self._address.is_socket
                else aiohttp.TCPConnector(force_close=True, limit=0)
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                headers={"Accept-Encoding": "identity", **headers},
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,  # a megabyte can be a gigabyte in disguise
            )
        return self._session


async def _lines(content: aiohttp.StreamReader, seconds: float) -> AsyncGenerator[bytes]:
    """Whole lines, which may be much longer than what the library reads at once; half a line at the end is none.

    A ValueError where they go on for longer than any run: a worker may be somebody else's, or broken.
    """
    rest, taken, told, ends = bytearray(), 0, 0, time.monotonic() + seconds
    while chunk := await _heard(content):
        searched = len(rest)
        rest += chunk
        taken += len(chunk)
        while (end := rest.find(b"\n", searched)) >= 0:
            yield bytes(rest[:end])
            del rest[: end + 1]
            searched, told = 0, told + 1
            if told > MOST_LINES:
                raise ValueError("lines without end")
        if len(rest) > LARGEST_LINE or taken > LARGEST_STREAM or time.monotonic() > ends:
            raise ValueError("a stream without end")


async def _heard(content: aiohttp.StreamReader) -> bytes:
    async with asyncio.timeout(SILENCE):
        return await content.readany()


def _of(ticket: Ticket, event: Event) -> Event:
    """The event, if it is of this very run."""
    if isinstance(event, Start) and ticket.run and event.run != ticket.run:
        raise ValueError(f"the stream of another run: {event.run[:80]!r}")
    return event


async def _word(response: aiohttp.ClientResponse) -> Any:
    """The JSON of a short answer; a ValueError where it is neither."""
    said = bytearray()
    async with asyncio.timeout(LOOK.total):
        async for chunk in response.content.iter_any():
            said += chunk
            if len(said) > LARGEST_WORD:
                raise ValueError("it says too much")
    try:
        return json.loads(said)
    except RecursionError:
        raise ValueError("it says too much") from None


async def _sentence(response: aiohttp.ClientResponse) -> str:
    with suppress(aiohttp.ClientError, OSError, ValueError, LookupError, TypeError):
        return str((await _word(response))["error"])[:LONGEST_SENTENCE]
    return f"The worker answered {response.status}."


def _named(error: BaseException) -> str:
    return (
        "no answer in time"
        if isinstance(error, asyncio.TimeoutError)
        else str(error) or type(error).__name__
    )
