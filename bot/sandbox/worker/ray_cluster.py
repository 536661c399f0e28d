"""The same worker on many machines behind one address, by Ray Serve: `serve run bot.sandbox.worker.ray_cluster:deployed slots=4 token=…`.

Ray retries nothing and its queue costs time, so neither is used: a bot's dispatcher sends no more than there are
slots, and takes a stream without its `end` for a worker that died.
"""

import asyncio
import hmac
import json
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bot.sandbox.bot.endpoint import Endpoint, WorkerAddress
from bot.sandbox.bot.local_worker import LocalWorker
from bot.sandbox.bot.queue import Ticket
from bot.sandbox.protocol import (
    DEVICES,
    HEARTBEAT,
    Heartbeat,
    NoSandboxError,
    RequestError,
    RunRequest,
    to_line,
)

if TYPE_CHECKING:
    from ray import serve
    from starlette.requests import Request
    from starlette.responses import Response

ROOT = Path(__file__).resolve().parents[3]
CROWD = 1000
"""Requests that the door may hold open; it is the slots that are scarce."""
BOOT = 60.0


class SlotReplica:
    """One replica: a worker of its own with one slot, on whatever machine Ray puts it."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="torchproof-")
        self._socket = f"{self._folder.name}/worker.sock"
        self._ready = asyncio.Event()
        self._unable = ""

    async def reconfigure(self, told: dict[str, Any]) -> None:
        """Ray calls this before the first run: a replica counts once its worker is there."""
        del told
        command = (
            sys.executable,
            "-m",
            "bot",
            "worker",
            "--socket",
            self._socket,
            "--slots",
            "1",
            "--with-parent",
        )
        worker = LocalWorker(command, None, str(ROOT), self._ready.set, self._refuse)
        self._endpoint = Endpoint(WorkerAddress(self._socket))
        self._keeping = asyncio.create_task(worker.keep())
        async with asyncio.timeout(BOOT):
            await self._ready.wait()
        if self._unable:
            raise NoSandboxError(self._unable)

    def _refuse(self, why: str) -> None:
        self._unable = why
        self._ready.set()

    async def run(self, name: str, body: bytes) -> AsyncIterator[bytes]:
        ticket = Ticket(name, "", "", RunRequest.from_body(body))
        async with aclosing(self._endpoint.stream(ticket)) as events:
            async for event in events:
                yield to_line(event)


class Ingress:
    """What the bot sees: one worker with many slots."""

    def __init__(self, slots: Any, most: int, device: str, token: str) -> None:
        self._slots, self._most, self._device, self._token = slots, most, device, token
        self._busy = 0

    async def __call__(self, request: "Request") -> "Response":
        from starlette.responses import StreamingResponse  # noqa: PLC0415 (comes with Ray)

        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {self._token}".encode()):
            return _json(
                401, {"error": "This worker wants its token: send `Authorization: Bearer …`."}
            )
        if (request.method, request.url.path) == ("GET", "/health"):
            return _json(200, self._health())
        if (request.method, request.url.path) != ("POST", "/v1/runs"):
            return _json(404, {"error": "There is only POST /v1/runs and GET /health."})
        body = await request.body()
        if wrong := self._wrong(body):
            return _json(400, {"error": wrong})
        if self._busy >= self._most:
            return _json(503, {"error": "No slot is free just now."})
        lines = self._streamed(request.headers.get("X-Run", ""), body)
        return StreamingResponse(
            lines, media_type="application/x-ndjson", headers={"Cache-Control": "no-store"}
        )

    def _wrong(self, body: bytes) -> str:
        try:
            device = RunRequest.from_body(body).device
        except RequestError as error:
            return str(error)
        return (
            ""
            if device == self._device
            else f"These workers run on the {self._device.upper()} alone."
        )

    def _health(self) -> dict[str, Any]:
        room = {"slots": self._most, "free": self._most - self._busy, "waiting": 0}
        return {
            "state": "ready",
            "trouble": "",
            "tier": "Ray Serve",
            "devices": {self._device: room},
        }

    async def _streamed(self, name: str, body: bytes) -> AsyncGenerator[bytes]:
        """A replica's lines, and heartbeats while there is none yet; a replica that dies ends them without `end`."""
        self._busy += 1
        lines = self._slots.options(stream=True).run.remote(name, body)
        coming: asyncio.Task[bytes] | None = None
        try:
            while True:
                coming = coming or asyncio.ensure_future(_next(lines))
                done, _ = await asyncio.wait([coming], timeout=HEARTBEAT)
                if not done:
                    yield to_line(Heartbeat())
                    continue
                yield coming.result()
                coming = None
        except Exception:  # noqa: BLE001 (however a replica is lost, the stream without its end says so)
            return
        finally:
            self._busy -= 1
            if coming is not None:
                coming.cancel()
            with suppress(Exception):
                lines.cancel()


async def _next(lines: Any) -> bytes:
    """StopAsyncIteration may not leave a task."""
    try:
        line: bytes = await anext(lines)
    except StopAsyncIteration:
        raise EOFError from None
    return line


def _json(status: int, told: dict[str, Any]) -> "Response":
    from starlette.responses import Response  # noqa: PLC0415 (as above)

    return Response(json.dumps(told), status, media_type="application/json")


def deployed(told: dict[str, str]) -> "serve.Application":
    """What Ray Serve runs: from `least` to `slots` replicas as they are needed, `gpus` for each, and the token of all."""
    from ray import serve  # noqa: PLC0415 (the bot and its own workers do without it)

    most, gpus, token = (
        int(told.get("slots", "2")),
        float(told.get("gpus", "0")),
        told.get("token", ""),
    )
    scale = {
        "min_replicas": int(told.get("least", "0")),
        "max_replicas": most,
        "target_ongoing_requests": 1,
    }
    if not token:
        raise NoSandboxError("Workers on a port need a token: add token=… to the command.")
    device = DEVICES[gpus > 0]
    slot = serve.deployment(
        name="SlotReplica",
        max_ongoing_requests=1,
        autoscaling_config={**scale, "upscale_delay_s": 0.5},
        ray_actor_options={"num_cpus": float(told.get("cpus", "1")), "num_gpus": gpus},
        user_config={},
        health_check_period_s=2,
        health_check_timeout_s=5,
        graceful_shutdown_timeout_s=2,
    )(SlotReplica)
    door = serve.deployment(
        name="Ingress", max_ongoing_requests=CROWD, ray_actor_options={"num_cpus": 0}
    )(Ingress)
    return door.bind(slot.bind(), most, device, token)
