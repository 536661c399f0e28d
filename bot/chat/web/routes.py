"""The addresses of the web chat."""

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from aiohttp import web

from bot.chat.web import images
from bot.chat.web.actions import Actions
from bot.chat.web.address import Address
from bot.chat.web.frames import handed_over
from bot.chat.web.login import Login
from bot.chat.web.security import add_headers, guarded
from bot.chat.web.storage import ChatStorage
from bot.chat.web.websocket import LiveSockets
from bot.errors import UserError
from bot.identity import Person

_PAGE = Path(__file__).parent / "page"
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LARGEST_FORM = 16 * 1024


def application(
    shelf: ChatStorage,
    entrance: Login,
    live: LiveSockets,
    acts: Actions,
    channels: Sequence[str],
    address: Address,
) -> web.Application:
    app = web.Application(client_max_size=_LARGEST_FORM)
    app.on_response_prepare.append(add_headers)
    doors = Routes(shelf, entrance, live, acts, channels)
    for method, path, answer in (
        ("GET", "/", doors.front),
        ("GET", "/live", doors.live),
        ("POST", "/enter", entrance.enter),
        ("POST", "/leave", doors.leave),
        ("POST", "/files", doors.hand_over),
        ("GET", "/pictures/{digest}.png", doors.picture),
        ("GET", "/files/{digest}/{name}", doors.file),
        ("GET", "/page/{name}", doors.page),
    ):
        app.router.add_route(method, path, guarded(answer, address))
    app.router.add_get("/health", _health)
    return app


class Routes:
    def __init__(
        self,
        shelf: ChatStorage,
        entrance: Login,
        live: LiveSockets,
        acts: Actions,
        channels: Sequence[str],
    ) -> None:
        self._shelf, self._entrance, self._live = shelf, entrance, live
        self._acts, self._channels = acts, channels

    async def front(self, request: web.Request) -> web.StreamResponse:
        if "owner" in request.query:
            return await self._entrance.open_link(request)
        if await self._entrance.who(request) is None:
            return self._entrance.greet(request)
        return _file(request, "index.html")

    async def live(self, request: web.Request) -> web.StreamResponse:
        after = request.query.get("after", "")
        return await self._live.serve(
            request, await self._entrance.who(request), int(after) if _is_version(after) else 0
        )

    async def leave(self, request: web.Request) -> web.StreamResponse:
        async def farewell(person: Person) -> None:
            await self._acts.leave(person, self._channels[0])

        person = await self._entrance.who(request)
        response = await self._entrance.leave(request, farewell)
        if person is not None:
            await self._live.dismiss(person.id)
        return response

    async def hand_over(self, request: web.Request) -> web.StreamResponse:
        """A file that somebody chose in a card; what becomes of it is told in the chat."""
        person = await self._entrance.who(request)
        if person is None:
            return web.Response(status=401, text="Come in first, then send it again.\n")
        try:
            upload = await self._live.patiently(person, request.content.iter_any())
            act = handed_over(request.query, upload, self._channels)
        except UserError as error:
            return web.Response(status=400, text=str(error))
        await self._acts.take(person, act)
        return web.Response(status=202)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        digest = request.match_info["digest"]
        if await self._entrance.who(request) is None or not _DIGEST.fullmatch(digest):
            return _nothing()
        data = await self._shelf.picture(digest)
        if data is None or (kind := images.kind(data)) is None:
            return _nothing()
        return web.Response(
            body=data,
            content_type=kind,
            headers={"Cache-Control": "private, max-age=31536000, immutable"},
        )

    async def file(self, request: web.Request) -> web.StreamResponse:
        """What a stranger's code left: shown as bare text, or kept as it is, and never run by a browser."""
        digest, name = request.match_info["digest"], images.file_name(request.match_info["name"])
        if await self._entrance.who(request) is None or not _DIGEST.fullmatch(digest):
            return _nothing()
        data = await self._shelf.picture(digest)
        if data is None:
            return _nothing()
        how = "inline" if _is_text(data) else "attachment"
        return web.Response(
            body=data,
            headers={
                "Content-Type": "text/plain; charset=utf-8"
                if how == "inline"
                else "application/octet-stream",
                "Content-Disposition": f'{how}; filename="{name}"',
                "Content-Security-Policy": "sandbox; default-src 'none'",
                "Cache-Control": "private, max-age=31536000, immutable",
            },
        )

    async def page(self, request: web.Request) -> web.StreamResponse:
        """What the pages load; the pages themselves are found at the front door alone."""
        name = request.match_info["name"]
        known = {file.name for file in _PAGE.iterdir() if file.suffix != ".html"}
        return _file(request, name) if name in known else _nothing()


def _file(request: web.Request, name: str) -> web.Response:
    """A file of the page; a browser that has it already is told so."""
    body = (_PAGE / name).read_bytes()
    tag = sha256(body).hexdigest()[:32]
    headers = {"Cache-Control": "no-cache", "ETag": f'"{tag}"'}
    if request.if_none_match and any(one.value == tag for one in request.if_none_match):
        return web.Response(status=304, headers=headers)
    kind = _TYPES.get(Path(name).suffix, "application/octet-stream")
    return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)


def _nothing() -> web.Response:
    return web.Response(
        status=404, text="There is nothing here. The chat is at the address without a path.\n"
    )


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def _is_version(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,18}", text) is not None


async def _health(_request: web.Request) -> web.Response:
    return web.Response(text="ok")
