"""What goes wrong on demand, by the path and the method of a request."""

import asyncio

from aiohttp import web

from tests.fakes.faults import Fault, cut

FAILED, LOST, CUT, CUT_AFTER, SLOW, LIMITED, BANNED, GARBLED = (
    "failed lost cut cut-after slow limited banned garbled".split()
)
KINDS = frozenset({FAILED, LOST, CUT, CUT_AFTER, SLOW, LIMITED, BANNED, GARBLED})
"""failed: 5xx before the work. lost: 5xx after the work. cut, cut-after: the connection breaks before, after it.
slow: after some seconds. limited: 429 as the service sends it. banned: 429 from the network in front (no Via).
garbled: done, and answered with something that is no JSON."""
PAGE = "<!DOCTYPE html><title>discord.com | 5xx</title>"


async def before(fault: Fault, request: web.Request) -> web.Response | None:
    """What happens instead of the work, if anything does."""
    if fault.kind == SLOW:
        await asyncio.sleep(fault.seconds)
    if fault.kind == CUT:
        cut(request)
    if fault.kind == LIMITED:
        body = {
            "message": "You are being rate limited.",
            "retry_after": fault.seconds,
            "global": False,
            "code": 0,
        }
        return web.json_response(
            body, status=429, content_type="application/json", headers=limited_headers("shared")
        )
    if fault.kind == BANNED:
        return web.Response(status=429, text=PAGE, content_type="text/html")
    return (
        web.Response(status=fault.status, text=PAGE, content_type="text/html")
        if fault.kind == FAILED
        else None
    )


def after(fault: Fault, request: web.Request) -> web.Response | None:
    """What is answered although the work is done, if anything else is."""
    if fault.kind == CUT_AFTER:
        cut(request)
    if fault.kind == GARBLED:
        return web.Response(body=b"{", content_type="application/json")
    return (
        web.Response(status=fault.status, text=PAGE, content_type="text/html")
        if fault.kind == LOST
        else None
    )


def limited_headers(scope: str) -> dict[str, str]:
    return {"Via": "1.1 google", "X-RateLimit-Scope": scope}
