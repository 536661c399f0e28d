"""A Discord to test against: REST and gateway version 10, stateful, strict, in a process of its own.

`with process() as address:` starts one; `async with visiting(address) as discord:` empties it and hands over a
`Discord` (see `tests.fakes.discord.guild`), and fails at the end when anything sent or answered broke the rules.

A bot talks to `discord.api` (REST, ends in /api/v10) and `discord.gateway` (ws://…/gateway) with `discord.token`:

    guild = await discord.guild("Study group")            # with a channel "general", and the bot in it
    ada = await guild.join("Ada")                         # guild.join("Olive", "MANAGE_GUILD") for an admin
    await discord.online()                                # a session of the bot is live
    act = await ada.slash("challenge", pack="tensors")    # Act: answer (callback type), modal, messages; act.failed
    card = await ada.finds("Which shape")                 # the newest Seen with these words, there or coming
    act = await ada.click("B", on="Which shape")          # by label or custom_id, on the message as it stands now
    await ada.choose("a", "c", on="Which of these")       # in its select menu
    act = await ada.click("Answer"); await ada.submit(act, "3.14")       # a modal
    await ada.react("🇦", on="Which shape"); await ada.unreact(…)
    await ada.menu("Report question", on="Which shape")   # the menu on a message
    await ada.complete("challenge", "pack", "ten")        # autocomplete: the choices
    await ada.sees()                                      # every Seen, the oldest first, ephemerals only hers
    private = await ada.in_dm()                              # the same person in their direct messages
    discord.advance/set_clock/stop_clock/go_clock, discord.fault("lost", "POST .*/messages"), discord.drop(), …

What nobody could do at their screen raises `Denied`. The process ends when its standard input closes.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from aiohttp import web

from tests.fakes import simulator
from tests.fakes.clock import Clock
from tests.fakes.discord.api import BASE, Api
from tests.fakes.discord.control import Control
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.guild import Discord
from tests.fakes.discord.judge import OpenApiJudge
from tests.fakes.discord.world import Channel, Json, World
from tests.fakes.schemas import schemas

DOCUMENT = "discord-openapi.json"


class House:
    """One world at a time; `reset` begins another at the same address."""

    def __init__(self) -> None:
        folder = schemas()
        self.judge = OpenApiJudge(folder / DOCUMENT) if folder else None
        self.address = ""
        self.gateway: Gateway | None = None

    def live_at(self, address: str) -> None:
        self.address = address
        self.begin()

    def begin(self) -> None:
        if self.gateway:
            self.gateway.closed = True
            self.gateway.drop()
        world = World(Clock(), self.address)
        self.api, self.gateway = Api(world, self.judge), Gateway(world)
        self.control = Control(self.api, self.gateway)
        world.dispatch = self._dispatch

    def _dispatch(self, name: str, payload: Json, channel: Channel | None, guild: str) -> None:
        assert self.gateway
        message = (
            payload if name in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} else payload.get("message")
        )
        if self.judge and message:
            said = self.judge.shape("MessageResponse", message)
            self.api.violations += [f"the simulator sent {name} with {one}" for one in said]
        self.gateway.dispatch(name, payload, channel, guild)

    # What stands behind the address

    async def rest(self, request: web.Request) -> web.StreamResponse:
        return await self.api.enter(request)

    async def file(self, request: web.Request) -> web.StreamResponse:
        return await self.api.file(request)

    async def live(self, request: web.Request) -> web.StreamResponse:
        assert self.gateway
        return await self.gateway.connect(request)

    async def steer(self, request: web.Request) -> web.StreamResponse:
        return await self.control.enter(request)

    async def reset(self, _: web.Request) -> web.StreamResponse:
        self.begin()
        return web.json_response({"judged": self.judge is not None})

    def app(self) -> web.Application:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_post("/control", self.steer)
        app.router.add_post("/reset", self.reset)
        app.router.add_get("/gateway", self.live)
        app.router.add_get("/gateway/", self.live)
        app.router.add_get("/cdn/attachments/{one}/{name}", self.file)
        app.router.add_route("*", BASE + "/{path:.*}", self.rest)
        return app


@contextmanager
def process() -> Iterator[str]:
    """A simulator of its own, and its address."""
    with simulator.running("tests.fakes.discord_server") as address:
        yield address


@asynccontextmanager
async def visiting(address: str) -> AsyncIterator[Discord]:
    """A fresh world at this address; at the end, nothing in it may have broken the rules."""
    async with Discord.at(address) as discord:
        yield discord
        wrong = await discord.violations()
        assert not wrong, "\n".join(["what was sent or answered broke Discord's rules:", *wrong])


if __name__ == "__main__":
    house = House()
    asyncio.run(simulator.serve(house.app(), house.live_at))
