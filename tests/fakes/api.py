"""What every simulator's API does with a request: faults, a log of requests, and violations."""

import time
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.fakes.faults import CUT_AFTER, Faults

Json = dict[str, Any]

UNREADABLE = (TypeError, AttributeError, KeyError, ValueError, AssertionError)
"""What the work on a request raises whose values are not of the kinds that they should be."""


class SimulatedApi:
    def __init__(self, faults: Faults, violations: list[str] | None = None) -> None:
        self.faults = faults
        self.log: list[Json] = []
        """Every request and the status of its answer; 0 where the connection broke."""
        self.violations: list[str] = [] if violations is None else violations
        """What no client may send, and what this simulator may not answer."""

    async def with_fault(
        self,
        request: web.Request,
        path: str,
        work: Callable[[], Awaitable[web.Response]],
        note: Callable[[int], None],
    ) -> web.Response:
        """Do the work, unless a fault waits for it: then `note` logs the status."""
        fault = self.faults.next(f"{request.method} {path}")
        if fault is None:
            return await work()
        try:
            if instead := await self.faults.before(fault, request):
                note(instead.status)
                return instead
            response = await work()
            instead = self.faults.after(fault, request) or response
            self.log[-1]["status"] = instead.status
        except ConnectionResetError:
            if fault.kind == CUT_AFTER:
                self.log[-1]["status"] = 0
            else:
                note(0)
            return web.Response(status=500)  # nobody is there to read it
        return instead

    def add_to_log(self, at: float, **line: Any) -> None:
        self.log.append({"at": at, **line, "real": time.monotonic()})

    def not_readable(self, operation: str, error: Exception) -> None:
        trace = traceback.format_exc(limit=-2)
        self.violations.append(f"{operation} could not be read: {error!r} {trace}")
