"""The editor of public counters: many changes, few edits, the latest one wins."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


class CounterEdits:
    """Redraws what was touched, each thing at most once in `pause` seconds."""

    def __init__(self, redraw: Callable[[int], Awaitable[None]], pause: float = 2.0) -> None:
        self._redraw = redraw
        self._pause = pause
        self._touched: set[int] = set()
        self._waiting = asyncio.Event()

    def touch(self, round_id: int) -> None:
        self._touched.add(round_id)
        self._waiting.set()

    async def run(self) -> None:
        while True:
            await self._waiting.wait()
            self._waiting.clear()
            touched, self._touched = self._touched, set()
            await asyncio.gather(*map(self._draw, sorted(touched)))
            await asyncio.sleep(self._pause)

    async def _draw(self, round_id: int) -> None:
        try:
            await self._redraw(round_id)
        except Exception:
            log.exception(
                "the counter of round %s could not be redrawn; its next answer tries again",
                round_id,
            )
