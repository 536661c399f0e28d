"""A platform of paper: messages in a dictionary, members who hand in their acts themselves."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.app import Bot, build
from bot.chat.card import Card, Choice, Input, plain_text
from bot.chat.kit.files import read_all
from bot.chat.kit.typed_commands import parse
from bot.chat.platform_interface import (
    Command,
    Event,
    Hear,
    Leaving,
    Posted,
    Press,
    Reaction,
    Upload,
)
from bot.identity import MessageRef, Person, Place
from bot.quiz.files.bank import Bank
from bot.store.sql.database import Database
from tests.conftest import Clock
from tests.stories.stage import (
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

NAME = "paper"
COMMUNITY = "club"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One message."""

    message: MessageRef
    reader: str | None
    card: Card
    at: datetime
    turned_by: str = ""


class PaperPlatform:
    """Keeps every message for good; the same key finds the same message."""

    name = NAME

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.sheets: dict[str, Sheet] = {}
        self._keys: dict[str, str] = {}
        self.shy: set[str] = set()
        """Who takes no private messages."""
        self._written = asyncio.Event()
        self.ready = asyncio.Event()

    async def run(self, hear: Hear) -> None:
        self.hear = hear
        self.ready.set()
        await asyncio.Event().wait()

    async def post(self, place: Place, card: Card, key: str) -> Posted:
        return self.put(place, card, f"post {key}", None)

    async def edit(self, message: MessageRef, card: Card) -> None:
        if message.id in self.sheets:
            self._keep(replace(self.sheets[message.id], card=card))

    async def read_missed_reactions(
        self, message: MessageRef, emoji: Sequence[str], until: datetime
    ) -> None:
        """Paper misses nothing."""

    async def warn(self, place: Place, card: Card) -> None:
        """Nobody locks paper out."""

    async def send_private(self, person: Person, place: Place, card: Card, key: str) -> bool:
        if person.id not in self.shy:
            self.put(place, card, f"post {key}", person.id)
        return person.id not in self.shy

    def put(self, place: Place, card: Card, key: str, reader: str | None) -> Posted:
        if key not in self._keys:
            self._keys[key] = str(len(self.sheets) + 1)
            self._keep(Sheet(MessageRef(place, self._keys[key]), reader, card, self._now()))
        sheet = self.sheets[self._keys[key]]
        return Posted(sheet.message, sheet.at)

    def replace(self, message: MessageRef, card: Card, key: str) -> Posted:
        sheet = self.sheets[message.id]
        if sheet.turned_by != key:
            self._keep(replace(sheet, card=card, at=self._now(), turned_by=key))
        return Posted(sheet.message, self.sheets[message.id].at)

    def _keep(self, sheet: Sheet) -> None:
        self.sheets[sheet.message.id] = sheet
        written, self._written = self._written, asyncio.Event()
        written.set()

    async def changed(self) -> None:
        await self._written.wait()


class PaperReply:
    def __init__(self, platform: PaperPlatform, event: Event, place: Place) -> None:
        self._platform, self._event, self._place = platform, event, place
        self._said = 0

    async def show(self, card: Card, key: str = "") -> Posted:
        posted = self._platform.put(
            self._place, card, f"post {key}" if key else f"{self._event.id}:shown", None
        )
        await self._platform.edit(posted.message, card)
        return posted

    async def whisper(self, card: Card) -> Posted:
        return self._platform.put(self._place, card, self._key(), self._event.person.id)

    async def replace(self, card: Card) -> Posted:
        pressed = self._event.message if isinstance(self._event, Press) else None
        if pressed is None or self._platform.sheets[pressed.id].reader is None:
            return await self.whisper(card)
        return self._platform.replace(pressed, card, self._key())

    def _key(self) -> str:
        self._said += 1
        return f"{self._event.id}:{self._said}"


