"""What every request must show, and what every answer carries."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.chat.web.address import Address

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": browsers would then hide the Origin of our own forms from us.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guarded(answer: Answer, address: Address) -> Answer:
    """Refuses hosts that are not ours and acts that another site sends."""

    async def guard(request: web.Request) -> web.StreamResponse:
        if not address.knows_host(request.host):
            here = address.public or "localhost or 127.0.0.1"
            return web.Response(status=421, text=f"This chat is only reached as {here}.\n")
        if _acts(request) and not address.is_own(request.headers.get("Origin", ""), request.host):
            return web.Response(
                status=403, text="This was sent from another site. Open the chat's own address.\n"
            )
        return await answer(request)

    return guard


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def _acts(request: web.Request) -> bool:
    return (
        request.method not in {"GET", "HEAD"}
        or "upgrade" in request.headers.get("Connection", "").lower()
    )
