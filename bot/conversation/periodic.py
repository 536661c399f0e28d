"""What comes round by itself besides questions: the heartbeat, days that are over, reminders, digests."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import count

from bot.conversation.digests import DigestsTalk
from bot.conversation.reminders import RemindersTalk
from bot.quizmaster.streaks import Streaks

LOOK_S = 20.0
TIDY = 4320
"""After so many looks, about a day, what is of no more use is forgotten."""
log = logging.getLogger(__name__)


class PeriodicWork:
    """Looks again and again. The rows are the truth, so it may look at any time, any number of times."""

    def __init__(
        self,
        streaks: Streaks,
        reminders: RemindersTalk,
        digests: DigestsTalk,
        now: Callable[[], datetime],
        pause: float = LOOK_S,
    ) -> None:
        self._streaks = streaks
        self._reminders = reminders
        self._digests = digests
        self._now = now
        self._pause = pause

    async def run(self) -> None:
        """The heart beats beside the letters: a platform that takes long over them must not look like our absence."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._again_and_again(self._beat))
            both.create_task(self._write())

    async def _write(self) -> None:
        looks = count()

        async def once() -> None:
            await self._send()
            if next(looks) % TIDY == 0:
                await _tried(self._reminders.tidy)

        await self._again_and_again(once)

    async def _again_and_again(self, duty: Callable[[], Awaitable[None]]) -> None:
        while True:
            await duty()
            await asyncio.sleep(self._pause)

    async def look(self) -> None:
        """Everything once."""
        await self._beat()
        await self._send()

    async def _beat(self) -> None:
        """The heartbeat first: what it finds out about an outage decides what became of days."""
        now = self._now()
        await _tried(lambda: self._streaks.beat(now))
        await _tried(lambda: self._streaks.settle(now))

    async def _send(self) -> None:
        await _tried(self._reminders.send)
        await _tried(self._digests.send)


async def _tried(duty: Callable[[], Awaitable[None]]) -> None:
    try:
        await duty()
    except Exception:
        log.exception("something that comes round by itself failed; the next look tries again")
