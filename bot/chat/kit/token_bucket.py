"""A rate limit that is waited for."""

import asyncio


class TokenBucket:
    """Fills with `rate` tokens a second, up to `most`."""

    def __init__(self, rate: float, most: float) -> None:
        self._rate = rate
        self._most = most
        self._tokens = most
        self._filled_at = 0.0

    async def spend(self, *, at_once: bool = False) -> None:
        """Waits for a token. A token taken at once is missing to those who wait."""
        now = asyncio.get_running_loop().time()
        self._tokens = min(self._most, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
        self._tokens -= 1
        if self._tokens < 0 and not at_once:
            await asyncio.sleep(-self._tokens / self._rate)
