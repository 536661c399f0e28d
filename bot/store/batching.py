"""Many small acts, one commit: what gathers while one is being written goes into the next."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

MOST = 150
"""In a storm the first batch goes on its way while the next is written."""


class Batching(Generic[Item, Outcome]):
    """`write` does a batch in one transaction and tells the outcome of each, in their order."""

    def __init__(self, write: Callable[[Sequence[Item]], Awaitable[Sequence[Outcome]]]) -> None:
        self._write = write
        self._waiting: list[tuple[Item, asyncio.Future[Outcome]]] = []
        self._writing = asyncio.Lock()

    async def add(self, item: Item) -> Outcome:
        """Its outcome, once it is written."""
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, outcome))
        while not outcome.done():
            async with self._writing:
                if not outcome.done():
                    await self._settle()
        return outcome.result()

    async def _settle(self) -> None:
        batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        try:
            await self._tell(batch)
        finally:  # whoever writes may be cancelled at any step: the others' acts go to the next of them
            self._waiting = [each for each in batch if not each[1].done()] + self._waiting

    async def _tell(self, batch: Sequence[tuple[Item, asyncio.Future[Outcome]]]) -> None:
        try:
            told = await self._write([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 (whatever it is, it reaches the one who waits)
            await self._alone(batch, error)
            return
        for (_, outcome), each in zip(batch, told, strict=True):
            outcome.set_result(each)

    async def _alone(
        self, batch: Sequence[tuple[Item, asyncio.Future[Outcome]]], error: Exception
    ) -> None:
        """One act that cannot be written must not take the others with it."""
        if len(batch) == 1:
            batch[0][1].set_exception(error)
            return
        for item, outcome in batch:
            try:
                told = await self._write([item])
            except Exception as own:  # noqa: BLE001 (as above)
                outcome.set_exception(own)
            else:
                outcome.set_result(told[0])
