"""Open live rounds, kept in memory while many answer, and ended together when many finish."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.model.rounds import Round
from bot.quizmaster.rounds.access import get
from bot.store.batching import Batching
from bot.store.rounds import rounds
from bot.store.sql.database import Database

# A live round stays open at least this long, so that others can join before it closes early.
SHORTEST = timedelta(seconds=15)
MOST = 500  # Live rounds in memory. Any others are read each time.
End = tuple[Round, datetime]


class OpenRounds:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._live: dict[int, Round] = {}
        self._ends = Batching(self._end_all)

    async def get(self, round_id: int) -> Round:
        """It may have closed meanwhile: the ledger looks again."""
        if round_id in self._live:
            return self._live[round_id]
        async with self._database.look() as tx:
            found = await get(tx, round_id)
        if found.in_public and found.status == "open":
            self._live[round_id] = found
            if len(self._live) > MOST:
                self._live.pop(next(iter(self._live)))
        return found

    def forget(self, round_id: int) -> None:
        self._live.pop(round_id, None)

    async def finish(self, round_: Round, at: datetime) -> None:
        """A live round is over once all who joined have finished. A daily stays open."""
        await self._ends.add((round_, at))

    async def _end_all(self, ends: Sequence[End]) -> Sequence[None]:
        last: dict[int, End] = {}
        for round_, at in ends:
            before = last.get(round_.id, (round_, at))[1]
            last[round_.id] = round_, max(at, before)
        async with self._database.act() as tx:
            # In one order, so that two processes never wait for each other.
            for round_id, (round_, at) in sorted(last.items()):
                if round_.mode == "live":
                    earliest = round_.opened_at + SHORTEST
                    await rounds.allow_early(tx, round_id, max(at, earliest))
                elif not round_.in_public:
                    await rounds.change_status(tx, round_id, "open", "announced", closed_at=at)
        return [None] * len(ends)
