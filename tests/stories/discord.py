"""Discord, simulated in a process of its own, with the adapter that serves it.

It has members at their screens.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from bot.app import Bot, build
from bot.chat.discord.incoming.gateway import Shards
from bot.chat.discord.platform import DiscordPlatform
from bot.chat.discord.timeouts import Timeouts
from bot.chat.kit.typed_commands import parse
from bot.chat.platform_interface import Event, Hear, Leaving, Reaction, Reply
from bot.commands import VERBS
from bot.phrases.say import say
from bot.quiz.files.bank import Bank
from bot.store.key_value import KeyValue
from bot.store.sql.database import Database
from tests.conftest import Clock
from tests.fakes.discord import guild as fake
from tests.fakes.discord import screen as before
from tests.fakes.discord.guild import Discord, Guild
from tests.fakes.discord.screen import Act
from tests.fakes.discord_server import visiting
from tests.fakes.uploads import packed_file
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

MEMBERS_INTENT = 1 << 1
PERSON = 6
"""The kind of option that is picked from the list of members."""
LETTERS = "letters"
ZERO_WIDTH = "\N{ZERO WIDTH SPACE}"


def read(text: str) -> str:
    """A card's words as a person reads them.

    There are no marks, and tables are told row by row as `plain` tells them.
    """
    text = re.sub(
        r"```(\w*)\n(.*?)\n```", lambda block: _block(block[1], block[2]), text, flags=re.DOTALL
    )
    text = re.sub(
        r"<t:(\d+):T>, <t:\d+:R>",
        lambda stamp: f"{datetime.fromtimestamp(int(stamp[1]), UTC):%H:%M:%S} UTC",
        text,
    )
    text = re.sub(r"^(### |-# |• )", "", text.replace("⏳ ", ""), flags=re.MULTILINE)
    text = re.sub(r"(?<!\\)(\*\*|`)", "", text)
    text = re.sub(r" · (?=[A-Z][^:\n]*: )", "\n", text)
    return re.sub(r"\\([^\w\s])", r"\1", text).replace(ZERO_WIDTH, "").replace(" ◂ you", "")


def _block(language: str, body: str) -> str:
    return body if language else rows_of(body)


def rows_of(body: str) -> str:
    """A table of equal letters, row by row, each cell after its head."""
    head, *rows = body.splitlines()
    starts = [match.start() for match in re.finditer(r"(?:^|(?<=  ))\S", head)]
    names = [
        head[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)
    ]
    return "\n".join(
        ", ".join(
            f"{name} {row[start:end].strip()}"
            for name, start, end in zip(names, starts, [*starts[1:], None], strict=True)
        )
        for row in (line.replace(" ◂ you", "") for line in rows)
    )


class Attentive(DiscordPlatform):
    """Tells when what nobody gets an answer to has been heard to its end."""

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


class DiscordMember(Member):
    def __init__(
        self,
        person: fake.Member,
        guild: Guild,
        bot: str,
        clock: Clock,
        platform: Attentive,
        people: Mapping[str, str],
    ) -> None:
        super().__init__(person.name)
        self.people = people
        self.platform = platform
        self.person, self.guild, self.bot, self.clock = person, guild, bot, clock
        self._seen: list[Seen] = []
        self._version = 0

    def seen(self) -> Sequence[Seen]:
        return self._seen

    async def changed(self) -> None:
        self._version = await self.person.client.do("changed", version=self._version, seconds=1.0)
        await self.up_to_date()

    async def up_to_date(self) -> None:
        """Their channels, and the letters the bot wrote them."""
        views = [self.person.in_channel(name) for name in self.guild.channels]
        views.append(await self.person.in_dm())
        seen = [
            (view, one) for view in views for one in await view.sees() if one.author == self.bot
        ]
        names = {there: name for name, there in self.guild.channels.items()}
        self._seen = [_seen(one, names.get(view.channel, LETTERS)) for view, one in seen]
        self._seen.sort(key=lambda one: int(one.id))

    async def repeat(self) -> None:
        """Everything that is done here is delivered twice in any case."""

    async def do(self, act: str, deed: Deed) -> None:  # noqa: ARG002 (Discord numbers acts by itself)
        discord = self.person.client
        await discord.set_clock(self.clock.now().timestamp())
        await discord.twice()
        match deed:
            case Typing(channel, line):
                await self._type(self.person.in_channel(channel), line)
            case Pressing(message, action, values):
                await self._press(message, action, values)
            case Handing(message, action, name, content):
                await self._press(message, action, (packed_file(name, content),))
            case Reacting(message, emoji, added):
                where = self.person.in_channel(message.channel)
                shown = next(one for one in await where.sees() if one.id == message.id)
                heard = self.platform.heard
                await (where.react(emoji, shown) if added else where.unreact(emoji, shown))
                await self.platform.hears(heard + 2 * added)
        await self.up_to_date()

    async def _type(self, where: fake.Member, line: str) -> None:
        name, *words = line.removeprefix("/").split()
        if any(argument.rest for verb in VERBS if verb.name == name for argument in verb.arguments):
            words_given: dict[str, Any] = {**parse(line, {})[1]}
            await where.slash(name, **words_given)
            return
        tree = {command["name"]: command for command in await self.person.client.tree()}
        given: dict[str, Any] = _options(tree[name], words)
        for one in tree[name].get("options", ()):
            if one["type"] == PERSON and one["name"] in given:
                given[one["name"]] = self.people[
                    given[one["name"]]
                ]  # picked from the list of members
        await where.slash(name, **given)

    async def _press(self, message: Seen, action: str, values: tuple[Any, ...]) -> Act:
        letters = message.channel == LETTERS
        where = await self.person.in_dm() if letters else self.person.in_channel(message.channel)
        shown = next(one for one in await where.sees() if one.id == message.id)
        if action not in [control["custom_id"] for control in shown.controls]:
            return await where.forge(action, *values, on=shown)
        if shown.menus and action == shown.menus[0]["custom_id"]:
            return await where.choose(*values, on=shown)
        act = await where.click(action, shown)
        return await where.submit(act, *values) if act.modal else act

    async def leave(self) -> None:
        heard = self.platform.heard
        await self.person.leave()
        await self.platform.hears(heard + 1)


def _options(command: dict[str, object], words: list[str]) -> dict[str, str]:
    """Words as a person would pick them from the menu: each in the first option that offers it."""
    given: dict[str, str] = {}
    options = command.get("options") or []
    assert isinstance(options, list)
    for word in words:
        name, colon, value = word.partition(":")
        if colon:
            given[name] = value
            continue
        free = [one for one in options if one["name"] not in given]
        fits = [
            one for one in free if word in [choice["value"] for choice in one.get("choices", ())]
        ]
        fits += [one for one in free if one.get("autocomplete")]
        given[fits[0]["name"]] = word
    return given


def _seen(one: before.Seen, channel: str) -> Seen:
    entry = next((name for name in one.buttons.values() if name.startswith("write/")), "")
    return Seen(
        id=one.id,
        channel=channel,
        text=read(one.text),
        private=one.private or channel == LETTERS,
        buttons=one.buttons,
        boxes=next((menu["custom_id"] for menu in one.menus), ""),
        entry=entry,
        emoji=tuple(one.reactions),
        file=next((name for name in one.buttons.values() if name.startswith("hand/")), ""),
    )


class DiscordStage(Stage):
    def __init__(
        self, bot: Bot, clock: Clock, discord: Discord, guild: Guild, platform: Attentive
    ) -> None:
        super().__init__(bot, clock)
        self.discord, self.guild, self.platform = discord, guild, platform
        self.people: dict[str, str] = {}

    async def enter(self, name: str, *, admin: bool = False) -> Member:
        person = await self.guild.join(name, *(["MANAGE_GUILD"] if admin else []))
        member = DiscordMember(
            person, self.guild, self.discord.bot, self.clock, self.platform, self.people
        )
        self.people[name] = person.id
        self.members.append(member)
        return member

    async def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await self.discord.set_clock(self.clock.now().timestamp())
        await self.bot.alarm.run_timers()

    async def close(self) -> None:
        """The simulator is emptied by whoever visits it next."""


@asynccontextmanager
async def on_discord(
    address: str, database: Database, bank: Bank, clock: Clock, **more: Any
) -> AsyncIterator[DiscordStage]:
    async with visiting(address) as discord:
        await discord.stop_clock()
        await discord.limits(on=False)
        await discord.set_clock(clock.now().timestamp())
        await discord.privileged(MEMBERS_INTENT)
        for verb in VERBS:
            await discord.open_command(verb.name)
        guild = await discord.guild("Study group")
        await guild.channel("rnn")
        platform = Attentive(
            token=discord.token,
            api=discord.api,
            gateway=discord.gateway,
            shards=Shards(),
            members=True,
            storage=KeyValue(database),
            sources=lambda: {"packs": [pack.name for pack in bank.packs], "zones": ["Asia/Tokyo"]},
            now=clock.now,
            say=say,
            timeouts=Timeouts(settling=0),
        )
        more = {"outage": FOREVER, **more}
        bot = build(
            database, lambda: bank, {platform.name: platform}, "UTC", clock.now, pause=0, **more
        )
        async with running(bot, platform.ready):
            await discord.until(
                lambda known: bool(known["tree"]), "commands", what="the commands", guild=""
            )
            yield DiscordStage(bot, clock, discord, guild, platform)
