"""Limits for each person or IP address."""

import time
from collections.abc import Callable

from bot.chat.kit.recent_values import RecentValues

_REMEMBERED = 10_000


class RateLimit:
    """`burst` acts at once, refilled at `rate` a second."""

    def __init__(
        self, burst: float, rate: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._rate = rate
        self._clock = clock
        self._left: RecentValues[str, tuple[float, float]] = RecentValues(_REMEMBERED)

    def has_left(self, who: str) -> bool:
        return self._left_now(who) >= 1

    def spend(self, who: str) -> float:
        """Counts one more act: the seconds it has to wait for its turn."""
        left = self._left_now(who) - 1
        self._left[who] = left, self._clock()
        return max(0.0, -left / self._rate)

    def _left_now(self, who: str) -> float:
        now = self._clock()
        left, at = self._left.get(who) or (self._burst, now)
        return min(self._burst, left + (now - at) * self._rate)
