"""Many small writes in one commit."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

MOST_IN_BATCH = 150


class Batching(Generic[Item, Outcome]):
    def __init__(self, write: Callable[[Sequence[Item]], Awaitable[Sequence[Outcome]]]) -> None:
        self._write = write
        self._waiting: list[tuple[Item, asyncio.Future[Outcome]]] = []
        self._writing = asyncio.Lock()

    async def add(self, item: Item) -> Outcome:
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, outcome))
        while not outcome.done():
            async with self._writing:
                if not outcome.done():
                    await self._write_batch()
        return outcome.result()

    async def _write_batch(self) -> None:
        batch, self._waiting = self._waiting[:MOST_IN_BATCH], self._waiting[MOST_IN_BATCH:]
        try:
            await self._write_and_resolve(batch)
        finally:
            # The one who writes may be cancelled at any step: the next one writes for the others.
            self._waiting = [waiting for waiting in batch if not waiting[1].done()] + self._waiting

    async def _write_and_resolve(
        self, batch: Sequence[tuple[Item, asyncio.Future[Outcome]]]
    ) -> None:
        try:
            results = await self._write([item for item, _ in batch])
        except Exception as error:
            await self._write_one_by_one(batch, error)
            return
        for (_, outcome), result in zip(batch, results, strict=True):
            outcome.set_result(result)

    async def _write_one_by_one(
        self, batch: Sequence[tuple[Item, asyncio.Future[Outcome]]], error: Exception
    ) -> None:
        """One item that cannot be written must not fail the others."""
        if len(batch) == 1:
            batch[0][1].set_exception(error)
            return
        for item, outcome in batch:
            try:
                (result,) = await self._write([item])
            except Exception as own:
                outcome.set_exception(own)
            else:
                outcome.set_result(result)
