"""How long things are waited for, in seconds, and how often they may be done."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    patience: float = 1.8
    """After so long without an answer a click is acknowledged, and the answer comes when it is there."""
    settling: float = 4.0
    """Another process may take so long to say what it had begun to say."""
    apart: float = 3.0
    """Between two changes of one message."""
    between: float = 1.0
    """The first pause between two connections; each one after it is twice as long, up to `longest`."""
    longest: float = 60.0
    look: float = 5.0
    """Between two looks at whether the connection is alive."""
    silent: float = 60.0
    """A connection that has said nothing for so long is given up."""
    ping: float = 5.0
    login: float = 8.0
    """Whoever has something to say waits so long for the bot to be known to Slack."""
    known: float = 300.0
    """For so long it is remembered who looks after a workspace, and what its token is."""
    names: float = 6 * 3600.0
    """For so long it is remembered what members are called."""
    home: float = 3600.0
    """A home that was opened so long ago is renewed no more."""
    last_words: float = 2.0
    """Answers under way get so long to finish when the bot stops."""


class TokenBucket:
    """A bucket that fills by `rate` a second up to `most`: whoever takes from it waits until something is there."""

    def __init__(self, rate: float, most: float) -> None:
        self._rate, self._most = rate, most
        self._left, self._at = most, 0.0

    async def spend(self, *, at_once: bool = False) -> None:
        """What is taken at once is missing to those who wait."""
        clock = asyncio.get_running_loop().time
        self._fill(clock())
        self._left -= 1
        if self._left < 0 and not at_once:
            await asyncio.sleep(-self._left / self._rate)

    def _fill(self, now: float) -> None:
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now


class SeenEvents:
    """The last so many names that were heard, to know a repeat by."""

    def __init__(self, most: int) -> None:
        self._names: OrderedDict[str, None] = OrderedDict()
        self._most = most

    def is_new(self, name: str) -> bool:
        if name in self._names:
            return False
        self._names[name] = None
        if len(self._names) > self._most:
            self._names.popitem(last=False)
        return True
