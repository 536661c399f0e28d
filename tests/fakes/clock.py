"""A simulator's own clock."""

import asyncio
import time
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any


class Clock:
    """Runs by itself from now on; may be set, moved forward, and stopped.

    What limits a sender never stops.
    """

    def __init__(self) -> None:
        self._ahead = time.time() - time.monotonic()
        self._stopped: float | None = None
        self._skipped = 0.0
        self._moved = asyncio.Event()

    def now(self) -> float:
        """The time that people and messages see, in seconds since 1970."""
        return time.monotonic() + self._ahead if self._stopped is None else self._stopped

    def elapsed(self) -> float:
        """Seconds for rate limits: what really passed, and what was skipped."""
        return time.monotonic() + self._skipped

    def advance(self, seconds: float) -> None:
        self._skipped += seconds
        self.set(self.now() + seconds)

    def set(self, instant: float) -> None:
        self._ahead = instant - time.monotonic()
        if self._stopped is not None:
            self._stopped = instant
        self._ring()

    def stop(self) -> None:
        self._stopped = self.now()

    def go(self) -> None:
        if self._stopped is not None:
            instant, self._stopped = self._stopped, None
            self.set(instant)

    def _ring(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def reach(self, instant: float, happened: Coroutine[Any, Any, object]) -> bool:
        """Whether it happened before the clock reached the instant."""
        waiting = asyncio.create_task(happened)
        try:
            while not waiting.done() and self.now() < instant:
                await self._pass_until(instant, waiting)
            return waiting.done()
        finally:
            waiting.cancel()

    async def _pass_until(self, instant: float, waiting: asyncio.Task[object]) -> None:
        moved = asyncio.create_task(self._moved.wait())
        left = None if self._stopped is not None else instant - self.now()
        await asyncio.wait((waiting, moved), timeout=left, return_when=asyncio.FIRST_COMPLETED)
        moved.cancel()

    def iso(self) -> str:
        return datetime.fromtimestamp(self.now(), UTC).isoformat()
