"""What goes wrong on demand, by the method of a request."""

import asyncio
import re
from dataclasses import dataclass

from aiohttp import web

FAILED, LOST, CUT, CUT_AFTER, SLOW, LIMITED, GARBLED, FATAL = (
    "failed lost cut cut-after slow limited garbled fatal".split()
)
KINDS = {FAILED, LOST, CUT, CUT_AFTER, SLOW, LIMITED, GARBLED, FATAL}
"""failed: 5xx before the work. lost: 5xx after the work. cut, cut-after: the connection breaks before, after it.
slow: after some seconds. limited: 429. garbled: done, and answered with no JSON. fatal: 200 and fatal_error."""
PAGE = "<!DOCTYPE html><title>Server Error | Slack</title>"


@dataclass
class Fault:
    kind: str
    path: str
    """A regular expression, searched in "POST /chat.postMessage", "POST /hooks" or "POST /upload"."""
    times: int = 1
    status: int = 500
    seconds: float = 1


class Faults:
    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        if fault.kind not in KINDS:
            raise ValueError(f"a fault is one of {sorted(KINDS)}, not {fault.kind!r}")
        self.waiting.append(fault)

    def next(self, line: str) -> Fault | None:
        for fault in self.waiting:
            if re.search(fault.path, line):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None


async def before(fault: Fault, request: web.Request) -> web.Response | None:
    """What happens instead of the work, if anything does."""
    if fault.kind == SLOW:
        await asyncio.sleep(fault.seconds)
    if fault.kind == CUT:
        _cut(request)
    if fault.kind == LIMITED:
        return limited(fault.seconds)
    if fault.kind == FATAL:
        return web.json_response({"ok": False, "error": "fatal_error"})
    return _page(fault) if fault.kind == FAILED else None


def after(fault: Fault, request: web.Request) -> web.Response | None:
    """What is answered although the work is done, if anything else is."""
    if fault.kind == CUT_AFTER:
        _cut(request)
    if fault.kind == GARBLED:
        return web.Response(body=b"{", content_type="application/json")
    return _page(fault) if fault.kind == LOST else None


def limited(seconds: float) -> web.Response:
    wait = str(max(1, int(seconds) + (seconds % 1 > 0)))
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": wait})


def _page(fault: Fault) -> web.Response:
    return web.Response(status=fault.status, text=PAGE, content_type="text/html")


def _cut(request: web.Request) -> None:
    if request.transport:
        request.transport.abort()
    raise ConnectionResetError
