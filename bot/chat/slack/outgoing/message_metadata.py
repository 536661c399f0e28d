"""Message metadata by which the bot recognises what it posted itself."""

import asyncio
import secrets
from dataclasses import dataclass

from bot.chat.slack.core import Core

STORED_NAME = "signature"
LOOKS = 20
PAUSE_S = 0.05
"""Another process that starts now may be about to store the signature."""


@dataclass
class MessageKeys:
    """A bot with another database counts its rounds anew, so each key carries a signature."""

    _core: Core

    def __post_init__(self) -> None:
        self._signature = ""

    async def sign(self, key: str) -> str:
        self._signature = self._signature or await self._find_signature()
        return f"{self._signature} {key}"

    async def _find_signature(self) -> str:
        for _ in range(LOOKS):
            if stored := await self._core.storage.get(STORED_NAME):
                return stored
            if await self._core.storage.claim(STORED_NAME, self._core.now()):
                break
            await asyncio.sleep(PAUSE_S)
        signature = secrets.token_hex(4)
        await self._core.storage.set(STORED_NAME, signature, self._core.now())
        return signature
