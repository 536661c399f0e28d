"""What the world of every simulator has: a clock, and who waits for a change."""

import asyncio

from tests.fakes.clock import Clock


class SimulatedWorld:
    def __init__(self, clock: Clock, address: str) -> None:
        self.clock = clock
        self.address = address
        self.version = 0
        self._changed = asyncio.Event()

    def touch(self) -> None:
        """Something changed."""
        self.version += 1
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def changed(self, version: int) -> None:
        """Return once the world is newer than this version."""
        while self.version <= version:
            await self._changed.wait()
