"""The latest values by key, and rate limits."""

import asyncio
from collections import OrderedDict
from math import inf
from time import monotonic
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class RecentValues(Generic[K, V]):
    """At most `most`, the latest, each for so many seconds."""

    def __init__(self, most: int, seconds: float = inf) -> None:
        self._most = most
        self._seconds = seconds
        self._values: OrderedDict[K, tuple[V, float]] = OrderedDict()

    def get(self, key: K) -> V | None:
        value, until = self._values.get(key, (None, 0.0))
        return value if until > monotonic() else None

    def __setitem__(self, key: K, value: V) -> None:
        self._values[key] = value, monotonic() + self._seconds
        self._values.move_to_end(key)
        if len(self._values) > self._most:
            self._values.popitem(last=False)

    def pop(self, key: K) -> None:
        self._values.pop(key, None)


class SeenKeys:
    def __init__(self, most: int) -> None:
        self._keys: RecentValues[str, bool] = RecentValues(most)

    def is_new(self, key: str) -> bool:
        if self._keys.get(key):
            return False
        self._keys[key] = True
        return True


class TokenBuckets:
    """`rate`: tokens a second. Each key has a bucket of `most`."""

    def __init__(self, rate: float, most: float) -> None:
        self._rate = rate
        self._most = most
        self._buckets: RecentValues[str, tuple[float, float]] = RecentValues(10_000)

    async def spend(self, key: str, *, at_once: bool = False) -> None:
        """A token taken at once is missing to those who wait."""
        now = monotonic()
        tokens, filled_at = self._buckets.get(key) or (self._most, now)
        tokens = min(self._most, tokens + (now - filled_at) * self._rate) - 1
        self._buckets[key] = tokens, now
        if tokens < 0 and not at_once:
            await asyncio.sleep(-tokens / self._rate)
