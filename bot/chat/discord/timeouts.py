"""How long things are waited for, in seconds."""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    patience: float = 1.8
    """After so long without an answer a click is acknowledged, and the answer comes when it is there."""
    settling: float = 4.0
    """Another process may take so long to say what it had begun to say."""
    between: float = 1.0
    """The first pause between two connections; each one after it is twice as long, up to `longest`."""
    longest: float = 60.0
    apart: float = 5.0
    """Discord takes one new session in this time."""
    login: float = 8.0
    """Whoever has something to say waits so long for the bot to be logged in."""
    last_words: float = 2.0
    """Answers under way get so long to finish when the bot stops."""


class ClockLag:
    """How much longer than usual clicks take to get here, in seconds, though no clock agrees with Discord's."""

    def __init__(self) -> None:
        self._usual: float | None = None

    def of(self, took: float) -> float:
        usual = took if self._usual is None else min(took, self._usual + FORGOTTEN)
        self._usual = usual
        return took - usual if took - usual < LONGEST else 0.0


FORGOTTEN = 0.001
"""Seconds by which the usual may grow with each click, as clocks drift."""
LONGEST = 3.0
"""More than this is no lag: by then nobody waits for an answer."""


class LookAllowance:
    """So many in so many seconds, and no more: whatever is done as a kindness must not become a storm."""

    def __init__(self, most: int, seconds: float) -> None:
        self._seconds = seconds
        self._spent: deque[float] = deque(maxlen=most)

    def spend(self, now: float) -> bool:
        if len(self._spent) == self._spent.maxlen and now - self._spent[0] < self._seconds:
            return False
        self._spent.append(now)
        return True
