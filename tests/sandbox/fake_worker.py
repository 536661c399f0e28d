"""A worker that runs nothing.

It is a real HTTP server that answers as it is told, and remembers what it was asked.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.bot.worker_client import WorkerAddress
from bot.sandbox.protocol import (
    End,
    Event,
    Heartbeat,
    Outcome,
    OutputText,
    RunRequest,
    Start,
    to_line,
)

Play = Callable[["Stage", RunRequest], Awaitable[None]]


@dataclass(slots=True)
class Stage:
    """One run's stream."""

    run: str
    response: web.StreamResponse
    request: web.Request

    async def tell(self, *events: Event) -> None:
        for event in events:
            await self.response.write(to_line(event))

    async def die(self) -> None:
        """As a worker that was killed: the stream breaks off."""
        assert self.request.transport
        self.request.transport.abort()
        raise asyncio.CancelledError


async def echo(stage: Stage, request: RunRequest) -> None:
    await stage.tell(OutputText(request.code), End(Outcome.DONE))


async def idle(stage: Stage, _: RunRequest) -> None:
    """Busy until somebody hangs up."""
    while True:
        await stage.tell(Heartbeat())
        await asyncio.sleep(0.02)


@dataclass
class FakeWorker:
    """`play` says what a run does.

    `asked` holds the codes in the order they came, `most` the greatest crowd.
    """

    slots: int = 1
    play: Play = echo
    devices: tuple[str, ...] = ("cpu",)
    token: str = ""
    refusals: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    busy: int = 0
    most: int = 0
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    trouble: str = ""

    async def health(self, _: web.Request) -> web.Response:
        room = {"slots": self.slots, "free": self.slots - self.busy, "waiting": 0}
        state = "trouble" if self.trouble else "ready"
        told = {
            "state": state,
            "trouble": self.trouble,
            "devices": dict.fromkeys(self.devices, room),
        }
        return web.json_response(told, status=503 if self.trouble else 200)

    async def runs(self, request: web.Request) -> web.StreamResponse:
        if self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.json_response({"error": "This worker wants its token."}, status=401)
        if self.refusals:
            return web.json_response({"error": "Not now."}, status=self.refusals.pop(0))
        if self.busy >= self.slots:
            return web.json_response({"error": "No slot is free just now."}, status=503)
        asked = RunRequest.from_body(await request.read())
        self.asked.append(asked.code)
        self.names.append(request.headers["X-Run"])
        self.busy += 1
        self.most = max(self.most, self.busy)
        self.begun.set()
        try:
            return await self._played(request, asked)
        except (asyncio.CancelledError, ConnectionError):
            self.cancelled.set()
            raise
        finally:
            self.busy -= 1

    async def _played(self, request: web.Request, asked: RunRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        stage = Stage(request.headers["X-Run"], response, request)
        await stage.tell(Start(stage.run, asked.device))
        await self.play(stage, asked)
        await response.write_eof()
        return response


@asynccontextmanager
async def serve_fake_worker(
    path: Path | None = None, **told: Any
) -> AsyncIterator[tuple[FakeWorker, WorkerAddress]]:
    """Served on a free port, or on a socket."""
    worker = FakeWorker(**told)
    application = web.Application()
    application.router.add_get("/health", worker.health)
    application.router.add_post("/v1/runs", worker.runs)
    runner = web.AppRunner(
        application, handler_cancellation=True, access_log=None, shutdown_timeout=0.1
    )
    await runner.setup()
    site: web.BaseSite = (
        web.UnixSite(runner, str(path)) if path else web.TCPSite(runner, "127.0.0.1", 0)
    )
    await site.start()
    where = str(path) if path else f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield worker, WorkerAddress(where, worker.token)
    finally:
        await runner.cleanup()
