"""Discord's ids, that carry the time at which they were made."""

from tests.fakes.clock import Clock

EPOCH_MS = 1_420_070_400_000
"""The first millisecond of 2015, from which a snowflake counts."""


def written_at(snowflake: str) -> float:
    """The time in an id, in seconds since 1970."""
    return ((int(snowflake) >> 22) + EPOCH_MS) / 1000


class Snowflakes:
    """Ids in the order in which things happened, each with its time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> str:
        first = (int(self._clock.now() * 1000) - EPOCH_MS) << 22
        self._last = first if first >> 22 != self._last >> 22 else self._last + 1
        return str(self._last)
