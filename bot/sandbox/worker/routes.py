"""The worker's HTTP API."""

import asyncio
import hmac
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from typing import Any

from aiohttp import web

from bot.sandbox.limits import KB, size
from bot.sandbox.protocol import (
    End,
    Event,
    NoSandboxError,
    Outcome,
    RequestError,
    RunRequest,
    to_line,
)
from bot.sandbox.worker.metrics import WorkerMetrics
from bot.sandbox.worker.pool import BusyError, Pool

MAX_BODY = 1 << 20
BODY_SECONDS = 5.0  # For a whole request to arrive
# Past a run's time limit, for a run that is under way when the worker is told to stop.
DRAIN_SECONDS = 2.0
RUN_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)
NO_ROUTE = "There is only POST /v1/runs, GET /health and GET /metrics."
HTTP_ERRORS = {
    400: "The body is no whole HTTP body.",
    404: NO_ROUTE,
    405: NO_ROUTE,
    413: "The request is too large: 1 MB at most.",
}


class WorkerRoutes:
    def __init__(
        self,
        pools: Mapping[str, Sequence[Pool]],
        *,
        tier: str,
        memory: str,
        token: str,
        write_seconds: float,
    ) -> None:
        self._pools = pools
        self._tier = tier
        self._memory = memory
        self._token = token
        self._write_seconds = write_seconds
        self._limits = pools["cpu"][0].jail.plan.limits
        self._active: set[str] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._draining = False
        self._metrics = WorkerMetrics()

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self._guard], client_max_size=MAX_BODY)
        application.router.add_post("/v1/runs", self._post_run)
        application.router.add_get("/health", self._get_health)
        application.router.add_get("/metrics", self._get_metrics)
        return application

    async def drain(self) -> None:
        self._draining = True
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.seconds + DRAIN_SECONDS):
                await self._idle.wait()

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        wanted = f"Bearer {self._token}".encode()
        if self._token and not hmac.compare_digest(given, wanted):
            return _refusal(401, "This worker wants its token: send `Authorization: Bearer …`.")
        try:
            return await handler(request)
        except web.HTTPException as error:
            return _refusal(error.status, HTTP_ERRORS.get(error.status, error.reason))
        except web.RequestPayloadError:
            return _refusal(400, HTTP_ERRORS[400])

    async def _post_run(self, request: web.Request) -> web.StreamResponse:
        name = request.headers.get("X-Run") or secrets.token_hex(8)
        if not RUN_ID.fullmatch(name):
            return _refusal(400, "`X-Run` must be at most 64 letters, digits and . : _ -")
        try:
            wanted = RunRequest.from_body(await _read_body(request))
        except RequestError as error:
            return _refusal(400, str(error))
        except TimeoutError:
            return _refusal(408, "The request did not come whole within 5 seconds.")
        return self._check(wanted, name) or await self._run(request, wanted, name)

    def _check(self, wanted: RunRequest, name: str) -> web.Response | None:
        most = self._limits.code_kb * KB
        if not self._pools.get(wanted.device):
            return _refusal(400, f"This worker has no {wanted.device.upper()}.")
        if len(wanted.code.encode("utf-8", "surrogatepass")) > most:
            return _refusal(413, f"The code is too long: {size(most)} for one run.")
        if name in self._active:
            return _refusal(409, "A run of this name is under way here.")
        return _refusal(503, "This worker is closing.") if self._draining else None

    async def _run(self, request: web.Request, wanted: RunRequest, name: str) -> web.StreamResponse:
        # At once or not at all: a worker never queues.
        pool = max(self._pools[wanted.device], key=lambda pool: pool.free)
        self._active.add(name)
        self._idle.clear()
        try:
            async with aclosing(pool.run(wanted, name)) as events:
                return await self._stream(request, events)
        except BusyError:
            return _refusal(503, pool.trouble or "No slot is free just now.")
        except NoSandboxError as error:
            return _refusal(503, str(error))
        except (ConnectionError, TimeoutError):
            if request.transport:
                request.transport.abort()
            return web.Response()
        finally:
            self._active.discard(name)
            if not self._active:
                self._idle.set()

    async def _stream(
        self, request: web.Request, events: AsyncIterator[Event]
    ) -> web.StreamResponse:
        # Waits for the first event before it begins to answer: until then it can refuse.
        end = End(Outcome.CANCELLED)
        first = await anext(events)
        headers = {"Content-Type": "application/x-ndjson", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        try:
            await response.prepare(request)
            await self._write(response, first)
            async for event in events:
                end = event if isinstance(event, End) else end
                await self._write(response, event)
            await response.write_eof()
        finally:
            self._metrics.count(end)
        return response

    async def _write(self, response: web.StreamResponse, event: Event) -> None:
        async with asyncio.timeout(self._write_seconds):
            await response.write(to_line(event))

    async def _get_health(self, _: web.Request) -> web.Response:
        pools = [pool for group in self._pools.values() for pool in group]
        trouble = next((pool.trouble for pool in pools if pool.trouble), "")
        state = "closing" if self._draining else "trouble" if trouble else "ready"
        payload = {
            "state": state,
            "trouble": trouble,
            "tier": self._tier,
            "memory": self._memory,
            "devices": {name: _capacity(group) for name, group in self._pools.items()},
            "seconds": self._limits.seconds,
            "memory_mb": self._limits.memory_mb,
        }
        return web.json_response(payload, status=200 if state == "ready" else 503)

    async def _get_metrics(self, _: web.Request) -> web.Response:
        return web.Response(text=self._metrics.render(self._pools), content_type="text/plain")


def _capacity(pools: Sequence[Pool]) -> dict[str, Any]:
    return {
        "slots": sum(pool.size.slots for pool in pools),
        "free": sum(max(pool.free, 0) for pool in pools),
        "waiting": sum(pool.waiting for pool in pools),
    }


def _refusal(status: int, sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=status)


async def _read_body(request: web.Request) -> bytes:
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise RequestError("The body must come as it is, without `Content-Encoding`.")
    async with asyncio.timeout(BODY_SECONDS):
        return await request.read()
