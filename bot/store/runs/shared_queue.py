"""The queue of several bots: a table that all of them read, in the order one bot would keep."""

from collections.abc import Callable
from datetime import datetime

from bot.model.runs import WaitingRun
from bot.sandbox.bot.queue import MAX_WAITING, Ticket, check_capacity, in_turn
from bot.sandbox.protocol import RunRequest
from bot.store.runs import waiting
from bot.store.sql.database import Database, Transaction


class SharedQueue:
    """A bot takes only its own runs, since it alone can answer; their places count for all."""

    def __init__(
        self, database: Database, bot: str, now: Callable[[], datetime], most: int = MAX_WAITING
    ) -> None:
        self._database = database
        self._bot = bot
        self._now = now
        self._most = most
        self._own: dict[str, Ticket] = {}
        self._put_back: dict[str, Ticket] = {}

    async def join(self, ticket: Ticket) -> None:
        async with self._database.act() as tx:
            everyone = await waiting.all_waiting(tx, self._now())
            of_community = sum(run.community == ticket.community for run in everyone)
            check_capacity(len(everyone), of_community, self._most)
            await waiting.mark_waiting(tx, ticket.run, self._bot)
        self._own[ticket.run] = ticket

    async def take(self, fits: Callable[[Ticket], bool]) -> Ticket | None:
        for ticket in self._put_back.values():
            if fits(ticket):
                return self._put_back.pop(ticket.run)
        if not any(map(fits, self._own.values())):
            return None
        async with self._database.act() as tx:
            for next_ticket in await self._order(tx):
                own = self._own.get(next_ticket.run)
                if own is not None and fits(own) and await waiting.take(tx, own.run, self._now()):
                    return self._own.pop(own.run)
        return None

    async def put_back(self, ticket: Ticket) -> None:
        self._put_back[ticket.run] = ticket

    async def leave(self, run: str) -> None:
        self._put_back.pop(run, None)
        if self._own.pop(run, None):
            async with self._database.act() as tx:
                await waiting.stop_waiting(tx, run)

    async def place(self, run: str) -> int:
        if run in self._put_back:
            return list(self._put_back).index(run) + 1
        async with self._database.look() as tx:
            order = [ticket.run for ticket in await self._order(tx)]
        return order.index(run) + 1 if run in order else 0

    async def _order(self, tx: Transaction) -> list[Ticket]:
        """Without the requests, which their own bot alone knows."""
        now = self._now()
        turns: dict[tuple[str, str], int] = {}
        for turn, run in enumerate(await waiting.recently_started(tx, now), 1):
            turns.update(dict.fromkeys(_ticket(run).turns, turn))
        return list(in_turn(map(_ticket, await waiting.all_waiting(tx, now)), turns))


def _ticket(run: WaitingRun) -> Ticket:
    return Ticket(run.run, run.person, run.community, RunRequest(""))
