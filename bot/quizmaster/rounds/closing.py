"""Rounds are closed when their time is over."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model.rounds import Attempt, Round, RoundResult
from bot.quizmaster.core import Core
from bot.quizmaster.packs import Packs
from bot.quizmaster.rounds.access import GRACE, get
from bot.store import links, people
from bot.store.batching import Batching
from bot.store.rounds import rounds, sittings
from bot.store.sql.database import Database

# A live round stays open at least this long, so that others can join before it closes early.
SHORTEST = timedelta(seconds=15)
MOST = 500  # Live rounds in memory. Any others are read each time.
End = tuple[Round, datetime]
AT_ONCE = 200  # Rounds that are closed in one transaction.


class OpenRounds:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._live: dict[int, Round] = {}
        self._ends = Batching(self._end_all)

    async def get(self, round_id: int) -> Round:
        """The round may have closed since it was read: the ledger looks again."""
        if round_id in self._live:
            return self._live[round_id]
        async with self._database.reading() as tx:
            found = await get(tx, round_id)
        if found.in_public and found.status == "open":
            self._live[round_id] = found
            if len(self._live) > MOST:
                self._live.pop(next(iter(self._live)))
        return found

    def forget(self, round_id: int) -> None:
        self._live.pop(round_id, None)

    async def close_early(self, round_: Round, at: datetime) -> None:
        """A live round is over once all who joined have finished. A daily stays open."""
        await self._ends.add((round_, at))

    async def _end_all(self, ends: Sequence[End]) -> Sequence[None]:
        last: dict[int, End] = {}
        for round_, at in ends:
            before = last.get(round_.id, (round_, at))[1]
            last[round_.id] = round_, max(at, before)
        async with self._database.transaction() as tx:
            # In one order, so that two processes never wait for each other.
            for round_id, (round_, at) in sorted(last.items()):
                if round_.mode == "live":
                    earliest = round_.opened_at + SHORTEST
                    await rounds.allow_early_close(tx, round_id, max(at, earliest))
                elif not round_.in_public:
                    await rounds.change_status(tx, round_id, "open", "announced", closed_at=at)
        return [None] * len(ends)


@dataclass(frozen=True, slots=True)
class Closing:
    core: Core
    open_rounds: OpenRounds
    packs: Packs

    async def next_due(self) -> datetime | None:
        async with self.core.reading() as tx:
            return await rounds.next_closing_time(tx, GRACE)

    async def close_due(self, now: datetime, but: Collection[int] = ()) -> list[Round]:
        """Returns rounds whose end is not shown yet, except dailies. `but` stay open for now."""
        async with self.core.reading() as tx:
            due = [each for each in await rounds.ready_to_close(tx, now, GRACE) if each not in but]
        for start in range(0, len(due), AT_ONCE):
            async with self.core.transaction() as tx:
                await rounds.close(tx, due[start : start + AT_ONCE], now, GRACE)
        async with self.core.reading() as tx:
            return await rounds.left_in_status(tx, "closed")

    async def mark_announced(self, round_: Round, now: datetime) -> None:
        self.open_rounds.forget(round_.id)
        async with self.core.transaction() as tx:
            await rounds.change_status(tx, round_.id, "closed", "announced")
        if round_.take_id is not None:
            await self.packs.finish_if_done(round_.take_id, now)

    async def result(self, round_: Round) -> RoundResult:
        """Linked members count as one."""
        async with self.core.reading() as tx:
            took_part = await sittings.of_participants(tx, [round_.id])
            answers = await sittings.attempts_in(tx, [round_.id])
            players = {sitting.player_id for sitting in took_part}
            players |= {answer.player_id for answer in answers}
            current = await links.current_ids(tx, players)
            first = next((answer for answer in answers if answer.share == 1), None)
            return RoundResult(
                round_,
                joined=len({current[sitting.player_id] for sitting in took_part}),
                solved=len({current[sitting.player_id] for sitting in took_part if sitting.solved}),
                chosen=_chosen(answers),
                first=await people.get(tx, current[first.player_id]) if first else None,
                first_after=first.at - round_.opened_at if first else None,
            )


def _chosen(answers: Sequence[Attempt]) -> Counter[str]:
    last = {given.player_id: given.answer for given in answers}
    return Counter(letter for answer in last.values() for letter in answer)
