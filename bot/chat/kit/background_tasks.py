"""Work that nobody waits for."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any


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
        tasks = list(self.running.values())
        if tasks and seconds:
            await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
