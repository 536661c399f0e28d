"""What gathers while one batch is written goes into the next."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.store.batching import Batching

DEADLINE_S = 10


class Writer:
    """Writes when it is allowed to, and remembers in which batches."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.go = asyncio.Event()

    async def write(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        await self.go.wait()
        if 13 in items:
            raise ValueError(items)
        return [item * 2 for item in items]


async def test_what_gathers_during_a_batch_goes_into_the_next_and_each_hears_its_own() -> None:
    writer = Writer()
    together = Batching(writer.write)
    adding = [asyncio.create_task(together.add(item)) for item in range(5)]
    await asyncio.sleep(0)
    writer.go.set()
    assert await asyncio.gather(*adding) == [0, 2, 4, 6, 8]
    assert sum(map(len, writer.batches)) == 5
    assert len(writer.batches) <= 2


async def test_one_that_cannot_be_written_takes_nobody_with_it() -> None:
    writer = Writer()
    writer.go.set()
    together = Batching(writer.write)
    told = await asyncio.gather(
        *(together.add(item) for item in (1, 13, 2)), return_exceptions=True
    )
    assert (told[0], type(told[1]), told[2]) == (2, ValueError, 4)


async def test_whoever_gives_up_waiting_leaves_the_others_theirs() -> None:
    writer = Writer()
    together = Batching(writer.write)
    first, second = (asyncio.create_task(together.add(item)) for item in (1, 2))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    writer.go.set()
    assert await second == 4


class Halting(Writer):
    """Stops at one act that is written alone, until it is cancelled there."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()

    async def write(self, items: Sequence[int]) -> list[int]:
        if list(items) == [2] and not self.reached.is_set():
            self.reached.set()
            await asyncio.Event().wait()
        return await super().write(items)


async def test_whoever_is_cancelled_among_single_acts_leaves_the_others_theirs() -> None:
    """The batch failed, each is written alone, and the one who writes is gone in the middle."""
    writer = Halting()
    together = Batching(writer.write)
    adding = [asyncio.create_task(together.add(item)) for item in (1, 4, 13, 2, 3)]
    await asyncio.sleep(0)
    writer.go.set()
    async with asyncio.timeout(DEADLINE_S):
        await writer.reached.wait()
        adding[1].cancel()
        told = await asyncio.gather(*adding, return_exceptions=True)
    assert (told[0], type(told[2]), told[3], told[4]) == (2, ValueError, 4, 6)
