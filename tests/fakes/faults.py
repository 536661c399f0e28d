"""What goes wrong on demand with the next requests that fit."""

import asyncio
import re
from dataclasses import dataclass

from aiohttp import web

FAILED = "failed"
"""5xx before the work."""
LOST = "lost"
"""5xx after the work."""
CUT = "cut"
"""The connection breaks before the work."""
CUT_AFTER = "cut-after"
SLOW = "slow"
"""After some seconds."""
LIMITED = "limited"
"""429 as the service sends it."""
GARBLED = "garbled"
"""Done, and answered with something that is no JSON."""


@dataclass
class Fault:
    kind: str
    path: str
    """A regular expression, searched in "METHOD /path"."""
    times: int = 1
    status: int = 500
    seconds: float = 0.1
    error: str = ""


class Faults:
    """Those that wait for a request. Each service has its error page and perhaps more kinds."""

    kinds = frozenset({FAILED, LOST, CUT, CUT_AFTER, SLOW, LIMITED, GARBLED})
    error_page = ""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        if fault.kind not in self.kinds:
            raise ValueError(f"a fault is one of {sorted(self.kinds)}, not {fault.kind!r}")
        self.waiting.append(fault)

    def next(self, line: str) -> Fault | None:
        for fault in self.waiting:
            if re.search(fault.path, line):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None

    async def before(self, fault: Fault, request: web.Request) -> web.Response | None:
        """What happens instead of the work, if anything does."""
        match fault.kind:
            case "slow":
                await asyncio.sleep(fault.seconds)
            case "cut":
                cut(request)
            case "failed":
                return self.page(fault.status)
            case "limited":
                return self.limited(fault.seconds)
            case _:
                return self.special(fault)
        return None

    def after(self, fault: Fault, request: web.Request) -> web.Response | None:
        """What is answered although the work is done, if anything else is."""
        match fault.kind:
            case "cut-after":
                cut(request)
            case "garbled":
                return web.Response(body=b"{", content_type="application/json")
            case "lost":
                return self.page(fault.status)
        return None

    def page(self, status: int) -> web.Response:
        return web.Response(status=status, text=self.error_page, content_type="text/html")

    def limited(self, seconds: float) -> web.Response:
        raise NotImplementedError

    def special(self, fault: Fault) -> web.Response | None:  # noqa: ARG002 (each service has its own)
        """The answer of a kind that only this service has."""
        return None


def cut(request: web.Request) -> None:
    """As a broken cable does."""
    if request.transport:
        request.transport.abort()
    raise ConnectionResetError
