"""The ledger of answers: whatever waits is decided and written in one transaction, then acknowledged."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.errors import UserError
from bot.model.people import Player
from bot.model.rounds import Refusal
from bot.store import links, people
from bot.store.rounds.batch import Batch
from bot.store.rounds.submissions import (
    Decision,
    RecordedAttempt,
    SittingState,
    Submission,
    SubmissionOutcome,
)
from bot.store.sql.database import Database, Transaction

BATCH = 2048


WAITING = 20_000


log = logging.getLogger(__name__)


Waiting = tuple[Submission, "asyncio.Future[SubmissionOutcome]"]


class Ledger:
    """One writer. What gathers while it commits goes into the next commit, so no answer waits for a timer."""

    def __init__(self, database: Database, recorded: Callable[[], None]) -> None:
        self._database = database
        self._recorded = recorded
        self._waiting: list[Waiting] = []
        self._come = asyncio.Event()

    async def submit(self, entry: Submission) -> SubmissionOutcome:
        """The outcome, once it is safe on disk."""
        if len(self._waiting) >= WAITING:
            raise UserError(
                "Very many answers are coming in at once. Your answer was not taken: press again."
            )
        future: asyncio.Future[SubmissionOutcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, future))
        self._come.set()
        return await future

    async def run(self) -> None:
        while True:
            await self._settle(await self._gather())

    async def _gather(self) -> list[Waiting]:
        await self._come.wait()
        batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        if not self._waiting:
            self._come.clear()
        return batch

    async def _settle(self, batch: Sequence[Waiting]) -> None:
        """Write the batch; one that fails is halved until the answer that fails stands alone."""
        try:
            async with self._database.act() as tx:
                outcomes = await record(tx, [entry for entry, _ in batch])
        except Exception as error:  # noqa: BLE001 (whatever it is, it reaches the one who waits)
            await self._halve(batch, error)
            return
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if not future.done():
                future.set_result(outcome)
        self._recorded()

    async def _halve(self, batch: Sequence[Waiting], error: Exception) -> None:
        if len(batch) > 1:
            middle = len(batch) // 2
            await self._settle(batch[:middle])
            await self._settle(batch[middle:])
        elif not batch[0][1].done():
            batch[0][1].set_exception(error)


async def record(tx: Transaction, entries: Sequence[Submission]) -> list[SubmissionOutcome]:
    """Decide the entries in their order and write what was decided."""
    page = Batch()
    entries = await _by_kept(tx, entries)
    await page.read(tx, entries)
    outcomes = [page.settle(entry) for entry in entries]
    counted = await page.write(tx)
    return [
        replace(outcome, counted_day=counted[entry.act])
        if isinstance(outcome, RecordedAttempt) and entry.act in counted
        else outcome
        for entry, outcome in zip(entries, outcomes, strict=True)
    ]


async def _by_kept(tx: Transaction, entries: Sequence[Submission]) -> Sequence[Submission]:
    """The entries of members who were linked meanwhile become those of the one they are, and go by that calendar."""
    kept = await links.lock_joined(tx, (entry.player_id for entry in entries))
    whole = {each: await people.get(tx, each) for each in set(kept.values())}
    return [
        _of(entry, whole[kept[entry.player_id]]) if entry.player_id in kept else entry
        for entry in entries
    ]


def _of(entry: Submission, player: Player) -> Submission:
    def decide(standing: SittingState) -> Decision | Refusal:
        decision = entry.decide(standing)
        if isinstance(decision, Refusal) or not decision.days or entry.countable is None:
            return decision
        return replace(decision, days=entry.countable(player, entry.at))

    return replace(entry, player_id=player.id, decide=decide)
