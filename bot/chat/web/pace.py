"""How fast somebody may go on: a few acts at once, then a steady pace."""

import time
from collections import OrderedDict
from collections.abc import Callable

_REMEMBERED = 10_000


class Pace:
    """`burst` acts at once, refilled at `rate` a second. Whoever was not heard of for long is forgotten first."""

    def __init__(self, burst: float, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._rate, self._clock = burst, rate, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def has_left(self, who: str) -> bool:
        return self._now_left(who) >= 1

    def spend(self, who: str) -> bool:
        """Whether one more act is fine; if so it is counted."""
        left = self._now_left(who)
        self._left[who] = (max(left - 1, 0) if left >= 1 else left, self._clock())
        self._left.move_to_end(who)
        while len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)
        return left >= 1

    def _now_left(self, who: str) -> float:
        left, at = self._left.get(who, (self._burst, self._clock()))
        return min(self._burst, left + (self._clock() - at) * self._rate)
