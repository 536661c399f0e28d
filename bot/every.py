"""Work that is done again and again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NoReturn

log = logging.getLogger(__name__)


async def every(seconds: float, work: Callable[[], Awaitable[object]]) -> NoReturn:
    """A failure is only logged."""
    while True:
        try:
            await work()
        except Exception:
            # Not the method itself: its repr shows all that its object holds.
            name = getattr(work, "__qualname__", type(work).__name__)
            log.exception("%s failed; it is tried again in %s s", name, seconds)
        await asyncio.sleep(seconds)
