"""Rounds that stand open: found again quickly while many answer, and ended together when many finish."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.errors import UserError
from bot.model.rounds import Round
from bot.store.batching import Batching
from bot.store.rounds import closing, rounds
from bot.store.sql.database import Database, Transaction

FLOOR = timedelta(seconds=15)
"""A live round stays open at least this long, so that others can join before it closes early."""
MANY = 500
"""Live rounds that are remembered; what is more is looked up again."""
End = tuple[Round, datetime]


class OpenRounds:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._live: dict[int, Round] = {}
        self._finishing = Batching(self._finish)

    async def find(self, round_id: int) -> Round:
        """A round to answer. An open live one is remembered: whether it is open still, the ledger knows."""
        if round_id in self._live:
            return self._live[round_id]
        async with self._database.look() as tx:
            asked = await get(tx, round_id)
        if asked.in_public and asked.status == "open":
            self._live[round_id] = asked
            if len(self._live) > MANY:
                self._live.pop(next(iter(self._live)))
        return asked

    def forget(self, round_id: int) -> None:
        self._live.pop(round_id, None)

    async def finish(self, asked: Round, at: datetime) -> None:
        """A member has finished: their own round is over; a live one is, once everyone who joined has finished.

        A daily stays open for those who come later.
        """
        await self._finishing.add((asked, at))

    async def _finish(self, ends: Sequence[End]) -> Sequence[None]:
        last: dict[int, End] = {}
        for asked, at in ends:
            last[asked.id] = asked, max(at, last[asked.id][1] if asked.id in last else at)
        async with self._database.act() as tx:
            for round_id, (asked, at) in sorted(
                last.items()
            ):  # in one order, so two processes never wait in a ring
                if asked.mode == "live":
                    await closing.allow_early(tx, round_id, max(at, asked.opened_at + FLOOR))
                elif not asked.in_public:
                    await rounds.change_status(tx, round_id, "open", "announced", closed_at=at)
        return [None] * len(ends)


async def get(tx: Transaction, round_id: int) -> Round:
    found = await rounds.find(tx, round_id)
    if found is None or found.status == "void":
        raise UserError("That question is no longer there. `/challenge` asks a new one.")
    return found
