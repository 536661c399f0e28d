"""The bot's client of one worker."""

# No worker is trusted: it may be somebody else's, or broken.

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.sandbox.bot.queue import Ticket
from bot.sandbox.protocol import HEARTBEAT, Event, Start, from_line

log = logging.getLogger(__name__)
HEALTH_SECONDS = 3.0
STREAM_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=3)
START_SECONDS = 25.0  # Until a worker has a slot or says that it has none
SILENCE_SECONDS = 4 * HEARTBEAT  # After which a worker counts as dead
MAX_LINE = 32 << 20
MAX_STREAM = 128 << 20
MAX_LINES = 100_000  # More than any run under the worker's own limits can produce
MAX_JSON = 64 << 10  # Bytes of an answer that is no stream
MAX_SECONDS = 600.0  # Of a run whose worker names no limit
SPARE_SECONDS = 60.0  # That a stream may take beyond its run's limit
MAX_SLOTS = 10_000
MAX_SENTENCE = 500
BAD_ANSWER = (aiohttp.ClientError, OSError, ValueError, LookupError, TypeError, AttributeError)


class RefusedError(Exception):
    # The worker took no run; its sentence says why.
    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class UnreachableError(Exception):
    # Nobody listens there, so nothing was begun.
    pass


@dataclass(frozen=True, slots=True)
class WorkerAddress:
    # A Unix socket's path or an http(s) address, and the token that the worker wants.
    where: str
    token: str = ""

    @property
    def is_socket(self) -> bool:
        return not self.where.startswith(("http://", "https://"))


class WorkerClient:
    # Counts the runs of this bot there; learns the rest from /health and from refusals.
    def __init__(self, address: WorkerAddress) -> None:
        self._address = address
        self._url = "http://worker" if address.is_socket else address.where.rstrip("/")
        self._session: aiohttp.ClientSession | None = None
        self._full: set[str] = set()
        self._seconds = MAX_SECONDS
        self.slots: dict[str, int] = {}
        self.busy: Counter[str] = Counter()
        self.trouble = "It has not answered yet."

    @property
    def name(self) -> str:
        return self._address.where

    def has(self, device: str) -> bool:
        return not self.trouble and self.slots.get(device, 0) > 0

    def free(self, device: str) -> int:
        if not self.has(device) or device in self._full:
            return 0
        return self.slots[device] - self.busy[device]

    def release(self, device: str) -> None:
        self.busy[device] -= 1
        self._full.discard(device)

    def mark_failed(self, trouble: str) -> None:
        if not self.trouble:
            log.warning("the worker at %s: %s", self.name, trouble)
        self.trouble = trouble

    def mark_full(self, device: str) -> None:
        # Until the next look at its health, or until one of this bot's runs ends there.
        self._full.add(device)

    async def check_health(self) -> None:
        try:
            async with self._open_session().get(
                f"{self._url}/health",
                timeout=aiohttp.ClientTimeout(total=HEALTH_SECONDS),
                allow_redirects=False,
            ) as response:
                payload = await _read_json(response)
            if response.status == HTTPStatus.OK:
                self._read_health(payload)
                self.trouble = ""
            else:
                reasons = (payload.get(name) for name in ("trouble", "error", "state"))
                reason = next(filter(None, reasons), response.status)
                self.mark_failed(str(reason)[:MAX_SENTENCE])
        except BAD_ANSWER as error:
            reason = str(error) or type(error).__name__
            if isinstance(error, TimeoutError):
                reason = "no answer in time"
            self.mark_failed(f"It does not answer ({reason}).")

    def _read_health(self, payload: Any) -> None:
        devices = {str(name): device for name, device in payload["devices"].items()}
        slots = {name: device["slots"] for name, device in devices.items()}
        full = {name for name, device in devices.items() if device["free"] <= 0}
        seconds = payload.get("seconds", MAX_SECONDS)
        counts_are_sane = all(
            type(count) is int and 0 <= count <= MAX_SLOTS for count in slots.values()
        )
        if not counts_are_sane or not seconds > 0:
            raise ValueError("what it says of itself makes no sense")
        self.slots = slots
        self._full = full
        self._seconds = min(seconds, MAX_SECONDS)

    async def stream(self, ticket: Ticket) -> AsyncGenerator[Event]:
        # The events of a run. Closing the generator early hangs up.
        try:
            async with asyncio.timeout(START_SECONDS):
                response = await self._open_session().post(
                    f"{self._url}/v1/runs",
                    data=ticket.request.body(),
                    headers={"X-Run": ticket.run},
                    timeout=STREAM_TIMEOUT,
                    allow_redirects=False,
                )
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise UnreachableError(str(error)) from error
        try:
            if response.status != HTTPStatus.OK:
                raise RefusedError(response.status, await _refusal(response))
            lines = _lines(response.content, self._seconds + SPARE_SECONDS)
            async with aclosing(lines):
                async for line in lines:
                    event = from_line(line)
                    if isinstance(event, Start) and ticket.run and event.run != ticket.run:
                        raise ValueError(f"the stream of another run: {event.run[:80]!r}")
                    yield event
        finally:
            response.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open_session(self) -> aiohttp.ClientSession:
        # Never reuses a connection: one that died would look like a worker that died.
        if self._session is None:
            headers = {"Accept-Encoding": "identity"}
            if self._address.token:
                headers["Authorization"] = f"Bearer {self._address.token}"
            self._session = aiohttp.ClientSession(
                connector=aiohttp.UnixConnector(self._address.where, force_close=True, limit=0)
                if self._address.is_socket
                else aiohttp.TCPConnector(force_close=True, limit=0),
                headers=headers,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,  # a megabyte could unpack to a gigabyte
            )
        return self._session


async def _lines(content: aiohttp.StreamReader, seconds: float) -> AsyncGenerator[bytes]:
    # Whole lines; half a line at the end is none. ValueError if they go on for too long.
    rest = bytearray()
    received = 0
    count = 0
    deadline = time.monotonic() + seconds
    while True:
        async with asyncio.timeout(SILENCE_SECONDS):
            chunk = await content.readany()
        if not chunk:
            return
        searched = len(rest)
        rest += chunk
        received += len(chunk)
        while (end := rest.find(b"\n", searched)) >= 0:
            yield bytes(rest[:end])
            del rest[: end + 1]
            searched = 0
            count += 1
            if count > MAX_LINES:
                raise ValueError("lines without end")
        if len(rest) > MAX_LINE or received > MAX_STREAM or time.monotonic() > deadline:
            raise ValueError("a stream without end")


async def _read_json(response: aiohttp.ClientResponse) -> Any:
    content = bytearray()
    async with asyncio.timeout(HEALTH_SECONDS):
        async for chunk in response.content.iter_any():
            content += chunk
            if len(content) > MAX_JSON:
                raise ValueError("it says too much")
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("it says too much") from None


async def _refusal(response: aiohttp.ClientResponse) -> str:
    with suppress(*BAD_ANSWER):
        return str((await _read_json(response))["error"])[:MAX_SENTENCE]
    return f"The worker answered {response.status}."
