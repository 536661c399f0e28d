"""A stage that the stories are played on, whatever platform it is.

On it are members who read, type and press.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from bot.app import Bot
from tests.conftest import Clock

DEADLINE_S = 15
FOREVER = timedelta(days=4000)
"""Clocks set by hand jump over hours in which nobody looked; that is no outage."""
SORRY = ("Something went wrong", "went wrong on our side")


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as its reader has it: its words, and where each thing to press leads."""

    id: str
    channel: str
    text: str
    private: bool
    buttons: Mapping[str, str]
    boxes: str = ""
    entry: str = ""
    emoji: tuple[str, ...] = ()
    file: str = ""
    """Where a file that is asked for leads."""


@dataclass(frozen=True, slots=True)
class Typing:
    channel: str
    line: str


@dataclass(frozen=True, slots=True)
class Pressing:
    message: Seen
    action: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reacting:
    message: Seen
    emoji: str
    added: bool


@dataclass(frozen=True, slots=True)
class Handing:
    message: Seen
    action: str
    name: str
    content: bytes


Deed = Typing | Pressing | Reacting | Handing


class Member(ABC):
    """Somebody in front of their screen."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.channel = "general"
        self.deeds = 0
        self._last: tuple[str, Deed] | None = None

    @abstractmethod
    def seen(self) -> Sequence[Seen]:
        """Every message that they can read now, the oldest first."""

    @abstractmethod
    async def changed(self) -> None:
        """Return when something new may be read."""

    @abstractmethod
    async def up_to_date(self) -> None:
        """Return when everything that was said to them has arrived."""

    @abstractmethod
    async def do(self, act: str, deed: Deed) -> None:
        """Do it, and return when it has been answered."""

    @abstractmethod
    async def leave(self) -> None: ...

    # What stories are told in

    async def type(self, line: str) -> None:
        await self._do(Typing(self.channel, line))

    async def press(self, label: str, on: str = "") -> None:
        """The newest button with this label, on a message that says these words."""
        message = await self._find(lambda seen: label in seen.buttons, on, f"a button {label}")
        await self._do(Pressing(message, message.buttons[label]))

    async def tick(self, *letters: str, on: str = "") -> None:
        message = await self._find(lambda seen: bool(seen.boxes), on, "boxes to tick")
        await self._do(Pressing(message, message.boxes, letters))

    async def write(self, text: str, on: str = "") -> None:
        message = await self._find(lambda seen: bool(seen.entry), on, "a line to write on")
        await self._do(Pressing(message, message.entry, (text,)))

    async def hand_over(self, content: bytes, name: str = "days.ics", on: str = "") -> None:
        message = await self._find(lambda seen: bool(seen.file), on, "a file to choose")
        await self._do(Handing(message, message.file, name, content))

    async def react(self, emoji: str, on: str = "", *, added: bool = True) -> None:
        message = await self._find(lambda seen: emoji in seen.emoji, on, f"a reaction {emoji}")
        await self._do(Reacting(message, emoji, added))

    async def forge(self, action: str, *values: str, on: str = "") -> None:
        """Press a button that nobody drew, on a message that is there."""
        await self._do(Pressing(await self.see(on), action, values))

    async def repeat(self) -> None:
        """The last act, delivered once more."""
        assert self._last
        await self.do(*self._last)

    async def see(self, words: str) -> Seen:
        """The newest message that says these words, which is there or comes."""
        return await self._find(lambda _: True, words, "a message")

    async def texts(self) -> list[str]:
        await self.up_to_date()
        return [seen.text for seen in self.seen()]

    async def reads(self, words: str) -> bool:
        """Whether these words stand anywhere before them now."""
        return any(words in text for text in await self.texts())

    async def newest(self) -> str:
        return (await self.texts())[-1]

    async def _do(self, deed: Deed) -> None:
        self.deeds += 1
        self._last = (f"act-{self.name}-{self.deeds:06}", deed)
        await self.do(*self._last)

    async def _find(self, fits: Callable[[Seen], bool], words: str, what: str) -> Seen:
        try:
            async with asyncio.timeout(DEADLINE_S):
                while True:
                    found = [seen for seen in self.seen() if words in seen.text and fits(seen)]
                    if found:
                        return found[-1]
                    await self.changed()
        except TimeoutError:
            before = "\n---\n".join(seen.text for seen in self.seen())
            raise AssertionError(
                f"{self.name} looks for {what} with {words!r} in vain:\n{before}"
            ) from None


class Stage(ABC):
    """The whole bot on one platform, with a clock set by hand."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self.bot = bot
        self.clock = clock
        self.members: list[Member] = []

    @abstractmethod
    async def enter(self, name: str, *, admin: bool = False) -> Member: ...

    @abstractmethod
    async def close(self) -> None: ...

    async def company(self, *names: str) -> list[Member]:
        return [await self.enter(name) for name in names]

    async def wait(self, seconds: float) -> None:
        """Let time pass, and the alarm ring after it."""
        self.clock.advance(seconds)
        await self.bot.alarm.run_timers()

    async def look(self) -> None:
        """What comes round by itself, at this instant."""
        await self.bot.periodic.settle_streaks()
        await self.bot.periodic.reminders.send()
        await self.bot.periodic.digests.send()

    async def count(self) -> None:
        """Let the boards become true."""
        await self.bot.projector.catch_up()

    async def well(self) -> None:
        """Nothing failed behind the scenes."""
        for member in self.members:
            assert not [
                text for text in await member.texts() if any(sorry in text for sorry in SORRY)
            ]


@asynccontextmanager
async def running(bot: Bot, ready: asyncio.Event) -> AsyncIterator[None]:
    """The bot, served until the context is left; what it fails with is raised."""
    serving = asyncio.create_task(bot.run())
    waiting = asyncio.create_task(ready.wait())
    try:
        await asyncio.wait(
            [serving, waiting], return_when=asyncio.FIRST_COMPLETED, timeout=DEADLINE_S
        )
        if serving.done():
            await serving
        yield
    finally:
        waiting.cancel()
        serving.cancel()
        await asyncio.gather(serving, waiting, return_exceptions=True)
