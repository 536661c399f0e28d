"""A Slack to test against: Web API, Socket Mode, signed HTTP, stateful, strict.

It runs in a process of its own.

`with process() as address:` starts one; `async with visiting(address) as slack:` empties it and
hands over a `Slack` (see `tests.fakes.slack.workspace`), and fails at the end when anything sent or
answered broke the rules.

A bot talks to `slack.api` (ends in /api/), with `slack.app_token` for Socket Mode, `home.token` for
a workspace, and `slack.client_id`, `slack.client_secret`, `slack.signing_secret` for the rest:

    home = await slack.workspace("Study group")           # the app installed, its bot in "general"
    ada = await home.join("Ada")                          # home.join("Olive", admin=True)
    await slack.manifest(manifest)                        # only its commands, shortcuts, scopes
                                                          # and events from now on
    await slack.online()                                  # a connection of the bot is live
    await slack.request_url("http://127.0.0.1:…/slack")   # or everything by signed HTTP, once it
                                                          # answers the challenge
    act = await ada.slash("/quiz", "challenge tensors")   # Act: acknowledged, after, view, errors,
                                                          # messages; act.failed
    card = await ada.finds("Which shape")                 # the newest Seen with these words
    act = await ada.click("B", on="Which shape")          # by action_id, value or label
    await ada.choose("a", "c", on="Which of these")       # in its checkboxes or select
    act = await ada.click("Answer"); await ada.submit("3.14")
                                                          # the modal on top: inputs in order,
                                                          # or by name
    view = await ada.modal("Your answer"); await ada.close()
    await ada.opens_home(); home_tab = await ada.home("My streak")
    await ada.click("Start", on=home_tab)
    await ada.react("a", on="Which shape"); await ada.unreact(…)      # "a", "+1::skin-tone-2"
    await ada.menu("report_question", on="Which shape")   # a shortcut on a message, by callback_id;
                                                          # ada.shortcut(…) anywhere
    await ada.sees()                                      # every Seen, the oldest first;
                                                          # ephemerals only hers
    private = await ada.in_dm()                           # the same person in their direct messages
    back = await ada.allows(url); await home.uninstall()  # OAuth: where the browser goes to;
                                                          # the app is taken away
    slack.advance/set_clock/stop_clock/go_clock, slack.drop(), …
    slack.fault("lost", "chat.postMessage")

What nobody could do at their screen raises `Denied`. The process ends when its standard input
closes.
"""

import asyncio
from functools import partial
from typing import ClassVar

from tests.fakes.clock import Clock
from tests.fakes.schemas import schemas
from tests.fakes.simulator import Simulator, running
from tests.fakes.slack.api import SlackApi
from tests.fakes.slack.control import SlackControl
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.http import Http
from tests.fakes.slack.judge import TypesJudge
from tests.fakes.slack.socket import Socket
from tests.fakes.slack.workspace import Slack
from tests.fakes.slack.world import World

FOLDER = "slack"


class SlackSimulator(Simulator):
    routes: ClassVar = {
        "GET /link": "api.socket.connect",
        "POST /hooks/{token}": "api.respond",
        "POST /upload/v1/{key}": "api.upload",
        "GET /files/{one}/{key}/{name}": "api.file",
        "* /api/{method}": "api.answer",
    }

    def __init__(self) -> None:
        super().__init__()
        folder = schemas()
        self.judge = TypesJudge(folder / FOLDER) if folder else None

    def begin(self) -> None:
        world = World(Clock(), self.address)
        violations: list[str] = []
        socket = Socket(world, violations)
        self.http = Http(world)
        self.delivery = Delivery(world, socket, self.http, self.judge, violations)
        self.api = SlackApi(world, self.judge, socket, violations)
        self.control = SlackControl(self.api, self.delivery, self.http)
        world.tell = self.delivery.tell

    async def end(self) -> None:
        self.api.socket.closed = True
        self.api.socket.drop()
        self.delivery.close()
        await self.http.close()


process = partial(running, "tests.fakes.slack_server")
"""A simulator of its own, and its address."""
visiting = Slack.visiting


if __name__ == "__main__":
    asyncio.run(SlackSimulator().serve())
