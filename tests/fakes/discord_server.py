"""A Discord to test against: REST and gateway version 10, stateful, strict.

It runs in a process of its own.

`with process() as address:` starts one; `async with visiting(address) as discord:` empties it and
hands over a `Discord` (see `tests.fakes.discord.guild`), and fails at the end when anything sent or
answered broke the rules.

A bot talks to `discord.api` (REST, ends in /api/v10) and `discord.gateway` (ws://…/gateway) with
`discord.token`:

    guild = await discord.guild("Study group")            # with a channel "general"
    ada = await guild.join("Ada")                         # "Olive", "MANAGE_GUILD" for an admin
    await discord.online()                                # a session of the bot is live
    act = await ada.slash("challenge", pack="tensors")    # Act: answer (callback type), modal,
                                                          # messages; act.failed
    card = await ada.finds("Which shape")                 # the newest Seen with these words
    act = await ada.click("B", on="Which shape")          # by label or custom_id
    await ada.choose("a", "c", on="Which of these")       # in its select menu
    act = await ada.click("Answer"); await ada.submit(act, "3.14")       # a modal
    await ada.react("🇦", on="Which shape"); await ada.unreact(…)
    await ada.menu("Report question", on="Which shape")   # the menu on a message
    await ada.complete("challenge", "pack", "ten")        # autocomplete: the choices
    await ada.sees()                                      # every Seen, the oldest first;
                                                          # ephemerals only hers
    private = await ada.in_dm()                           # the same person in their direct messages
    discord.advance/set_clock/stop_clock/go_clock, discord.drop(), …
    discord.fault("lost", "POST .*/messages")

What nobody could do at their screen raises `Denied`. The process ends when its standard input
closes.
"""

import asyncio
from functools import partial
from typing import ClassVar

from tests.fakes.clock import Clock
from tests.fakes.discord.api import BASE, DiscordApi
from tests.fakes.discord.control import DiscordControl
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.guild import Discord
from tests.fakes.discord.judge import OpenApiJudge
from tests.fakes.discord.world import Channel, Json, World
from tests.fakes.schemas import schemas
from tests.fakes.simulator import Simulator, running

DOCUMENT = "discord-openapi.json"


class DiscordSimulator(Simulator):
    routes: ClassVar = {
        "GET /gateway": "gateway.connect",
        "GET /gateway/": "gateway.connect",
        "GET /cdn/attachments/{one}/{name}": "api.file",
        f"* {BASE}/{{path:.*}}": "api.answer",
    }

    def __init__(self) -> None:
        super().__init__()
        folder = schemas()
        self.judge = OpenApiJudge(folder / DOCUMENT) if folder else None

    def begin(self) -> None:
        world = World(Clock(), self.address)
        self.api = DiscordApi(world, self.judge)
        self.gateway = Gateway(world)
        self.control = DiscordControl(self.api, self.gateway)
        world.dispatch = self._dispatch

    async def end(self) -> None:
        self.gateway.closed = True
        self.gateway.drop()
        self.gateway.drop()

    def _dispatch(self, name: str, payload: Json, channel: Channel | None, guild: str) -> None:
        message = payload.get("message")
        if name in {"MESSAGE_CREATE", "MESSAGE_UPDATE"}:
            message = payload
        if self.judge and message:
            complaints = self.judge.shape("MessageResponse", message)
            self.api.violations += [f"the simulator sent {name} with {text}" for text in complaints]
        self.gateway.dispatch(name, payload, channel, guild)


process = partial(running, "tests.fakes.discord_server")
"""A simulator of its own, and its address."""
visiting = Discord.visiting


if __name__ == "__main__":
    asyncio.run(DiscordSimulator().serve())
