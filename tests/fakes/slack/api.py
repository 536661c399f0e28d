"""Every request of the bot passes here: faults, token, scope, limits, form, work, judgement."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import BodyPartReader, web

from tests.fakes.api import UNREADABLE, SimulatedApi
from tests.fakes.slack import acts, chat, files, home, oauth, views
from tests.fakes.slack.calls import Call, Do, read
from tests.fakes.slack.faults import SlackFaults
from tests.fakes.slack.judge import TypesJudge
from tests.fakes.slack.rates import Limited, Rates
from tests.fakes.slack.refusals import WRONG_FORM, Refusal
from tests.fakes.slack.socket import Socket
from tests.fakes.slack.world import APP, APP_TOKEN, CONFIG_TOKEN, Json, Team, World

METHODS: dict[str, tuple[Do, str]] = {
    **chat.METHODS,
    **files.METHODS,
    **home.METHODS,
    **oauth.METHODS,
    **views.METHODS,
}
"""By name: what is done, and the scope that it needs.

A scope that begins with a colon is needed for some kind of place.
"""
OPEN = "oauth.v2.access"
CONNECT = "apps.connections.open"
EXPORT = "apps.manifest.export"


class SlackApi(SimulatedApi):
    def __init__(
        self, world: World, judge: TypesJudge | None, socket: Socket, violations: list[str]
    ) -> None:
        super().__init__(SlackFaults(), violations)
        self.world = world
        self.judge = judge
        self.socket = socket
        self.rates = Rates()

    async def _through(
        self, request: web.Request, line: str, work: Callable[[], Awaitable[web.Response]]
    ) -> web.StreamResponse:
        return await self.with_fault(
            request, f"/{line}", work, lambda status: self._note(line, status, "fault", "")
        )

    def _note(
        self, method: str, status: int, error: str, team: str, sent: Json | None = None
    ) -> None:
        self.add_to_log(
            self.world.clock.now(),
            method=method,
            status=status,
            error=error,
            team=team,
            channel=str((sent or {}).get("channel", "")),
        )

    # The Web API

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        return await self._through(request, method, lambda: self._answer(request, method))

    async def _answer(self, request: web.Request, method: str) -> web.Response:
        sent: Json = {}
        team: Team | None = None
        try:
            sent = read(await _arguments(request))
            token = _token(request, sent)
            if method == CONNECT:
                body = self._connect(token)
            elif method == EXPORT:
                body = self._exported(token, sent)
            else:
                team = self._trusted(method, token)
                body = self._worked(method, sent, team, request)
        except Limited as limited:
            self._note(method, 429, "ratelimited", team.id if team else "", sent)
            return self.faults.limited(limited.retry_after)
        except Refusal as refused:
            if refused.error in WRONG_FORM:
                self.violations.append(f"{method} was refused: {refused}")
            body = refused.body()
        return self._told(method, team, sent, {"ok": True, **body})

    def _connect(self, token: str) -> Json:
        if token != APP_TOKEN:
            raise Refusal("invalid_auth" if token.startswith("xapp-") else "not_allowed_token_type")
        return {"url": self.socket.ticket()}

    def _exported(self, token: str, sent: Json) -> Json:
        """How the app is set up, for its owner."""
        if token != CONFIG_TOKEN:
            raise Refusal("invalid_auth" if token.startswith("xoxe") else "not_allowed_token_type")
        if sent.get("app_id") != APP:
            raise Refusal("invalid_app_id")
        return {"manifest": self.world.app.manifest}

    def _trusted(self, method: str, token: str) -> Team | None:
        if method not in METHODS:
            raise Refusal("unknown_method", method)
        if method == OPEN:
            return None
        if not token:
            raise Refusal("not_authed")
        if token in self.world.revoked:
            raise Refusal("token_revoked")
        team = self.world.by_token(token)
        if team is None:
            raise Refusal("invalid_auth")
        needed, had = METHODS[method][1], self.world.app.scopes
        if needed and not any(
            one == needed or (needed[0] == ":" and one.endswith(needed)) for one in had
        ):
            raise Refusal("missing_scope", needed=needed, provided=",".join(sorted(had)))
        return team

    def _worked(self, method: str, sent: Json, team: Team | None, request: web.Request) -> Json:
        place = str(sent.get("channel", ""))
        self.rates.enter(method, team.id if team else "", place, self.world.clock.elapsed())
        sent.pop("token", None)
        if self.judge:
            self.violations += [f"{method} sent {one}" for one in self.judge.request(method, sent)]
        sent.pop("team_id", None)
        try:
            return METHODS[method][0](Call(self.world, method, sent, team, dict(request.headers)))
        except UNREADABLE as error:
            self.not_readable(method, error)
            raise Refusal("invalid_arguments", "this cannot be read") from error

    def _told(self, method: str, team: Team | None, sent: Json, body: Json) -> web.Response:
        self._note(method, 200, body.get("error", ""), team.id if team else "", sent)
        if self.judge:
            found = self.judge.answer(method, body)
            self.violations += [f"the simulator answered {method} with {one}" for one in found]
        headers = {"X-OAuth-Scopes": ",".join(sorted(self.world.app.scopes))} if team else {}
        return web.json_response(body, headers=headers)

    # Beside it

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """The address that came with an act."""
        return await self._through(request, "hooks", lambda: self._responded(request))

    async def _responded(self, request: web.Request) -> web.Response:
        try:
            sent = json.loads(await request.text())
            if self.judge and isinstance(sent.get("blocks"), list):
                self.violations += [
                    f"a response_url got {one}"
                    for one in self.judge.blocks(sent["blocks"], "MessageBlocks")
                ]
            acts.respond(self.world, request.match_info["token"], sent)
        except (ValueError, AttributeError):
            return self._hooked(500, "invalid_payload")
        except Refusal as refused:
            if refused.error in WRONG_FORM:
                self.violations.append(f"a response_url refused: {refused}")
            return self._hooked(404 if refused.error.endswith("_url") else 500, refused.error)
        return self._hooked(200, "ok")

    def _hooked(self, status: int, sent: str) -> web.Response:
        self._note("hooks", status, "" if status == 200 else sent, "")
        return web.Response(status=status, text=sent)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        return await self._through(request, "upload", lambda: self._uploaded(request))

    async def _uploaded(self, request: web.Request) -> web.Response:
        key = request.match_info["key"]
        one = next(
            (one for one in self.world.files.values() if one.key == key and one.content is None),
            None,
        )
        content = await _content(request)
        if one is None or len(content) != one.length:
            self.violations.append(
                f"a file of {len(content)} bytes was sent where "
                f"{one.length if one else 'none'} was due"
            )
            return web.Response(status=400, text="bad request")
        one.content = content
        self._note("upload", 200, "", one.team)
        return web.Response(text=f"OK - {len(content)}")

    async def file(self, request: web.Request) -> web.Response:
        """A file, to whoever shows a token of its workspace."""
        one = self.world.files.get(request.match_info["one"])
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        team = self.world.by_token(token)
        if one is None or one.content is None or team is None or team.id != one.team:
            return web.Response(status=404)
        if "files:read" not in self.world.app.scopes:
            return web.Response(
                text="<!DOCTYPE html><title>Sign in</title>", content_type="text/html"
            )
        return web.Response(body=one.content)


def _token(request: web.Request, sent: Json) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if kind == "Bearer" else str(sent.get("token", ""))


async def _arguments(request: web.Request) -> Json:
    sent: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        text = await request.text()
        try:
            body = json.loads(text) if text else {}
        except ValueError:
            raise Refusal("invalid_json") from None
        if not isinstance(body, dict):
            raise Refusal("json_not_object")
        return {**sent, **body}
    form = await request.post()
    return {**sent, **{key: value for key, value in form.items() if isinstance(value, str)}}


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader):
            return bytes(await part.read())
    return b""
