"""What goes wrong on demand, by the method of a request."""

import asyncio

from aiohttp import web

from tests.fakes.faults import Fault, cut

FAILED, LOST, CUT, CUT_AFTER, SLOW, LIMITED, GARBLED, FATAL, REFUSED = (
    "failed lost cut cut-after slow limited garbled fatal refused".split()
)
KINDS = frozenset({FAILED, LOST, CUT, CUT_AFTER, SLOW, LIMITED, GARBLED, FATAL, REFUSED})
"""failed: 5xx before the work. lost: 5xx after the work. cut, cut-after: the connection breaks before, after it.
slow: after some seconds. limited: 429. garbled: done, and answered with no JSON. fatal: 200 and fatal_error. refused: 200 and its error."""
PAGE = "<!DOCTYPE html><title>Server Error | Slack</title>"


async def before(fault: Fault, request: web.Request) -> web.Response | None:
    """What happens instead of the work, if anything does."""
    if fault.kind == SLOW:
        await asyncio.sleep(fault.seconds)
    if fault.kind == CUT:
        cut(request)
    if fault.kind == LIMITED:
        return limited(fault.seconds)
    if fault.kind in {FATAL, REFUSED}:
        return web.json_response({"ok": False, "error": fault.error or "fatal_error"})
    return _page(fault) if fault.kind == FAILED else None


def after(fault: Fault, request: web.Request) -> web.Response | None:
    """What is answered although the work is done, if anything else is."""
    if fault.kind == CUT_AFTER:
        cut(request)
    if fault.kind == GARBLED:
        return web.Response(body=b"{", content_type="application/json")
    return _page(fault) if fault.kind == LOST else None


def limited(seconds: float) -> web.Response:
    wait = str(max(1, int(seconds) + (seconds % 1 > 0)))
    return web.json_response(
        {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": wait}
    )


def _page(fault: Fault) -> web.Response:
    return web.Response(status=fault.status, text=PAGE, content_type="text/html")
