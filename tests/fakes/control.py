"""The tests' own way into a simulator: verbs over HTTP, beside the service's address and unknown to it."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any, Protocol

from aiohttp import web

from tests.fakes.clock import Clock
from tests.fakes.denied import Denied

Verb = Callable[..., Any]


class Known(Protocol):
    """A world whose changes can be waited for."""

    version: int
    clock: Clock

    async def changed(self, version: int) -> None: ...


class ControlChannel:
    """Verbs are methods that begin with do_."""

    def __init__(self, known: Known) -> None:
        self._known = known

    async def enter(self, request: web.Request) -> web.Response:
        asked = await request.json()
        verb: Verb = getattr(self, f"do_{asked.pop('verb')}")
        try:
            done = verb(**asked)
            return web.json_response({"done": await done if inspect.isawaitable(done) else done})
        except Denied as denied:
            return web.json_response({"denied": str(denied)})

    async def do_changed(self, version: int, seconds: float) -> int:
        """The world's version once it is newer, or after so many real seconds as it is."""
        try:
            async with asyncio.timeout(seconds):
                await self._known.changed(version)
        except TimeoutError:
            pass
        return self._known.version

    # The clock

    def do_now(self) -> float:
        return self._known.clock.now()

    def do_advance(self, seconds: float) -> None:
        self._known.clock.advance(seconds)

    def do_set(self, instant: float) -> None:
        self._known.clock.set(instant)

    def do_stop(self) -> None:
        self._known.clock.stop()

    def do_go(self) -> None:
        self._known.clock.go()
