"""Who waits for a slot and whose turn it is, and what whoever waits is told."""

from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.sandbox.protocol import End, Event, Outcome, RunRequest

MOST = 100
"""Runs that may wait; those of one community may take half of the room."""
REMEMBERED = 1000
"""People and communities whose last turn is remembered."""

Served = Mapping[tuple[str, str], int]
"""When a person or a community last had a turn; a greater number is later."""


class QueueFullError(Exception):
    """No more may wait; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A run that somebody asked for. `run` names it for good, so that doing it again is doing the same."""

    run: str
    person: str
    community: str
    request: RunRequest

    @property
    def turns(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Whose turns it takes: the community's among all, then the person's."""
        return ("community", self.community), ("person", self.person)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Not begun yet. Place 1 is next; 0 says that its turn is near, as after a worker's death."""

    place: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Restarted:
    """Its worker died: it begins anew elsewhere, and what it said before is void."""


Sign = Waiting | Restarted | Event


class Runner(Protocol):
    """What runs a ticket, as those see it who have code to run."""

    @property
    def off(self) -> str:
        """Why nothing can run here and what to do about it; empty where it can."""

    def has(self, device: str) -> bool: ...

    def run(self, ticket: Ticket) -> AsyncGenerator[Sign]:
        """From the queue to the end. Closing it early cancels the run."""


@dataclass(frozen=True, slots=True)
class RunsOff:
    """A runner that runs nothing."""

    off: str = "Running code is switched off here."

    def has(self, device: str) -> bool:
        return not device

    async def run(self, ticket: Ticket) -> AsyncGenerator[Sign]:
        del ticket
        yield End(Outcome.LOST, note=self.off)


class Queue(Protocol):
    """Where tickets wait."""

    async def join(self, ticket: Ticket) -> None:
        """Wait from now on; QueueFullError where no more may."""

    async def take(self, fits: Callable[[Ticket], bool]) -> Ticket | None:
        """The first in turn for which there is room; it waits no longer."""

    async def put_back(self, ticket: Ticket) -> None:
        """It was taken in vain: it comes before all others."""

    async def leave(self, run: str) -> None:
        """It has ended, or waits no longer."""

    async def place(self, run: str) -> int:
        """1 for the next one; 0 for who does not wait."""


def in_turn(tickets: Iterable[Ticket], served: Served) -> Iterator[Ticket]:
    """Communities take turns, in a community its people, and what one person asked for stays in its order."""
    waiting, last = list(tickets), dict(served)
    turn = max(last.values(), default=0)
    while waiting:
        turn += 1
        chosen = min(waiting, key=lambda ticket: tuple(last.get(each, 0) for each in ticket.turns))
        waiting.remove(chosen)
        last.update(dict.fromkeys(chosen.turns, turn))
        yield chosen


def refuse_over(waiting: int, of_community: int, most: int = MOST) -> None:
    if waiting >= most or of_community * 2 >= most:
        raise QueueFullError(
            f"The queue is full: {waiting} runs are waiting. Try again in a minute."
        )


class LocalQueue:
    """The queue of one bot, in its memory."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._waiting: dict[str, Ticket] = {}
        self._first: dict[str, Ticket] = {}
        self._served: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._turn = 0
        self._order: list[Ticket] | None = None

    async def join(self, ticket: Ticket) -> None:
        beside = sum(each.community == ticket.community for each in self._waiting.values())
        refuse_over(len(self._waiting), beside, self._most)
        self._waiting[ticket.run] = ticket
        self._order = None

    async def take(self, fits: Callable[[Ticket], bool]) -> Ticket | None:
        ticket = next((each for each in self._in_order() if fits(each)), None)
        if ticket is not None:
            if ticket.run not in self._first:
                self._serve(ticket)
            await self.leave(ticket.run)
        return ticket

    def _serve(self, ticket: Ticket) -> None:
        self._turn += 1
        for each in ticket.turns:
            self._served[each] = self._turn
            self._served.move_to_end(each)
        while len(self._served) > REMEMBERED:
            self._served.popitem(last=False)

    async def put_back(self, ticket: Ticket) -> None:
        self._first[ticket.run] = ticket
        self._order = None

    async def leave(self, run: str) -> None:
        self._waiting.pop(run, None)
        self._first.pop(run, None)
        self._order = None

    async def place(self, run: str) -> int:
        return next((place for place, each in enumerate(self._in_order(), 1) if each.run == run), 0)

    def _in_order(self) -> list[Ticket]:
        if self._order is None:
            self._order = [*self._first.values(), *in_turn(self._waiting.values(), self._served)]
        return self._order
