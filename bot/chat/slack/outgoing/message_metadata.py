"""How the bot knows again what it said itself: each message carries the name of its act, and of whoever remembers it."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime

from bot.chat.kit.storage import Storage

NAME = "signature"
LOOKS, BETWEEN_S = 20, 0.05
"""How often another process that began at the same moment is waited for, and the seconds between."""


class MessageMetadata:
    """A bot with another memory counts its acts anew: its first round is not the first round of this one."""

    def __init__(self, memory: Storage, now: Callable[[], datetime]) -> None:
        self._memory, self._now = memory, now
        self._own = ""

    async def under(self, key: str) -> str:
        """The key as it is written under a message. It names the act alone: what is said may have changed meanwhile."""
        self._own = self._own or await self._signed()
        return f"{self._own} {key}"

    async def _signed(self) -> str:
        if not await self._memory.get(NAME) and not await self._memory.claim(NAME, self._now()):
            for _ in range(LOOKS):
                if found := await self._memory.get(NAME):
                    return found
                await asyncio.sleep(BETWEEN_S)
        if not (found := await self._memory.get(NAME)):
            found = secrets.token_hex(4)
            await self._memory.set(NAME, found, self._now())
        return found
