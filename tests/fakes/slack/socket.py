"""Socket Mode.

It is an address for one connection, envelopes to any one of the open connections, and their
acknowledgements.
"""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.slack.delivery import Gone
from tests.fakes.slack.refusals import Refusal
from tests.fakes.slack.world import APP, Json, World

CONNECTIONS = 10
TICKET_S = 30.0
LEAVING_S = 0.2
"""Real seconds between the word that a connection ends and its end."""


@dataclass
class Envelope:
    id: str
    body: Json
    answer: "asyncio.Future[Any]"


@dataclass(eq=False)
class Line:
    """One websocket."""

    request: web.Request
    socket: web.WebSocketResponse
    leaving: bool = False
    out: "asyncio.Queue[Json]" = field(default_factory=asyncio.Queue)
    waiting: dict[str, Envelope] = field(default_factory=dict)

    def cut(self) -> None:
        """As a broken cable does: no closing frame."""
        if self.request.transport:
            self.request.transport.abort()


class Socket:
    def __init__(self, world: World, violations: list[str]) -> None:
        self.world, self._violations = world, violations
        self.lines: list[Line] = []
        self.connected = 0
        """How often a connection was made."""
        self.closed = False
        """Whether new connections are turned away."""
        self.deaf = False
        """Whether acknowledgements get lost on their way."""
        self._tickets: dict[str, float] = {}
        self._queue: deque[Envelope] = deque()
        self._turn = 0

    # Coming and going

    def ticket(self) -> str:
        if self.closed:
            raise Refusal("internal_error")
        ticket = token_urlsafe(16)
        self._tickets[ticket] = self.world.clock.elapsed() + TICKET_S
        return f"{self.world.address.replace('http', 'ws', 1)}/link?ticket={ticket}&app_id={APP}"

    async def connect(self, request: web.Request) -> web.StreamResponse:
        until = self._tickets.pop(request.query.get("ticket", ""), 0.0)
        if self.closed or until < self.world.clock.elapsed():
            return web.Response(status=400, text="invalid ticket")
        if len(self.lines) >= CONNECTIONS:
            return web.Response(status=400, text="too many connections")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        line = Line(request, socket)
        writing = asyncio.create_task(_write(line))
        self._welcome(line)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._hear(line, message.data)
        finally:
            writing.cancel()
            self._lose(line)
        return socket

    def _welcome(self, line: Line) -> None:
        self.lines.append(line)
        self.connected += 1
        hello: Json = {
            "type": "hello",
            "num_connections": len(self.lines),
            "connection_info": {"app_id": APP},
        }
        hello["debug_info"] = {
            "host": "simulator",
            "build_number": 1,
            "approximate_connection_time": 3600,
        }
        line.out.put_nowait(hello)
        self._pump()
        self.world.touch()

    def _lose(self, line: Line) -> None:
        if line in self.lines:
            self.lines.remove(line)
        for envelope in line.waiting.values():
            if not envelope.answer.done():
                envelope.answer.set_exception(Gone("connection lost"))
        self.world.touch()

    # Envelopes

    async def carry(self, kind: str, payload: Json, attempt: int, why: str) -> Any:
        body: Json = {"type": kind, "envelope_id": token_urlsafe(16), "payload": payload}
        body["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            body |= {"retry_attempt": attempt, "retry_reason": why}
        envelope = Envelope(body["envelope_id"], body, asyncio.get_running_loop().create_future())
        self._queue.append(envelope)
        self._pump()
        return await envelope.answer

    def _pump(self) -> None:
        """Each envelope to the next of the connections that stay."""
        staying = [line for line in self.lines if not line.leaving]
        while self._queue and staying:
            envelope = self._queue.popleft()
            if envelope.answer.done():
                continue
            self._turn += 1
            line = staying[self._turn % len(staying)]
            line.waiting[envelope.id] = envelope
            line.out.put_nowait(envelope.body)

    def _hear(self, line: Line, text: str) -> None:
        try:
            sent = json.loads(text)
            name = sent["envelope_id"]
        except (ValueError, KeyError, TypeError):
            self._violations.append(f"a frame on the socket is no acknowledgement: {text[:120]}")
            self.world.touch()
            return
        envelope = line.waiting.pop(name, None)
        if envelope is None:
            self._violations.append("an envelope was acknowledged twice, or on another connection")
            self.world.touch()
        elif not self.deaf and not envelope.answer.done():
            envelope.answer.set_result(sent.get("payload"))

    # Faults

    def disconnect(self, reason: str) -> None:
        """Say that the connections end, then end them.

        A warning comes before the end and ends nothing.
        """
        for line in self.lines:
            debug = {"host": "simulator"}
            line.out.put_nowait({"type": "disconnect", "reason": reason, "debug_info": debug})
            if reason != "warning":
                line.leaving = True
                asyncio.get_running_loop().call_later(LEAVING_S, _end, line)

    def freeze(self) -> None:
        """As when the road between breaks and nobody says so.

        Nothing is read, and nothing is answered.
        """
        for line in list(self.lines):
            if line.request.transport:
                line.request.transport.pause_reading()
            line.leaving = True
            self._lose(line)

    def drop(self) -> None:
        for line in list(self.lines):
            line.cut()

    def garble(self, text: str) -> None:
        """A frame with these words, whatever they are, on every connection."""
        for line in self.lines:
            line.out.put_nowait({"raw": text})


def _end(line: Line) -> None:
    asyncio.ensure_future(line.socket.close(code=1000))  # noqa: RUF006 — the connection itself keeps it


async def _write(line: Line) -> None:
    try:
        while True:
            frame = await line.out.get()
            await line.socket.send_str(frame["raw"] if "raw" in frame else json.dumps(frame))
    except ConnectionError:
        """The other side is gone."""
