"""Timeouts, how late clicks arrive, and a rate limit. All in seconds."""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    acknowledge: float = 1.8
    """A click that has no answer by then is acknowledged. Discord waits for 3 s."""
    settling: float = 4.0
    """How long a bot that was just replaced may still be posting."""
    first_pause: float = 1.0
    """Between two connections. It doubles each time, up to `longest_pause`."""
    longest_pause: float = 60.0
    identify: float = 5.0
    """Discord allows one new gateway session in this time."""
    login: float = 8.0
    """Whoever wants to post waits this long for the login."""
    shutdown: float = 2.0
    """Answers under way get this long to finish when the bot stops."""


class DeliveryLag:
    """How much longer than usual a click took to arrive, without a clock that Discord shares."""

    DRIFT = 0.001
    """The usual grows by at most this with each click, since clocks drift."""
    LONGEST = 3.0
    """A click that is later than this is not worth hurrying for."""

    def __init__(self) -> None:
        self._usual: float | None = None

    def of(self, took: float) -> float:
        usual = took if self._usual is None else min(took, self._usual + self.DRIFT)
        self._usual = usual
        lag = took - usual
        return lag if lag < self.LONGEST else 0.0


class SlidingWindow:
    """At most so many acts within any so many seconds."""

    def __init__(self, most: int, seconds: float) -> None:
        self._seconds = seconds
        self._times: deque[float] = deque(maxlen=most)

    def spend(self, now: float) -> bool:
        """Whether one more act is allowed; if so, it is counted."""
        if len(self._times) == self._times.maxlen and now - self._times[0] < self._seconds:
            return False
        self._times.append(now)
        return True
