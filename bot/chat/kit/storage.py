"""Storage of adapters, and the clicks kept in it."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
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


class PendingAcks:
    """`life`: how long a click can be answered."""

    def __init__(
        self, prefix: str, life: timedelta, storage: Storage, now: Callable[[], datetime]
    ) -> None:
        self._prefix = prefix
        self._life = life
        self._storage = storage
        self._now = now

    async def add(self, act: str, payload: Mapping[str, Any]) -> None:
        """Call this before the click is acknowledged."""
        try:
            # Platforms give a click 3 s: slower storage is not waited for.
            async with asyncio.timeout(0.5):
                await self._storage.set(self._prefix + act, json.dumps(payload), self._now())
        except TimeoutError:
            _log.warning("storage is slow: a click is acknowledged without being kept")

    async def remove(self, act: str) -> None:
        await self._storage.delete(self._prefix + act)

    async def unanswered(self) -> Sequence[dict[str, Any]]:
        payloads = []
        oldest = self._now() - self._life
        for key, payload, at in await self._storage.with_prefix(self._prefix):
            if at > oldest:
                payloads.append(json.loads(payload))
            else:
                await self._storage.delete(key)
        return payloads
