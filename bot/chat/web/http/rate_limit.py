"""How fast somebody may go on, and how much they may have at once."""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable

_REMEMBERED = 10_000


class RateLimit:
    """`burst` acts at once, refilled at `rate` a second. Whoever was not heard of for long is forgotten first."""

    def __init__(
        self, burst: float, rate: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst, self._rate, self._clock = burst, rate, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def has_left(self, who: str) -> bool:
        return self._now_left(who) >= 1

    def spend(self, who: str) -> bool:
        """Whether one more act is fine; if so it is counted."""
        left = self._now_left(who)
        self._note(who, left - 1 if left >= 1 else left)
        return left >= 1

    def delay(self, who: str) -> float:
        """Counts one more act in any case: the seconds it has to wait for its turn."""
        left = self._now_left(who) - 1
        self._note(who, left)
        return max(0.0, -left / self._rate)

    def _note(self, who: str, left: float) -> None:
        self._left[who] = (left, self._clock())
        self._left.move_to_end(who)
        while len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)

    def _now_left(self, who: str) -> float:
        left, at = self._left.get(who, (self._burst, self._clock()))
        return min(self._burst, left + (self._clock() - at) * self._rate)


class CountLimit:
    """At most so many of something at once for each."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._has: Counter[str] = Counter()

    def has_room(self, who: str) -> bool:
        return self._has[who] < self._most

    def take(self, who: str) -> None:
        self._has[who] += 1

    def give_back(self, who: str) -> None:
        self._has[who] -= 1
        if not self._has[who]:
            del self._has[who]
