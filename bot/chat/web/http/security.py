"""Host and origin checks, and security headers."""

from aiohttp.typedefs import Handler
from aiohttp.web import Request, Response, StreamResponse

from bot.chat.web.chat import Chat

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": browsers would then hide the Origin of our own forms from us.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def own_site_only(endpoint: Handler, chat: Chat) -> Handler:
    async def checked(request: Request) -> StreamResponse:
        if not chat.address.is_own_host(request.host):
            return Response(
                status=421, text=chat.say("web_wrong_host", address=chat.address.public)
            )
        origin = request.headers.get("Origin", "")
        is_upgrade = "upgrade" in request.headers.get("Connection", "").lower()
        needs_origin = is_upgrade or request.method not in {"GET", "HEAD"}
        if needs_origin and not chat.address.is_own_origin(origin, request.host):
            return Response(status=403, text=chat.say("web_foreign_origin"))
        return await endpoint(request)

    return checked


async def add_security_headers(_request: Request, response: StreamResponse) -> None:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
