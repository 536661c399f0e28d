"""Rate limits that are waited for."""

import asyncio
from time import monotonic

from bot.chat.kit.recent_values import RecentValues

MOST_KEYS = 10_000


class TokenBuckets:
    """`rate`: tokens a second. Each key has a bucket of `most`."""

    def __init__(self, rate: float, most: float) -> None:
        self._rate = rate
        self._most = most
        self._buckets: RecentValues[str, tuple[float, float]] = RecentValues(MOST_KEYS)

    async def spend(self, key: str, *, at_once: bool = False) -> None:
        """A token taken at once is missing to those who wait."""
        now = monotonic()
        tokens, filled_at = self._buckets.get(key) or (self._most, now)
        tokens = min(self._most, tokens + (now - filled_at) * self._rate) - 1
        self._buckets[key] = tokens, now
        if tokens < 0 and not at_once:
            await asyncio.sleep(-tokens / self._rate)
