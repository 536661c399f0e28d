"""The adapter by itself.

It is a platform before the simulator, with a conversation that says what a test tells it to.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from bot.chat.card import Button, Card, Input, Text
from bot.chat.discord.incoming.gateway import Shards
from bot.chat.discord.platform import DiscordPlatform
from bot.chat.discord.timeouts import Timeouts
from bot.chat.platform_interface import Command, Event, Press, Reply, Returned, Snippet, Visit
from bot.phrases.say import say
from tests.chat.memory_storage import MemoryStorage
from tests.fakes.client import DEADLINE_S
from tests.fakes.discord.guild import Discord

QUICK = Timeouts(settling=0, first_pause=0.05, identify=0.05, shutdown=0.2)
Answer = Callable[[Any, Reply], Awaitable[None]]


class Talk:
    """Hears everything, and answers presses and commands as it is told to."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.answers: dict[str, Answer] = {}
        self.visited: Answer | None = None
        self._rung = asyncio.Event()

    async def hear(self, event: Event, reply: Reply) -> None:
        try:
            if isinstance(event, Press | Command):
                name = event.name if isinstance(event, Command) else event.action.partition(":")[0]
                await self.answers.get(name, whispering)(event, reply)
            elif isinstance(event, Snippet):
                await self.answers.get("snippet", silent)(event, reply)
            elif isinstance(event, Visit) and self.visited:
                await self.visited(event, reply)
        finally:
            self.heard.append(event)
            self._rung.set()

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.heard if isinstance(event, kind)]

    async def hears(self, kind: type[Any], times: int = 1) -> list[Any]:
        async with asyncio.timeout(DEADLINE_S):
            while len(self.of(kind)) < times:
                self._rung.clear()
                await self._rung.wait()
        return self.of(kind)


async def silent(_: Event, __: Reply) -> None:
    """Says nothing."""


async def whispering(event: Press | Command, reply: Reply) -> None:
    said = (
        event.name
        if isinstance(event, Command)
        else f"{event.action} {' '.join(event.values)}".strip()
    )
    await reply.whisper(Card("Heard", (Text((said,)),)))


async def showing(_: Event, reply: Reply) -> None:
    await reply.show(question())


async def turning(event: Press | Command, reply: Reply) -> None:
    said = event.name if isinstance(event, Command) else event.action
    await reply.replace(Card("Turned", (Text((said,)),), (Button("Again", "again"),)))


def question(number: int = 1, *, reactions: tuple[str, ...] = ()) -> Card:
    buttons = tuple(Button(letter, f"answer:{number}:{letter}") for letter in "AB")
    report = Button("Report", f"report:{number}")
    return Card(
        f"Question {number}",
        (Input("Your answer", f"type:{number}"),),
        (*buttons, report),
        reactions=reactions,
    )


def platform(
    discord: Discord, storage: MemoryStorage | None = None, **options: Any
) -> DiscordPlatform:
    chosen: dict[str, Any] = {
        "token": discord.token,
        "api": discord.api,
        "gateway": discord.gateway,
        "shards": Shards(),
        "members": False,
        "storage": storage or MemoryStorage(),
        "sources": lambda: {
            "packs": [f"pack-{n}" for n in range(30)],
            "zones": ["Europe/Berlin", "Asia/Tokyo"],
        },
        "now": lambda: datetime.now(UTC),
        "say": say,
        "timeouts": QUICK,
    }
    return DiscordPlatform(**{**chosen, **options})


@asynccontextmanager
async def served(discord: Discord, talk: Talk, **options: Any) -> AsyncIterator[DiscordPlatform]:
    """A platform that is connected and has told its commands."""
    made = platform(discord, **options)
    running = asyncio.create_task(made.run(talk.hear))
    returned = asyncio.create_task(talk.hears(Returned, len(talk.of(Returned)) + 1))
    try:
        await asyncio.wait({running, returned}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            await running
        yield made
    finally:
        returned.cancel()
        running.cancel()
        await asyncio.gather(running, returned, return_exceptions=True)
