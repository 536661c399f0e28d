"""Clicks that were acknowledged before they were answered: kept until they are, so that a crash leaves none waiting."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.chat.kit.storage import Storage

PATIENCE_S = 0.5
"""A memory slower than this is not waited for: the click must be acknowledged."""
_log = logging.getLogger(__name__)


class PendingAcks:
    def __init__(
        self, prefix: str, life: timedelta, memory: Storage, now: Callable[[], datetime]
    ) -> None:
        """`life`: for so long a click can still be answered."""
        self._prefix, self._life, self._memory, self._now = prefix, life, memory, now

    async def make(self, name: str, told: Mapping[str, Any]) -> None:
        """Before a click is acknowledged."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._memory.remember(self._prefix + name, json.dumps(told), self._now())
        except TimeoutError:
            _log.warning("the memory is slow: a click is acknowledged without being kept")

    async def keep(self, name: str) -> None:
        """It is answered."""
        await self._memory.drop(self._prefix + name)

    async def broken(self) -> Sequence[dict[str, Any]]:
        """Those that were made before a crash and can still be kept; the others are given up."""
        made = await self._memory.beginning(self._prefix)
        alive = [words for _, words, at in made if at > self._now() - self._life]
        for name, _, at in made:
            if at <= self._now() - self._life:
                await self._memory.drop(name)
        return [json.loads(words) for words in alive]
