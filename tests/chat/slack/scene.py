"""The adapter by itself.

It is a platform before the simulator, with a conversation that says what a test tells it to.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from bot.chat.platform_interface import Returned
from bot.chat.slack.manifest import manifest
from bot.chat.slack.platform import SlackPlatform
from bot.chat.slack.shared import Timeouts
from bot.identity import Person, Place
from bot.phrases.say import say
from tests.chat.discord.scene import Talk
from tests.chat.memory_storage import MemoryStorage
from tests.fakes.slack.workspace import Slack, Workspace

QUICK = Timeouts(
    other_process=0,
    between_updates=0.05,
    reconnect=0.05,
    watch=0.05,
    silent=3,
    ping=1,
    shutdown=0.2,
)


async def vouched(person: Person, _: Place) -> bool:
    """Nobody named anybody."""
    return person.admin


def platform(slack: Slack, token: str, *, signed: bool = False, **options: Any) -> SlackPlatform:
    chosen: dict[str, Any] = {
        "bot_token": token,
        "app_token": "" if signed else slack.app_token,
        "signing_secret": slack.signing_secret if signed else "",
        "app": None,
        "host": "127.0.0.1",
        "port": 0,
        "api_url": slack.api,
        "storage": MemoryStorage(),
        "sources": lambda: {
            "packs": [f"pack-{n}" for n in range(30)],
            "zones": ["Europe/Berlin", "Asia/Tokyo"],
        },
        "is_named_admin": vouched,
        "say": say,
        "now": lambda: datetime.now(UTC),
        "timeouts": QUICK,
    }
    return SlackPlatform(**{**chosen, **options})


@asynccontextmanager
async def served(
    slack: Slack, home: Workspace, talk: Talk, **options: Any
) -> AsyncIterator[SlackPlatform]:
    """A platform that people are heard by; Slack knows the app by its manifest."""
    made = platform(slack, home.token, **options)
    await slack.manifest(manifest())
    running = asyncio.create_task(made.run(talk.hear))
    returned = asyncio.create_task(talk.hears(Returned, len(talk.of(Returned)) + 1))
    try:
        await asyncio.wait({running, returned}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            await running
        if options.get("signed"):
            await slack.request_url(f"{made.address}/slack/events")
        else:
            await slack.online()
        yield made
    finally:
        returned.cancel()
        running.cancel()
        await asyncio.gather(running, returned, return_exceptions=True)
