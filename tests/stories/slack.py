"""Slack, simulated in a process of its own, with the adapter that serves it.

It has members at their screens, by either way.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.app import Bot, build
from bot.chat.platform_interface import Event, Hear, Leaving, Reaction, Reply
from bot.chat.slack.manifest import manifest
from bot.chat.slack.outgoing.controls import TICKED
from bot.chat.slack.outgoing.mrkdwn import emoji_of, name_of
from bot.chat.slack.platform import SlackPlatform
from bot.chat.slack.shared import Timeouts
from bot.phrases.say import say
from bot.quiz.files.bank import Bank
from bot.quizmaster.places import Places
from bot.store.key_value import KeyValue
from bot.store.sql.database import Database
from bot.store.sql.tables.adapters import slack_values
from tests.conftest import Clock
from tests.fakes.slack import screen as before
from tests.fakes.slack import workspace as fake
from tests.fakes.slack.workspace import Slack, Workspace
from tests.fakes.slack_server import visiting
from tests.fakes.uploads import packed_file
from tests.stories.discord import rows_of
from tests.stories.stage import (
    DEADLINE_S,
    FOREVER,
    Deed,
    Handing,
    Member,
    Pressing,
    Reacting,
    Seen,
    Stage,
    Typing,
    running,
)

INSTANT_S = 0.001
"""What happens while the clock stands still is numbered into this by Slack, each microsecond."""
SIGNS = re.compile(r"^(?::\w+: |⏳ |• )", re.MULTILINE)


def read(text: str) -> str:
    """A card's words as a person reads them.

    There are no signs, commands have their own names, tables go row by row.
    """
    text = re.sub(r"/quiz (?=\w)", "/", SIGNS.sub("", text))
    return re.sub(r" · (?=[A-Z][^:\n]*: )", "\n", text).replace(" ◂ you", "")


def paragraphs(seen: before.Seen) -> str:
    """All words; a table is told as `plain` tells it."""
    told = [rows_of(one) if _is_table(one) else one for one in seen.shape["words"]]
    return read("\n".join(told))


def _is_table(text: str) -> bool:
    head, _, rest = text.partition("\n")
    return bool(rest) and bool(re.search(r"\S {2,}\S", head)) and "=" not in head


async def set_clock(slack: Slack, clock: Clock) -> None:
    await slack.set_clock(clock.now().timestamp())


class Attentive(SlackPlatform):
    """Tells when what nobody gets an answer to has been heard to its end.

    It also tells when nothing is left to answer.
    """

    heard = 0

    async def run(self, hear: Hear) -> None:
        self.rung = asyncio.Event()

        async def attend(event: Event, reply: Reply) -> None:
            await hear(event, reply)
            if isinstance(event, Reaction | Leaving):
                self.heard += 1
                self.rung.set()

        await super().run(attend)

    async def hears(self, times: int) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while self.heard < times:
                self.rung.clear()
                await self.rung.wait()

    async def quiet(self) -> None:
        """Return when every answer has been given."""
        async with asyncio.timeout(DEADLINE_S):
            assert self._clients
            while busy := {
                *self._tasks.running.values(),
                *self._clients.names.lookups.running.values(),
            }:
                await asyncio.wait(busy)


class SlackMember(Member):
    def __init__(
        self, person: fake.Member, home: Workspace, clock: Clock, platform: Attentive
    ) -> None:
        super().__init__(person.name)
        self.person, self.home, self.clock, self.platform = person, home, clock, platform
        self._seen: list[Seen] = []
        self._version = 0

    def seen(self) -> Sequence[Seen]:
        return self._seen

    async def changed(self) -> None:
        self._version = await self.person.client.do("changed", version=self._version, seconds=1.0)
        await self.up_to_date()

    async def up_to_date(self) -> None:
        """Their channels, and the letters the bot wrote them.

        A note that there is one is no news.
        """
        views = [self.person.in_channel(name) for name in self.home.channels]
        views.append(await self.person.in_dm())
        found = [
            (view, one)
            for view in views
            for one in await view.sees()
            if one.by_bot and one.text != say("slack_wrote_directly")
        ]
        names = {there: name for name, there in self.home.channels.items()}
        found.sort(key=lambda pair: [int(part) for part in pair[1].ts.split(".")])
        self._seen = [_seen(one, names.get(view.channel, "letters")) for view, one in found]

    async def repeat(self) -> None:
        """Everything that is done here is delivered twice in any case."""

    async def do(self, act: str, deed: Deed) -> None:  # noqa: ARG002 (Slack numbers acts by itself)
        slack = self.person.client
        await set_clock(slack, self.clock)
        await slack.twice()
        match deed:
            case Typing(channel, line):
                await self._type(self.person.in_channel(channel), line)
            case Pressing(message, action, values):
                await self._press(message, action, values)
            case Handing(message, action, name, content):
                await self._press(message, action, (packed_file(name, content),))
            case Reacting(message, emoji, added):
                await self._react(message, emoji, added=added)
        await self.settled()

    async def settled(self) -> None:
        await self.person.client.delivered()
        await self.platform.quiet()
        await self.up_to_date()

    async def _type(self, where: fake.Member, line: str) -> None:
        if run := re.match(r"/run\b\s?", line):
            await where.slash("/run", line[run.end() :])
        else:
            await where.slash("/quiz", line.removeprefix("/"))

    async def _press(self, message: Seen, action: str, values: tuple[Any, ...]) -> None:
        view = (
            await self.person.in_dm()
            if message.channel == "letters"
            else self.person.in_channel(message.channel)
        )
        shown = next(one for one in await view.sees() if one.id == message.id)
        if not shown.offers(action):
            await view.forge(action, *values, on=shown)
        elif action.startswith(f"{TICKED}/"):
            await view.choose(*values, on=shown, menu=action)
            await view.click(action.removeprefix(f"{TICKED}/"), shown)
        else:
            act = await view.click(action, shown)
            if act.view:
                await view.submit(*values)

    async def _react(self, message: Seen, emoji: str, *, added: bool) -> None:
        where = self.person.in_channel(message.channel)
        shown = next(one for one in await where.sees() if one.id == message.id)
        heard = self.platform.heard
        await (
            where.react(name_of(emoji), shown) if added else where.unreact(name_of(emoji), shown)
        )
        await self.platform.hears(heard + added)

    async def leave(self) -> None:
        heard = self.platform.heard
        await self.person.deactivate()
        await self.platform.hears(heard + 1)


def _seen(one: before.Seen, channel: str) -> Seen:
    buttons = {label.replace("/quiz ", "/"): action for label, action in one.buttons.items()}
    return Seen(
        id=one.id,
        channel=channel,
        text=paragraphs(one),
        private=one.private or channel == "letters",
        buttons=buttons,
        boxes=next((menu["action_id"] for menu in one.menus), ""),
        entry=next((name for name in buttons.values() if name.startswith("write/")), ""),
        emoji=tuple(map(emoji_of, one.reactions)),
        file=next((name for name in buttons.values() if name.startswith("hand/")), ""),
    )


class SlackStage(Stage):
    def __init__(
        self, bot: Bot, clock: Clock, slack: Slack, home: Workspace, platform: Attentive
    ) -> None:
        super().__init__(bot, clock)
        self.slack, self.home, self.platform = slack, home, platform

    async def enter(self, name: str, *, admin: bool = False) -> Member:
        person = await self.home.join(name, admin=admin)
        member = SlackMember(person, self.home, self.clock, self.platform)
        self.members.append(member)
        return member

    async def wait(self, seconds: float) -> None:
        self.clock.advance(seconds + INSTANT_S)
        await set_clock(self.slack, self.clock)
        await self.bot.alarm.run_timers()

    async def close(self) -> None:
        """The simulator is emptied by whoever visits it next."""


def attentive(
    slack: Slack, token: str, database: Database, bank: Bank, clock: Clock, *, signed: bool
) -> Attentive:
    return Attentive(
        bot_token=token,
        app_token="" if signed else slack.app_token,
        signing_secret=slack.signing_secret if signed else "",
        app=None,
        host="127.0.0.1",
        port=0,
        api_url=slack.api,
        storage=KeyValue(database, slack_values),
        sources=lambda: {"packs": [pack.name for pack in bank.packs], "zones": ["Asia/Tokyo"]},
        is_named_admin=Places(database).is_admin,
        say=say,
        now=clock.now,
        timeouts=Timeouts(other_process=0, between_updates=0),
    )


@asynccontextmanager
async def on_slack(
    address: str, database: Database, bank: Bank, clock: Clock, *, signed: bool = False, **more: Any
) -> AsyncIterator[SlackStage]:
    """By socket, or by signed calls."""
    async with visiting(address) as slack:
        await slack.stop_clock()
        await slack.limits(on=False)
        await set_clock(slack, clock)
        await slack.manifest(manifest())
        home = await slack.workspace("Study group")
        await home.channel("rnn")
        platform = attentive(slack, home.token, database, bank, clock, signed=signed)
        bot = build(
            database,
            lambda: bank,
            {platform.name: platform},
            "UTC",
            clock.now,
            pause=0,
            **{"outage": FOREVER, **more},
        )
        async with running(bot, platform.ready):
            if signed:
                await slack.request_url(f"{platform.address}/slack/events")
            else:
                await slack.online()
            yield SlackStage(bot, clock, slack, home, platform)
