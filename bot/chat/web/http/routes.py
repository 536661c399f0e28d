"""The HTTP endpoints of the web chat."""

import re
from hashlib import sha256
from pathlib import Path

from aiohttp import web

from bot.chat.kit.images import media_type
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


class Routes:
    def __init__(self, chat: Chat, login: Login, sockets: LiveSockets, actions: Actions) -> None:
        self._chat = chat
        self._login = login
        self._sockets = sockets
        self._actions = actions

    def application(self) -> web.Application:
        app = web.Application(client_max_size=_MAX_FORM_BYTES)
        app.on_response_prepare.append(add_security_headers)
        for method, path, endpoint in (
            ("GET", "/", self.index),
            ("GET", "/live", self.live),
            ("POST", "/enter", self._login.log_in),
            ("POST", "/leave", self.leave),
            ("POST", "/files", self.upload),
            ("GET", "/pictures/{digest}.png", self.picture),
            ("GET", "/files/{digest}/{name}", self.file),
            ("GET", "/page/{name}", self.page_file),
        ):
            app.router.add_route(method, path, own_site_only(endpoint, self._chat))
        app.router.add_get("/health", _health)
        return app

    async def index(self, request: web.Request) -> web.StreamResponse:
        if "owner" in request.query:
            return await self._login.open_owner_link(request)
        if await self._login.person(request) is None:
            return self._login.page(request)
        return _page_file(request, "index.html")

    async def live(self, request: web.Request) -> web.StreamResponse:
        after = request.query.get("after", "")
        version = int(after) if re.fullmatch(r"[0-9]{1,18}", after) else 0
        return await self._sockets.serve(request, await self._login.person(request), version)

    async def leave(self, request: web.Request) -> web.StreamResponse:
        person = await self._login.person(request)
        if person is not None:
            await self._actions.leave(person, self._chat.channels[0])
        response = await self._login.log_out(request, person)
        if person is not None:
            await self._sockets.disconnect(person.id)
        return response

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """A file for a form on a card. The chat shows what comes of it."""
        person = await self._login.person(request)
        if person is None:
            return web.Response(status=401, text=self._chat.say("web_upload_by_stranger"))
        try:
            upload = await self._sockets.read_upload(person, request.content.iter_any())
            press = parse_upload(request.query, upload, self._chat.channels)
        except UserError as error:
            return web.Response(status=400, text=self._chat.say(error.reason, **error.values))
        await self._actions.perform(person, press)
        return web.Response(status=202)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        data = await self._stored(request)
        if data is None or (kind := media_type(data)) is None:
            return self._not_found()
        return web.Response(body=data, content_type=kind, headers=_CACHE_FOREVER)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """What somebody's code wrote: shown as plain text or downloaded, never run by a browser."""
        data = await self._stored(request)
        if data is None:
            return self._not_found()
        name = images.file_name(request.match_info["name"])
        is_text = _is_text(data)
        kind = "text/plain; charset=utf-8" if is_text else "application/octet-stream"
        headers = {
            "Content-Type": kind,
            "Content-Disposition": f'{"inline" if is_text else "attachment"}; filename="{name}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            **_CACHE_FOREVER,
        }
        return web.Response(body=data, headers=headers)

    async def page_file(self, request: web.Request) -> web.StreamResponse:
        """Scripts and styles. The pages themselves are served at / alone."""
        name = request.match_info["name"]
        known = {file.name for file in _PAGE.iterdir() if file.suffix != ".html"}
        return _page_file(request, name) if name in known else self._not_found()

    async def _stored(self, request: web.Request) -> bytes | None:
        """The picture or file of that digest, for those who are logged in."""
        digest = request.match_info["digest"]
        if await self._login.person(request) is None or not _DIGEST.fullmatch(digest):
            return None
        return await self._chat.storage.picture(digest)

    def _not_found(self) -> web.Response:
        return web.Response(status=404, text=self._chat.say("web_not_found"))


def _page_file(request: web.Request, name: str) -> web.Response:
    body = (_PAGE / name).read_bytes()
    etag = sha256(body).hexdigest()[:32]
    headers = {"Cache-Control": "no-cache", "ETag": f'"{etag}"'}
    if request.if_none_match and any(known.value == etag for known in request.if_none_match):
        return web.Response(status=304, headers=headers)
    kind = _CONTENT_TYPES.get(Path(name).suffix, "application/octet-stream")
    return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


async def _health(_request: web.Request) -> web.Response:
    return web.Response(text="ok")
