"""Storage of adapters, and the clicks kept in it."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

_log = logging.getLogger(__name__)


class Storage(Protocol):
    async def get(self, key: str) -> str | None: ...

    async def set(self, key: str, value: str, at: datetime) -> None: ...

    async def delete(self, key: str) -> None: ...

    async def claim(self, key: str, at: datetime) -> bool:
        """Whether the key was new: one of several callers wins."""

    async def with_prefix(self, prefix: str) -> Sequence[tuple[str, str, datetime]]:
        """Key, value and time, the oldest first."""

    async def delete_claims(self, before: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class PendingAcks:
    prefix: str
    life: timedelta  # how long a click can be answered
    storage: Storage
    now: Callable[[], datetime]

    async def add(self, act: str, payload: Mapping[str, Any]) -> None:
        """Call this before the click is acknowledged."""
        try:
            # Platforms give a click 3 s: slower storage is not waited for.
            async with asyncio.timeout(0.5):
                await self.storage.set(self.prefix + act, json.dumps(payload), self.now())
        except TimeoutError:
            _log.warning("storage is slow: a click is acknowledged without being kept")

    async def remove(self, act: str) -> None:
        await self.storage.delete(self.prefix + act)

    async def unanswered(self) -> Sequence[dict[str, Any]]:
        payloads = []
        oldest = self.now() - self.life
        for key, payload, at in await self.storage.with_prefix(self.prefix):
            if at > oldest:
                payloads.append(json.loads(payload))
            else:
                await self.storage.delete(key)
        return payloads
