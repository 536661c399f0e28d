"""A Slack to test against: Web API, Socket Mode, signed HTTP, stateful, strict, in a process of its own.

`with process() as address:` starts one; `async with visiting(address) as slack:` empties it and hands over a `Slack`
(see `tests.fakes.slack.workspace`), and fails at the end when anything sent or answered broke the rules.

A bot talks to `slack.api` (ends in /api/), with `slack.app_token` for Socket Mode, `home.token` for a workspace, and
`slack.client_id`, `slack.client_secret`, `slack.signing_secret` for the rest:

    home = await slack.workspace("Study group")           # the app installed, the bot in its channel "general"
    ada = await home.join("Ada")                          # home.join("Olive", admin=True)
    await slack.manifest(manifest)                        # only its commands, shortcuts, scopes and events from now on
    await slack.online()                                  # a connection of the bot is live
    await slack.request_url("http://127.0.0.1:…/slack")   # or everything by signed HTTP, once it answers the challenge
    act = await ada.slash("/quiz", "challenge tensors")   # Act: acknowledged, after, view, errors, messages; act.failed
    card = await ada.finds("Which shape")                 # the newest Seen with these words, there or coming
    act = await ada.click("B", on="Which shape")          # by action_id, value or label, on the message as it stands now
    await ada.choose("a", "c", on="Which of these")       # in its checkboxes or select
    act = await ada.click("Answer"); await ada.submit("3.14")         # the modal on top: its inputs in order, or by name
    view = await ada.modal("Your answer"); await ada.close()
    await ada.opens_home(); home_tab = await ada.home("My streak"); await ada.click("Start", on=home_tab)
    await ada.react("a", on="Which shape"); await ada.unreact(…)      # "a", "+1::skin-tone-2"
    await ada.menu("report_question", on="Which shape")   # a shortcut on a message, by callback_id; ada.shortcut(…) anywhere
    await ada.sees()                                      # every Seen, the oldest first, ephemerals only hers
    private = await ada.in_dm()                           # the same person in their direct messages
    back = await ada.allows(url); await home.uninstall()  # OAuth: where the browser goes to; the app is taken away
    slack.advance/set_clock/stop_clock/go_clock, slack.fault("lost", "chat.postMessage"), slack.drop(), …

What nobody could do at their screen raises `Denied`. The process ends when its standard input closes.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from aiohttp import web

from tests.fakes import simulator
from tests.fakes.clock import Clock
from tests.fakes.schemas import schemas
from tests.fakes.slack.api import Api
from tests.fakes.slack.control import Control
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.http import Http
from tests.fakes.slack.judge import TypesJudge
from tests.fakes.slack.socket import Socket
from tests.fakes.slack.workspace import Slack
from tests.fakes.slack.world import World

FOLDER = "slack"


class House:
    """One world at a time; `reset` begins another at the same address."""

    def __init__(self) -> None:
        folder = schemas()
        self.judge = TypesJudge(folder / FOLDER) if folder else None
        self.address = ""
        self.api: Api | None = None

    def live_at(self, address: str) -> None:
        self.address = address
        self._begin()

    def _begin(self) -> None:
        world, violations = World(Clock(), self.address), list[str]()
        socket, self.http = Socket(world, violations), Http(world)
        self.delivery = Delivery(world, socket, self.http, self.judge, violations)
        self.api = Api(world, self.judge, socket, violations)
        self.control = Control(self.api, self.delivery, self.http)
        world.tell = self.delivery.tell

    async def reset(self, _: web.Request) -> web.StreamResponse:
        if self.api:
            self.api.socket.closed = True
            self.api.socket.drop()
            self.delivery.close()
            await self.http.close()
        self._begin()
        return web.json_response({"judged": self.judge is not None})

    # What stands behind the address

    async def steer(self, request: web.Request) -> web.StreamResponse:
        return await self.control.enter(request)

    async def web_api(self, request: web.Request) -> web.StreamResponse:
        assert self.api
        return await self.api.enter(request)

    async def link(self, request: web.Request) -> web.StreamResponse:
        assert self.api
        return await self.api.socket.connect(request)

    async def respond(self, request: web.Request) -> web.StreamResponse:
        assert self.api
        return await self.api.respond(request)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        assert self.api
        return await self.api.upload(request)

    async def file(self, request: web.Request) -> web.StreamResponse:
        assert self.api
        return await self.api.file(request)

    def app(self) -> web.Application:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_post("/control", self.steer)
        app.router.add_post("/reset", self.reset)
        app.router.add_get("/link", self.link)
        app.router.add_post("/hooks/{token}", self.respond)
        app.router.add_post("/upload/v1/{key}", self.upload)
        app.router.add_get("/files/{one}/{key}/{name}", self.file)
        app.router.add_route("*", "/api/{method}", self.web_api)
        app.on_cleanup.append(self._end)
        return app

    async def _end(self, _: web.Application) -> None:
        self.delivery.close()
        await self.http.close()


@contextmanager
def process() -> Iterator[str]:
    """A simulator of its own, and its address."""
    with simulator.running("tests.fakes.slack_server") as address:
        yield address


@asynccontextmanager
async def visiting(address: str) -> AsyncIterator[Slack]:
    """A fresh world at this address; at the end, nothing in it may have broken the rules."""
    async with Slack.at(address) as slack:
        yield slack
        wrong = await slack.violations()
        assert not wrong, "\n".join(["what was sent or answered broke Slack's rules:", *wrong])


if __name__ == "__main__":
    house = House()
    asyncio.run(simulator.serve(house.app(), house.live_at))
