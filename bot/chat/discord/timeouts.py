"""Timeouts and rate limits, in seconds."""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    # Discord waits for 3 s.
    acknowledge: float = 1.8
    settling: float = 4.0  # how long a bot that was just replaced may still be posting
    first_pause: float = 1.0  # doubles with each connection, up to `longest_pause`
    longest_pause: float = 60.0
    # Discord allows one new gateway session in this time.
    identify: float = 5.0
    login: float = 8.0  # how long a post waits for the login
    # Answers under way get this long when the bot stops.
    shutdown: float = 2.0


class DeliveryLag:
    """How much later than usual a click came, by clocks that differ."""

    # The usual grows by at most this with each click: clocks drift.
    DRIFT = 0.001
    # A click that is later is not worth hurrying for.
    LONGEST = 3.0

    _usual: float | None = None

    def of(self, took: float) -> float:
        usual = took if self._usual is None else min(took, self._usual + self.DRIFT)
        self._usual = usual
        lag = took - usual
        return lag if lag < self.LONGEST else 0.0


class SlidingWindow:
    def __init__(self, most: int, seconds: float) -> None:
        self._seconds = seconds
        self._times: deque[float] = deque(maxlen=most)

    def spend(self, now: float) -> bool:
        if len(self._times) == self._times.maxlen and now - self._times[0] < self._seconds:
            return False
        self._times.append(now)
        return True