class PaperMember(Member):
    def __init__(
        self, platform: PaperPlatform, clock: Clock, bank: Bank, name: str, *, admin: bool
    ) -> None:
        super().__init__(name)
        self._platform, self._clock, self._bank = platform, clock, bank
        self.person = Person(NAME, f"id of {name}", name, admin=admin)

    def seen(self) -> Sequence[Seen]:
        readers = {None, self.person.id}
        return [_seen(sheet) for sheet in self._platform.sheets.values() if sheet.reader in readers]

    async def changed(self) -> None:
        await self._platform.changed()

    async def up_to_date(self) -> None:
        """Paper arrives at once."""

    async def do(self, act: str, deed: Deed) -> None:
        await self._hand_in(
            self._event(act, deed),
            deed.channel if isinstance(deed, Typing) else deed.message.channel,
        )

    async def leave(self) -> None:
        await self._hand_in(
            Leaving("leaving", self.person, _place("general"), self._clock.now()), "general"
        )

    async def _hand_in(self, event: Event, channel: str) -> None:
        await self._platform.hear(event, PaperReply(self._platform, event, _place(channel)))

    def _event(self, act: str, deed: Deed) -> Event:
        at = self._clock.now()
        match deed:
            case Typing(channel, line):
                sources = {
                    "packs": [pack.name for pack in self._bank.packs],
                    "zones": ["Asia/Tokyo"],
                }
                name, args = parse(line, sources)
                return Command(act, self.person, _place(channel), name, at, args)
            case Pressing(message, action, values):
                place = _place(message.channel)
                return Press(
                    act, self.person, place, MessageRef(place, message.id), action, at, values
                )
            case Handing(message, action, name, content):
                place = _place(message.channel)

                async def parts() -> AsyncIterator[bytes]:
                    yield content

                reference, upload = (
                    MessageRef(place, message.id),
                    Upload(name, lambda: read_all(parts())),
                )
                return Press(act, self.person, place, reference, action, at, upload=upload)
            case Reacting(message, emoji, added):
                reference = MessageRef(_place(message.channel), message.id)
                return Reaction(act, self.person, reference, emoji, added, at)


class PaperStage(Stage):
    def __init__(self, bot: Bot, clock: Clock, platform: PaperPlatform, bank: Bank) -> None:
        super().__init__(bot, clock)
        self.platform, self._bank = platform, bank

    async def enter(self, name: str, *, admin: bool = False) -> Member:
        member = PaperMember(self.platform, self.clock, self._bank, name, admin=admin)
        self.members.append(member)
        return member

    async def close(self) -> None:
        """Nothing of paper stays open."""


def _place(channel: str) -> Place:
    return Place(NAME, COMMUNITY, channel)


def _seen(sheet: Sheet) -> Seen:
    card = sheet.card
    return Seen(
        id=sheet.message.id,
        channel=sheet.message.place.channel,
        text=plain_text(card),
        private=sheet.reader is not None,
        buttons={button.label: button.action for button in card.buttons},
        boxes=next((block.action for block in card.blocks if isinstance(block, Choice)), ""),
        entry=next(
            (block.action for block in card.blocks if isinstance(block, Input) and not block.file),
            "",
        ),
        file=next(
            (block.action for block in card.blocks if isinstance(block, Input) and block.file), ""
        ),
        emoji=card.reactions,
    )


@asynccontextmanager
async def on_paper(
    database: Database, bank: Bank, clock: Clock, platform: PaperPlatform | None = None, **more: Any
) -> AsyncIterator[PaperStage]:
    async with paper_bot(
        database, bank, clock, platform or PaperPlatform(clock.now), **more
    ) as stage:
        yield stage


@asynccontextmanager
async def paper_bot(
    database: Database, bank: Bank, clock: Clock, platform: PaperPlatform, **more: Any
) -> AsyncIterator[PaperStage]:
    """A bot that is started with the papers of one before it."""
    platform.ready.clear()
    more = {"outage": FOREVER, **more}
    bot = build(database, lambda: bank, {NAME: platform}, "UTC", clock.now, pause=0, **more)
    async with running(bot, platform.ready):
        yield PaperStage(bot, clock, platform, bank)
