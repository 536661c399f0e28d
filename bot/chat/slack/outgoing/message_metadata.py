"""Message metadata by which the bot recognises what it posted itself."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime

from bot.chat.kit.storage import Storage

STORED_NAME = "signature"
LOOKS = 20
PAUSE_S = 0.05
"""Another process that starts now may be about to store the signature."""


class MessageKeys:
    """A bot with another database counts its rounds anew, so each key carries a signature."""

    def __init__(self, storage: Storage, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._now = now
        self._signature = ""

    async def sign(self, key: str) -> str:
        self._signature = self._signature or await self._find_signature()
        return f"{self._signature} {key}"

    async def _find_signature(self) -> str:
        for _ in range(LOOKS):
            if stored := await self._storage.get(STORED_NAME):
                return stored
            if await self._storage.claim(STORED_NAME, self._now()):
                break
            await asyncio.sleep(PAUSE_S)
        signature = secrets.token_hex(4)
        await self._storage.set(STORED_NAME, signature, self._now())
        return signature
