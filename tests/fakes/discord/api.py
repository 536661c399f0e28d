"""Every request of the bot passes here: faults, token, limits, form, work, judgement."""

import json
import re
from typing import Any
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from tests.fakes.api import UNREADABLE, SimulatedApi
from tests.fakes.discord import callbacks, channels, commands, home
from tests.fakes.discord.calls import Answer, Call, Route
from tests.fakes.discord.faults import DiscordFaults, limited_headers
from tests.fakes.discord.judge import OpenApiJudge
from tests.fakes.discord.messages import Files, Nonces
from tests.fakes.discord.rates import Limited, Rates
from tests.fakes.discord.refusals import WRONG_FORM, Refusal, malformed, refusal
from tests.fakes.discord.world import World

ROUTES = (*home.ROUTES, *channels.ROUTES, *callbacks.ROUTES, *commands.ROUTES)
"""The first that fits is taken."""
BASE = "/api/v10"
AGENT = re.compile(r"DiscordBot \(.+\)")
FORMS = {"application/json", "multipart/form-data"}


class DiscordApi(SimulatedApi):
    def __init__(self, world: World, judge: OpenApiJudge | None) -> None:
        super().__init__(DiscordFaults())
        self.world = world
        self.judge = judge
        self.rates = Rates()
        self.nonces = Nonces()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.rel_url.raw_path.removeprefix(BASE)
        return await self.with_fault(
            request,
            path,
            lambda: self._answer(request, path),
            lambda status: self._note(request.method, path, path, status, 0),
        )

    async def _answer(self, request: web.Request, path: str) -> web.Response:
        found = _find(request.method, path)
        if found is None:
            self.violations.append(f"{request.method} {path}: the simulator has no such route")
            return self._told(
                request, path, path, Answer({"message": "404: Not Found", "code": 0}, 404), {}
            )
        route, params = found
        now = self.world.clock.elapsed()
        try:
            self._trusted(request, route)
            self._introduced(request, route)
            self.rates.enter(request.method, route.template, params, now)
            body, files = await _read(request)
            call = Call(
                self.world, self.rates, self.nonces, params, dict(request.query), body, files
            )
            answer = self._worked(request.method, route, call)
        except Limited as limited:
            return self._limited(request, path, route.template, limited)
        except Refusal as refused:
            if refused.code in WRONG_FORM:
                errors = json.dumps(refused.errors)
                self.violations.append(
                    f"{request.method} {route.template} was refused: {refused} {errors}"
                )
            answer = Answer(refused.body(), refused.status)
        headers = self.rates.headers(
            request.method, route.template, params, now, self.world.clock.now()
        )
        return self._told(request, path, route.template, answer, headers)

    def _trusted(self, request: web.Request, route: Route) -> None:
        if self.rates.on and not self.rates.refused.left(self.world.clock.elapsed()):
            raise Limited(600, scope="network")
        if not route.open and request.headers.get("Authorization") != f"Bot {self.world.token}":
            raise Refusal(401, 0, "401: Unauthorized")

    def _introduced(self, request: web.Request, route: Route) -> None:
        """A bot names itself, and says what it sends."""
        agent = request.headers.get("User-Agent", "")
        if not route.open and not AGENT.match(agent):
            self.violations.append(
                f"{request.method} {request.path} came from {agent!r}, not DiscordBot (…)"
            )
        if request.body_exists and request.content_type not in FORMS:
            raise malformed({"_": f"Expected Content-Type to be one of {sorted(FORMS)}."})

    def _worked(self, method: str, route: Route, call: Call) -> Answer:
        line = f"{method} {route.template}"
        if self.judge and call.body is not None:
            self.violations += [
                f"{line} sent {complaint}"
                for complaint in self.judge.request(method, route.template, call.body)
            ]
        try:
            return route.do(call)
        except UNREADABLE as error:
            self.not_readable(line, error)
            raise malformed({"_": "This form cannot be read."}) from error

    # Answers

    def _told(
        self,
        request: web.Request,
        path: str,
        template: str,
        answer: Answer,
        headers: dict[str, str],
    ) -> web.Response:
        code = answer.body.get("code", 0) if isinstance(answer.body, dict) else 0
        self._note(request.method, template, path, answer.status, code)
        if answer.status in {401, 403, 429}:
            self.rates.refused.take(self.world.clock.elapsed())
        if answer.status == 204:
            return web.Response(status=204, headers=headers)
        if self.judge:
            sent = self.judge.answer(request.method, template, answer.status, answer.body)
            self.violations += [
                f"the simulator answered {request.method} {template} with {one}" for one in sent
            ]
        text = json.dumps(answer.body)
        return web.Response(
            status=answer.status,
            body=text.encode(),
            headers={**headers, "Content-Type": "application/json"},
        )

    def _limited(
        self, request: web.Request, path: str, template: str, limited: Limited
    ) -> web.Response:
        if limited.scope == "network":
            self._note(request.method, template, path, 429, 0)
            return self.faults.page(429)
        body = {
            "message": limited.message,
            "retry_after": round(limited.retry_after, 3),
            "global": limited.everywhere,
            "code": limited.code,
        }
        headers = {
            **limited_headers(limited.scope),
            "Retry-After": str(int(limited.retry_after) + 1),
        }
        if limited.everywhere:
            headers["X-RateLimit-Global"] = "true"
        return self._told(request, path, template, Answer(body, 429), headers)

    def _note(self, method: str, template: str, path: str, status: int, code: int) -> None:
        self.add_to_log(
            self.world.clock.now(),
            method=method,
            route=template,
            path=path,
            status=status,
            code=code,
        )

    async def file(self, request: web.Request) -> web.Response:
        """What the service's own file server does."""
        kind, content = self.world.files.get(request.match_info["one"], ("", b""))
        return web.Response(body=content, content_type=kind) if kind else web.Response(status=404)


def _find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    path = quote(path, safe="/%@:!*'(),;=+$&~[]")
    for route in ROUTES:
        if route.method == method and (params := route.params(path)) is not None:
            return route, params
    return None


async def _read(request: web.Request) -> tuple[Any, Files]:
    if request.content_type == "multipart/form-data":
        return await _parts(request)
    text = await request.text()
    return (_json(text) if text else None), {}


def _json(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise refusal(50109) from None


async def _parts(request: web.Request) -> tuple[Any, Files]:
    body, files = None, Files()
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        content = bytes(await part.read())
        if part.name == "payload_json":
            body = _json(content)
        else:
            files[part.name or ""] = (part.filename or "file", content)
    return body, files
