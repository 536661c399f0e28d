"""The queue of several bots: a table that all of them read, in the order of turns that one bot alone would keep."""

from collections.abc import Callable
from datetime import datetime

from bot.model.runs import WaitingRun
from bot.sandbox.bot.queue import MAX_WAITING, Ticket, check_capacity, in_turn
from bot.sandbox.protocol import RunRequest
from bot.store.runs import waiting
from bot.store.sql.database import Database, Transaction


class SharedQueue:
    """Each bot takes only what it was asked for itself, since it alone can tell its people; their places count for all."""

    def __init__(
        self, database: Database, bot: str, now: Callable[[], datetime], most: int = MAX_WAITING
    ) -> None:
        self._database, self._bot, self._now, self._most = database, bot, now, most
        self._own: dict[str, Ticket] = {}
        self._first: dict[str, Ticket] = {}

    async def join(self, ticket: Ticket) -> None:
        async with self._database.act() as tx:
            standing = await waiting.all_waiting(tx, self._now())
            beside = sum(each.community == ticket.community for each in standing)
            check_capacity(len(standing), beside, self._most)
            await waiting.mark_waiting(tx, ticket.run, self._bot)
        self._own[ticket.run] = ticket

    async def take(self, fits: Callable[[Ticket], bool]) -> Ticket | None:
        for ticket in [each for each in self._first.values() if fits(each)]:
            del self._first[ticket.run]
            return ticket
        if not any(map(fits, self._own.values())):
            return None
        async with self._database.act() as tx:
            for stand in await self._order(tx):
                own = self._own.get(stand.run)
                if own is not None and fits(own) and await waiting.take(tx, own.run, self._now()):
                    return self._own.pop(own.run)
        return None

    async def put_back(self, ticket: Ticket) -> None:
        self._first[ticket.run] = ticket

    async def leave(self, run: str) -> None:
        self._first.pop(run, None)
        if self._own.pop(run, None):
            async with self._database.act() as tx:
                await waiting.stop_waiting(tx, run)

    async def place(self, run: str) -> int:
        if run in self._first:
            return list(self._first).index(run) + 1
        async with self._database.look() as tx:
            return next(
                (place for place, each in enumerate(await self._order(tx), 1) if each.run == run), 0
            )

    async def _order(self, tx: Transaction) -> list[Ticket]:
        """Everybody's tickets, as far as they can be told: code and device are known to their own bot alone."""
        now = self._now()
        turns: dict[tuple[str, str], int] = {}
        for turn, had in enumerate(await waiting.recently_started(tx, now), 1):
            turns.update(dict.fromkeys(_ticket(had).turns, turn))
        return list(in_turn(map(_ticket, await waiting.all_waiting(tx, now)), turns))


def _ticket(stand: WaitingRun) -> Ticket:
    return Ticket(stand.run, stand.person, stand.community, RunRequest(""))
