"""Limits for each person or IP address."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.chat.kit.limits import RecentValues

_REMEMBERED = 10_000


@dataclass
class RateLimit:
    """`burst` acts at once, refilled at `rate` a second."""

    burst: float
    rate: float
    clock: Callable[[], float] = time.monotonic
    _left: RecentValues[str, tuple[float, float]] = field(
        default_factory=lambda: RecentValues(_REMEMBERED)
    )

    def has_left(self, who: str) -> bool:
        return self._left_now(who) >= 1

    def spend(self, who: str) -> float:
        """The seconds that this act has to wait for its turn."""
        left = self._left_now(who) - 1
        self._left[who] = left, self.clock()
        return max(0.0, -left / self.rate)

    def _left_now(self, who: str) -> float:
        now = self.clock()
        left, at = self._left.get(who) or (self.burst, now)
        return min(self.burst, left + (now - at) * self.rate)
