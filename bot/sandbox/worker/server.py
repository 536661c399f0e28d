"""The worker: takes a snippet over HTTP, runs it at once or says that it cannot, and streams what happens."""

import asyncio
import hmac
import logging
import os
import re
import resource
import secrets
import signal
import socket
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.sandbox import limits
from bot.sandbox.jail import cgroups, drop_root, probe, python_paths, syscalls
from bot.sandbox.jail.bubblewrap import Jail
from bot.sandbox.jail.namespaces import JailPlan
from bot.sandbox.limits import KB, Limits
from bot.sandbox.protocol import (
    End,
    Event,
    NoSandboxError,
    Outcome,
    RequestError,
    RunRequest,
    to_line,
)
from bot.sandbox.worker import metrics
from bot.sandbox.worker.metrics import WorkerMetrics
from bot.sandbox.worker.pool import NoRoomError, Pool, PoolSize

log = logging.getLogger(__name__)
LARGEST_BODY = 1 << 20
BODY_PATIENCE = 5.0
"""Seconds within which a whole request must have come."""
IDLE = 75.0
OPEN_FILES = 65_536
"""More than all runs together, so that descriptors under way between theirs never stop ours."""
FAREWELL = 2.0
"""Seconds past a run's time limit that a worker waits for it when it is told to stop."""
RUN_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)
UNSAFE = "UNSAFE: runs are not confined at all. Whoever can send code to this worker can do all that this account can."


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """What a worker is told. Where `path` is set it listens there, for this account alone; else on a port, with a token."""

    path: Path | None = None
    host: str = "127.0.0.1"
    port: int = 0
    token: str = ""
    slots: int = 4
    gpu_slots: int = 1
    """Children that wait for each GPU; one run at a time uses it."""
    gpus: str | None = None
    """Which GPUs there are to it, as CUDA_VISIBLE_DEVICES says it; all of them where that is not set."""
    limits: Path = limits.FILE
    groups: bool = True
    """Bounds by control groups, where they can be written."""
    runs: int = 1000
    seconds: float = 3600.0
    """After so many runs or seconds a zygote is replaced."""
    patience: float = 10.0
    """Seconds that a line of an answer waits for its reader; then the run is hung up, or its slot would wait for ever."""
    unsafe: bool = False
    with_parent: bool = False
    """Ends when the process that started it ends."""

    def checked(self) -> "WorkerPlan":
        if self.path is None and not self.token:
            raise NoSandboxError(
                "A worker on a port needs a token, for whoever reaches it could run code here: set "
                "TORCHPROOF_WORKER_TOKEN to a long random word, here and for the bot."
            )
        return self


