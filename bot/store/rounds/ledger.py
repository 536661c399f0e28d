"""The ledger: answers that wait are written in one transaction."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.errors import UserError
from bot.model.people import Player
from bot.model.rounds import Refusal
from bot.store import links, people
from bot.store.rounds.answer_batch import AnswerBatch
from bot.store.rounds.submissions import (
    Decision,
    RecordedAttempt,
    SittingState,
    Submission,
    SubmissionOutcome,
)
from bot.store.sql.database import Database, Transaction

MOST_IN_BATCH = 2048
MOST_WAITING = 20_000
Waiting = tuple[Submission, "asyncio.Future[SubmissionOutcome]"]


class Ledger:
    """What gathers during one commit goes into the next, without a timer."""

    def __init__(self, database: Database, recorded: Callable[[], None]) -> None:
        self._database = database
        self._recorded = recorded
        self._waiting: list[Waiting] = []
        self._arrived = asyncio.Event()

    async def submit(self, submission: Submission) -> SubmissionOutcome:
        if len(self._waiting) >= MOST_WAITING:
            raise UserError("too_many_answers_at_once")
        future: asyncio.Future[SubmissionOutcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((submission, future))
        self._arrived.set()
        return await future

    async def run(self) -> None:
        while True:
            await self._arrived.wait()
            batch = self._waiting[:MOST_IN_BATCH]
            del self._waiting[:MOST_IN_BATCH]
            if not self._waiting:
                self._arrived.clear()
            await self._write(batch)

    async def _write(self, batch: Sequence[Waiting]) -> None:
        try:
            async with self._database.transaction() as tx:
                outcomes = await record(tx, [submission for submission, _ in batch])
        except Exception as error:
            await self._write_halves(batch, error)
            return
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if not future.done():
                future.set_result(outcome)
        self._recorded()

    async def _write_halves(self, batch: Sequence[Waiting], error: Exception) -> None:
        """Until the answer that fails is alone."""
        if len(batch) > 1:
            middle = len(batch) // 2
            await self._write(batch[:middle])
            await self._write(batch[middle:])
        elif not batch[0][1].done():
            batch[0][1].set_exception(error)


async def record(tx: Transaction, submissions: Sequence[Submission]) -> list[SubmissionOutcome]:
    batch = AnswerBatch()
    submissions = await _by_current_player(tx, submissions)
    await batch.read(tx, submissions)
    outcomes = [batch.decide(submission) for submission in submissions]
    days = await batch.write(tx)
    return [
        replace(outcome, counted_day=days[submission.act])
        if isinstance(outcome, RecordedAttempt) and submission.act in days
        else outcome
        for submission, outcome in zip(submissions, outcomes, strict=True)
    ]


async def _by_current_player(
    tx: Transaction, submissions: Sequence[Submission]
) -> Sequence[Submission]:
    joined = await links.lock_current_ids(tx, (submission.player_id for submission in submissions))
    current = {player_id: await people.get(tx, joined[player_id]) for player_id in joined}
    return [
        _of_player(submission, current[submission.player_id])
        if submission.player_id in current
        else submission
        for submission in submissions
    ]


def _of_player(submission: Submission, player: Player) -> Submission:
    def decide(state: SittingState) -> Decision | Refusal:
        decision = submission.decide(state)
        if isinstance(decision, Refusal) or not decision.days or submission.countable is None:
            return decision
        return replace(decision, days=submission.countable(player, submission.at))

    return replace(submission, player_id=player.id, decide=decide)
