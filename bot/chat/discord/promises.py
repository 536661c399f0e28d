"""Clicks that were acknowledged before they were answered: kept until they are, so that a crash leaves none waiting."""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.chat.discord.cards import Json
from bot.chat.discord.memory import Memory

TOKEN_LIFE = timedelta(minutes=15)
PATIENCE_S = 0.5
"""A memory slower than this is not waited for: the click must be acknowledged."""
_NAME = "promised "
_log = logging.getLogger(__name__)


class Promises:
    def __init__(self, memory: Memory, now: Callable[[], datetime]) -> None:
        self._memory, self._now = memory, now

    async def make(self, told: Json) -> None:
        """Before a click is acknowledged."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._memory.remember(_NAME + str(told["id"]), json.dumps(told), self._now())
        except TimeoutError:
            _log.warning("the memory is slow: a click is acknowledged without being kept")

    async def keep(self, told: Json) -> None:
        """It is answered."""
        await self._memory.drop(_NAME + str(told["id"]))

    async def broken(self) -> Sequence[Json]:
        """Those that were made before a crash and can still be kept; the others are given up."""
        made = await self._memory.beginning(_NAME)
        alive = [words for _, words, at in made if at > self._now() - TOKEN_LIFE]
        for name, _, at in made:
            if at <= self._now() - TOKEN_LIFE:
                await self._memory.drop(name)
        return [json.loads(words) for words in alive]