class Worker:
    """The pools of one machine behind their HTTP door."""

    def __init__(
        self, plan: WorkerPlan, pools: Mapping[str, Sequence[Pool]], tier: str, memory: str
    ) -> None:
        self._plan, self._pools, self._tier, self._memory = plan, pools, tier, memory
        self._bounds = next(iter(pools["cpu"])).jail.plan.limits
        self._active: set[str] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._draining = False
        self._tally = WorkerMetrics()

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self._guard], client_max_size=LARGEST_BODY)
        application.router.add_post("/v1/runs", self._run)
        application.router.add_get("/health", self._health)
        application.router.add_get("/metrics", self._metrics)
        return application

    async def drain(self) -> None:
        """No new run; those that are under way may end."""
        self._draining = True
        with suppress(TimeoutError):
            async with asyncio.timeout(self._bounds.seconds + FAREWELL):
                await self._idle.wait()

    @property
    def _trouble(self) -> str:
        return next(
            (pool.trouble for pools in self._pools.values() for pool in pools if pool.trouble), ""
        )

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if self._plan.token and not hmac.compare_digest(
            given, f"Bearer {self._plan.token}".encode()
        ):
            return _refusal(401, "This worker wants its token: send `Authorization: Bearer …`.")
        try:
            return await handler(request)
        except web.HTTPException as error:
            return _refusal(error.status, _HTTP.get(error.status, error.reason))
        except web.RequestPayloadError:
            return _refusal(400, _HTTP[400])

    async def _run(self, request: web.Request) -> web.StreamResponse:
        run = request.headers.get("X-Run") or secrets.token_hex(8)
        if not RUN_ID.fullmatch(run):
            return _refusal(400, "`X-Run` must be at most 64 letters, digits and . : _ -")
        try:
            asked = RunRequest.from_body(await _body(request))
            self._check(asked)
        except RequestError as error:
            return _refusal(400, str(error))
        except TimeoutError:
            return _refusal(408, "The request did not come whole within 5 seconds.")
        if len(asked.code.encode("utf-8", "surrogatepass")) > self._bounds.code_kb * KB:
            return _refusal(
                413, f"The code is too long: {limits.size(self._bounds.code_kb * KB)} for one run."
            )
        if run in self._active:
            return _refusal(409, "A run of this name is under way here.")
        return await self._taken(request, asked, run)

    def _check(self, asked: RunRequest) -> None:
        if not self._pools.get(asked.device):
            raise RequestError(f"This worker has no {asked.device.upper()}.")

    async def _taken(self, request: web.Request, asked: RunRequest, run: str) -> web.StreamResponse:
        """At once, or not at all."""
        pool = max(self._pools[asked.device], key=lambda each: each.free)
        if self._draining:
            return _refusal(503, "This worker is closing.")
        self._active.add(run)
        self._idle.clear()
        try:
            async with aclosing(pool.run(asked, run)) as events:
                return await self._streamed(request, events)
        except NoRoomError:
            return _refusal(503, pool.trouble or "No slot is free just now.")
        except NoSandboxError as error:
            return _refusal(503, str(error))
        except (ConnectionError, TimeoutError):
            return _hung_up(request)
        finally:
            self._active.discard(run)
            if not self._active:
                self._idle.set()

    async def _streamed(
        self, request: web.Request, events: AsyncIterator[Event]
    ) -> web.StreamResponse:
        """The first event comes before the answer begins, so that a refusal still can be one."""
        end, first = End(Outcome.CANCELLED), await anext(events)
        response = web.StreamResponse(
            headers={"Content-Type": "application/x-ndjson", "Cache-Control": "no-store"}
        )
        try:
            await response.prepare(request)
            await self._write(response, first)
            async for event in events:
                end = event if isinstance(event, End) else end
                await self._write(response, event)
            await response.write_eof()
        finally:
            self._tally.count(end)
        return response

    async def _write(self, response: web.StreamResponse, event: Event) -> None:
        async with asyncio.timeout(self._plan.patience):
            await response.write(to_line(event))

    async def _health(self, _: web.Request) -> web.Response:
        state = "closing" if self._draining else "trouble" if self._trouble else "ready"
        told = {
            "state": state,
            "trouble": self._trouble,
            "tier": self._tier,
            "memory": self._memory,
            "devices": {name: _room(pools) for name, pools in self._pools.items()},
            "seconds": self._bounds.seconds,
            "memory_mb": self._bounds.memory_mb,
        }
        return web.json_response(told, status=200 if state == "ready" else 503)

    async def _metrics(self, _: web.Request) -> web.Response:
        return web.Response(
            text=metrics.written(self._tally, self._pools), content_type="text/plain"
        )


def _room(pools: Sequence[Pool]) -> dict[str, int]:
    return {
        "slots": sum(pool.size.slots for pool in pools),
        "free": sum(max(pool.free, 0) for pool in pools),
        "waiting": sum(pool.waiting for pool in pools),
    }


_HTTP = {
    400: "The body is no whole HTTP body.",
    404: "There is only POST /v1/runs, GET /health and GET /metrics.",
    405: "There is only POST /v1/runs, GET /health and GET /metrics.",
    413: "The request is too large: 1 MB at most.",
}


def _hung_up(request: web.Request) -> web.Response:
    """Nobody takes an answer any more."""
    if request.transport:
        request.transport.abort()
    return web.Response()


