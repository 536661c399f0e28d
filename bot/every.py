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
            log.exception("%s failed; it is tried again in %s s", work, seconds)
        await asyncio.sleep(seconds)
