"""Trying again."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import NoReturn, TypeVar

Result = TypeVar("Result")


async def retried(
    work: Callable[[], Awaitable[Result]], pauses: Sequence[float], *failures: type[Exception]
) -> Result:
    for pause in pauses:
        try:
            return await work()
        except failures:
            await asyncio.sleep(pause)
    return await work()


async def reconnecting(
    connection: Callable[[], Awaitable[object]], first_s: float, longest_s: float
) -> NoReturn:
    """A pause doubles unless the last connection lived long."""
    clock = asyncio.get_running_loop().time
    pause = first_s
    while True:
        began = clock()
        await connection()
        if clock() - began > longest_s:
            pause = first_s
        await asyncio.sleep(pause * random.uniform(0.8, 1.2))
        pause = min(2 * pause, longest_s)