def _without_trace(record: logging.LogRecord) -> bool:
    """Whoever sends what is no HTTP is told so; what they sent is no error of ours, and fills no log."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def _refusal(status: int, sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=status)


async def _body(request: web.Request) -> bytes:
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise RequestError("The body must come as it is, without `Content-Encoding`.")
    async with asyncio.timeout(BODY_PATIENCE):
        return await request.read()


async def serve_worker(plan: WorkerPlan, say: Callable[[str], None] = print) -> None:
    """A worker until it is told to stop (SIGTERM, SIGINT): then runs that are under way may end."""
    bounds = limits.read(plan.checked().limits)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, OPEN_FILES), most))
    door = _door(plan)
    try:
        pools, tier, memory = await _opened(plan, bounds, say)
        try:
            await _serve(Worker(plan, pools, tier, memory), door, say)
        finally:
            for pool in (each for group in pools.values() for each in group):
                await pool.close()
    finally:
        door.close()
        if plan.path:
            with suppress(OSError):
                plan.path.unlink()


def _door(plan: WorkerPlan) -> socket.socket:
    """Opened before root goes down, so that it can lie where the bot keeps its own things."""
    if plan.path is None:
        return socket.create_server((plan.host, plan.port))
    with suppress(FileNotFoundError):
        if not stat.S_ISSOCK(plan.path.stat().st_mode):
            raise NoSandboxError(
                f"{plan.path} is no socket: choose another place for the worker's."
            )
        if _answers(plan.path):
            raise NoSandboxError(f"A worker is listening on {plan.path} already.")
        plan.path.unlink()
    door = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        door.bind(str(plan.path))
    finally:
        os.umask(before)
    door.listen(64)
    return door


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as caller:
        return caller.connect_ex(str(path)) == 0


async def _opened(
    plan: WorkerPlan, bounds: Limits, say: Callable[[str], None]
) -> tuple[dict[str, list[Pool]], str, str]:
    """The pools of this machine, and how they are walled."""
    rooted = os.geteuid() == 0
    groups = (
        cgroups.claim(bounds, drop_root.UID if rooted else os.geteuid()) if plan.groups else None
    )
    if rooted:
        drop_root.go_down(drop_root.UID, python_paths.survey().sources)
    if plan.with_parent:
        syscalls.die_with_parent(signal.SIGTERM)
    size = PoolSize(plan.slots, plan.slots, plan.runs, plan.seconds)
    if plan.unsafe:
        say(UNSAFE)
        bare = Jail(JailPlan(bounds, nested=False, walled=False), python_paths.survey())
        pools = {"cpu": [Pool(bare, size)]}
        tier = "none: UNSAFE"
    else:
        chosen = await probe.best(bounds)
        tier = chosen.name
        on_gpu = PoolSize(1, plan.gpu_slots, plan.runs, plan.seconds)
        pools = {"cpu": [Pool(chosen.jail(bounds), size, groups, one_shot=chosen.one_shot)]}
        if found := probe.gpus(plan.gpus):
            pools["gpu"] = [
                Pool(
                    chosen.jail(bounds, device="gpu", gpu=each),
                    on_gpu,
                    groups,
                    one_shot=chosen.one_shot,
                )
                for each in found
            ]
    await asyncio.gather(*(pool.open() for group in pools.values() for pool in group))
    return pools, tier, probe.held_by(groups)


async def _serve(worker: Worker, door: socket.socket, say: Callable[[str], None]) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    http = logging.getLogger(f"{__name__}.http")
    http.addFilter(_without_trace)
    runner = web.AppRunner(
        worker.application(),
        handler_cancellation=True,
        keepalive_timeout=IDLE,
        access_log=None,
        shutdown_timeout=1.0,
        auto_decompress=False,
        logger=http,
    )
    await runner.setup()
    try:
        await web.SockSite(runner, door).start()
        say(f"The worker is ready on {_address(door)}.")
        await stopped.wait()
        await worker.drain()
    finally:
        await runner.cleanup()


def _address(door: socket.socket) -> str:
    name = door.getsockname()
    return str(name) if isinstance(name, str) else f"http://{name[0]}:{name[1]}"
