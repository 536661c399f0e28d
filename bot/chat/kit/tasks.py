"""Background tasks, and work that is tried again."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, NoReturn, TypeVar

Result = TypeVar("Result")
log = logging.getLogger(__name__)


class BackgroundTasks:
    def __init__(self) -> None:
        self.running: dict[object, asyncio.Task[Any]] = {}

    def start(self, work: Coroutine[Any, Any, Any], key: object = None) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        name = task if key is None else key
        self.running[name] = task

        def forget(_: object) -> None:
            if self.running.get(name) is task:
                del self.running[name]

        task.add_done_callback(forget)
        return task

    def is_running(self, key: object) -> bool:
        return key in self.running and not self.running[key].done()

    async def track(self, work: Awaitable[object]) -> None:
        """The current task counts as one of these meanwhile."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 (for the type checker)
        self.running[task] = task
        try:
            await work
        finally:
            del self.running[task]

    async def close(self, seconds: float = 0) -> None:
        if self.running and seconds:
            await asyncio.wait(list(self.running.values()), timeout=seconds)
        tasks = list(self.running.values())  # with those that were begun meanwhile
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def retried(
    work: Callable[[], Awaitable[Result]], pauses: Sequence[float], *failures: type[Exception]
) -> Result:
    for pause in pauses:
        try:
            return await work()
        except failures as error:
            log.info("%s; tried again in %s s", type(error).__name__, pause)
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
