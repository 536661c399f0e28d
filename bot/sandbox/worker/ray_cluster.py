"""Workers on many machines behind one address, by Ray Serve."""

# Started by `serve run bot.sandbox.worker.ray_cluster:deployed slots=4 token=…`. Ray's retries
# and its queue are not used: a bot's dispatcher sends no more than there are slots, and takes a
# stream without its `end` for a worker that died.

import asyncio
import hmac
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bot.sandbox.bot.local_worker import LocalWorker, worker_command
from bot.sandbox.bot.queue import Ticket
from bot.sandbox.bot.worker_client import WorkerAddress, WorkerClient
from bot.sandbox.jail.python_paths import PROJECT
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

MAX_REQUESTS = 1000  # That the ingress may hold open; it is slots that are scarce
START_SECONDS = 60.0


class SlotReplica:
    # A worker of its own with one slot, on whatever machine Ray puts it.
    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="torchproof-")
        self._socket = f"{self._folder.name}/worker.sock"
        self._ready = asyncio.Event()
        self._unable = ""

    async def reconfigure(self, _config: dict[str, Any]) -> None:
        # Ray calls this before the first run and counts the replica once it returns.
        command = worker_command(self._socket, "--slots", "1")
        worker = LocalWorker(command, None, PROJECT, self._ready.set, self._give_up)
        self._client = WorkerClient(WorkerAddress(self._socket))
        self._task = asyncio.create_task(worker.keep_running())
        async with asyncio.timeout(START_SECONDS):
            await self._ready.wait()
        if self._unable:
            raise NoSandboxError(self._unable)

    def _give_up(self, reason: str) -> None:
        self._unable = reason
        self._ready.set()

    async def run(self, name: str, body: bytes) -> AsyncIterator[bytes]:
        ticket = Ticket(name, "", "", RunRequest.from_body(body))
        async with aclosing(self._client.stream(ticket)) as events:
            async for event in events:
                yield to_line(event)


class Ingress:
    def __init__(self, replicas: Any, slots: int, device: str, token: str) -> None:
        self._replicas = replicas
        self._slots = slots
        self._device = device
        self._token = token
        self._busy = 0

    async def __call__(self, request: "Request") -> "Response":
        from starlette.responses import StreamingResponse  # noqa: PLC0415 (comes with Ray)

        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {self._token}".encode()):
            return _error(401, "This worker wants its token: send `Authorization: Bearer …`.")
        if (request.method, request.url.path) == ("GET", "/health"):
            return _json(200, self._health())
        if (request.method, request.url.path) != ("POST", "/v1/runs"):
            return _error(404, "There is only POST /v1/runs and GET /health.")
        body = await request.body()
        if problem := self._problem(body):
            return _error(400, problem)
        if self._busy >= self._slots:
            return _error(503, "No slot is free just now.")
        lines = self._stream(request.headers.get("X-Run", ""), body)
        headers = {"Cache-Control": "no-store"}
        return StreamingResponse(lines, media_type="application/x-ndjson", headers=headers)

    def _problem(self, body: bytes) -> str:
        try:
            device = RunRequest.from_body(body).device
        except RequestError as error:
            return str(error)
        is_ours = device == self._device
        return "" if is_ours else f"These workers run on the {self._device.upper()} alone."

    def _health(self) -> dict[str, Any]:
        free = self._slots - self._busy
        return {
            "state": "ready",
            "trouble": "",
            "tier": "Ray Serve",
            "devices": {self._device: {"slots": self._slots, "free": free, "waiting": 0}},
        }

    async def _stream(self, name: str, body: bytes) -> AsyncGenerator[bytes]:
        # A replica's lines, with heartbeats while there are none. A dead replica sends no `end`.
        self._busy += 1
        lines = self._replicas.options(stream=True).run.remote(name, body)
        line: asyncio.Task[bytes] | None = None
        try:
            while True:
                line = line or asyncio.ensure_future(_next(lines))
                done, _ = await asyncio.wait([line], timeout=HEARTBEAT)
                if not done:
                    yield to_line(Heartbeat())
                    continue
                yield line.result()
                line = None
        except Exception:  # noqa: BLE001 (however a replica is lost, the missing `end` tells)
            return
        finally:
            self._busy -= 1
            if line is not None:
                line.cancel()
            with suppress(Exception):
                lines.cancel()


async def _next(lines: Any) -> bytes:
    # StopAsyncIteration may not leave a task.
    try:
        line: bytes = await anext(lines)
    except StopAsyncIteration:
        raise EOFError from None
    return line


def _error(status: int, sentence: str) -> "Response":
    return _json(status, {"error": sentence})


def _json(status: int, payload: dict[str, Any]) -> "Response":
    from starlette.responses import Response  # noqa: PLC0415 (as above)

    return Response(json.dumps(payload), status, media_type="application/json")


def deployed(options: dict[str, str]) -> "serve.Application":
    # What Ray Serve runs: `least` to `slots` replicas with `gpus` each, and a `token` for all.
    from ray import serve  # noqa: PLC0415 (the bot and its own workers do without it)

    slots = int(options.get("slots", "2"))
    gpus = float(options.get("gpus", "0"))
    token = options.get("token", "")
    if not token:
        raise NoSandboxError("Workers on a port need a token: add token=… to the command.")
    replicas = serve.deployment(
        name="SlotReplica",
        max_ongoing_requests=1,
        autoscaling_config={
            "min_replicas": int(options.get("least", "0")),
            "max_replicas": slots,
            "target_ongoing_requests": 1,
            "upscale_delay_s": 0.5,
        },
        ray_actor_options={"num_cpus": float(options.get("cpus", "1")), "num_gpus": gpus},
        user_config={},
        health_check_period_s=2,
        health_check_timeout_s=5,
        graceful_shutdown_timeout_s=2,
    )(SlotReplica)
    ingress = serve.deployment(
        name="Ingress", max_ongoing_requests=MAX_REQUESTS, ray_actor_options={"num_cpus": 0}
    )(Ingress)
    return ingress.bind(replicas.bind(), slots, DEVICES[gpus > 0], token)
