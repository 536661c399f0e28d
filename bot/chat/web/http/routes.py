"""The HTTP endpoints of the web chat."""

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from aiohttp.web import Application, Request, Response, StreamResponse

from bot.chat.kit.files import media_type
from bot.chat.web import images
from bot.chat.web.actions import Actions
from bot.chat.web.chat import Chat
from bot.chat.web.frames import parse_upload
from bot.chat.web.http.login import Login
from bot.chat.web.http.security import add_security_headers, own_site_only
from bot.chat.web.websocket import LiveSockets
from bot.errors import UserError

_PAGE = Path(__file__).parents[1] / "page"
_CONTENT_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MAX_FORM_BYTES = 16 * 1024
_CACHE_FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}


@dataclass
class Routes:
    chat: Chat
    login: Login
    sockets: LiveSockets
    actions: Actions

    def application(self) -> Application:
        app = Application(client_max_size=_MAX_FORM_BYTES)
        app.on_response_prepare.append(add_security_headers)
        for method, path, endpoint in (
            ("GET", "/", self.index),
            ("GET", "/live", self.live),
            ("POST", "/enter", self.login.log_in),
            ("POST", "/leave", self.leave),
            ("POST", "/files", self.upload),
            ("GET", "/pictures/{digest}.png", self.picture),
            ("GET", "/files/{digest}/{name}", self.file),
            ("GET", "/page/{name}", self.page_file),
        ):
            app.router.add_route(method, path, own_site_only(endpoint, self.chat))
        app.router.add_get("/health", _health)
        return app

    async def index(self, request: Request) -> StreamResponse:
        if "owner" in request.query:
            return await self.login.open_owner_link(request)
        if await self.login.person(request) is None:
            return self.login.page(request)
        return _page_file(request, "index.html")

    async def live(self, request: Request) -> StreamResponse:
        after = request.query.get("after", "")
        version = int(after) if re.fullmatch(r"[0-9]{1,18}", after) else 0
        return await self.sockets.serve(request, await self.login.person(request), version)

    async def leave(self, request: Request) -> StreamResponse:
        person = await self.login.person(request)
        if person is not None:
            await self.actions.leave(person, self.chat.channels[0])
        response = await self.login.log_out(request, person)
        if person is not None:
            await self.sockets.disconnect(person.id)
        return response

    async def upload(self, request: Request) -> StreamResponse:
        person = await self.login.person(request)
        if person is None:
            return Response(status=401, text=self.chat.say("web_upload_by_stranger"))
        try:
            upload = await self.sockets.read_upload(person, request.content.iter_any())
            press = parse_upload(request.query, upload, self.chat.channels)
        except UserError as error:
            return Response(status=400, text=self.chat.say(error.reason, **error.values))
        await self.actions.perform(person, press)
        return Response(status=202)

    async def picture(self, request: Request) -> StreamResponse:
        data = await self._stored(request)
        if data is None or (kind := media_type(data)) is None:
            return self._not_found()
        return Response(body=data, content_type=kind, headers=_CACHE_FOREVER)

    async def file(self, request: Request) -> StreamResponse:
        data = await self._stored(request)
        if data is None:
            return self._not_found()
        name = images.file_name(request.match_info["name"])
        is_text = _is_text(data)
        kind = "text/plain; charset=utf-8" if is_text else "application/octet-stream"
        # A browser must not run what somebody's code wrote.
        headers = {
            "Content-Type": kind,
            "Content-Disposition": f'{"inline" if is_text else "attachment"}; filename="{name}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            **_CACHE_FOREVER,
        }
        return Response(body=data, headers=headers)

    async def page_file(self, request: Request) -> StreamResponse:
        name = request.match_info["name"]
        known = {file.name for file in _PAGE.iterdir() if file.suffix != ".html"}
        return _page_file(request, name) if name in known else self._not_found()

    async def _stored(self, request: Request) -> bytes | None:
        digest = request.match_info["digest"]
        if await self.login.person(request) is None or not _DIGEST.fullmatch(digest):
            return None
        return await self.chat.storage.picture(digest)

    def _not_found(self) -> Response:
        return Response(status=404, text=self.chat.say("web_not_found"))


def _page_file(request: Request, name: str) -> Response:
    body = (_PAGE / name).read_bytes()
    etag = sha256(body).hexdigest()[:32]
    headers = {"Cache-Control": "no-cache", "ETag": f'"{etag}"'}
    if request.if_none_match and any(known.value == etag for known in request.if_none_match):
        return Response(status=304, headers=headers)
    kind = _CONTENT_TYPES.get(Path(name).suffix, "application/octet-stream")
    return Response(body=body, content_type=kind, charset="utf-8", headers=headers)


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


async def _health(_request: Request) -> Response:
    return Response(text="ok")
