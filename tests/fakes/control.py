"""The tests' own way into a simulator: verbs over HTTP, beside the service's own addresses."""

import asyncio
import inspect
from typing import Any, Protocol

from aiohttp import web

from tests.fakes.api import Json, SimulatedApi
from tests.fakes.denied import Denied
from tests.fakes.faults import Fault
from tests.fakes.world import SimulatedWorld


class RateLimits(Protocol):
    on: bool


class ControlChannel:
    """Verbs are methods that begin with do_."""

    def __init__(self, world: SimulatedWorld, api: SimulatedApi, rate_limits: RateLimits) -> None:
        self._world = world
        self._api = api
        self._rate_limits = rate_limits

    async def answer(self, request: web.Request) -> web.Response:
        arguments = await request.json()
        verb = getattr(self, f"do_{arguments.pop('verb')}")
        try:
            result = verb(**arguments)
            if inspect.isawaitable(result):
                result = await result
            return web.json_response({"done": result})
        except Denied as denied:
            return web.json_response({"denied": str(denied)})

    async def do_changed(self, version: int, seconds: float) -> int:
        """The world's version once it is newer, or as it is after so many real seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._world.changed(version)
        except TimeoutError:
            pass
        return self._world.version

    # The clock

    def do_now(self) -> float:
        return self._world.clock.now()

    def do_advance(self, seconds: float) -> None:
        self._world.clock.advance(seconds)

    def do_set(self, instant: float) -> None:
        self._world.clock.set(instant)

    def do_stop(self) -> None:
        self._world.clock.stop()

    def do_go(self) -> None:
        self._world.clock.go()

    # Faults

    def do_fault(self, **fault: Any) -> None:
        self._api.faults.add(Fault(**fault))

    def do_limits(self, *, on: bool) -> None:
        self._rate_limits.on = on

    # What is known afterwards

    def do_log(self) -> list[Json]:
        return self._api.log

    def do_peek(self) -> Json:
        return {"violations": self._api.violations, "version": self._world.version}

    def do_violations(self) -> list[str]:
        """Everything wrong since the last time this was asked."""
        found = list(self._api.violations)
        self._api.violations.clear()
        return found
