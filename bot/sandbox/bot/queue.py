"""The queue of runs that wait for a slot."""

from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.sandbox.protocol import End, Event, Outcome, RunRequest

MAX_WAITING = 100  # Runs; those of one community may take half of the places
MAX_REMEMBERED = 1000  # People and communities whose last turn is remembered

# Number of the last turn of each person and each community.
LastTurns = Mapping[tuple[str, str], int]


class QueueFullError(Exception):
    # Says how many wait, and what to do.
    pass


@dataclass(frozen=True, slots=True)
class Ticket:
    """A retry has the same `run`."""

    run: str
    person: str
    community: str
    request: RunRequest

    @property
    def turns(self) -> tuple[tuple[str, str], tuple[str, str]]:
        # Whose turn it takes: first the community's, then within it the person's.
        return ("community", self.community), ("person", self.person)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Place 1 is next; 0 while it starts again after a worker died."""

    place: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Restarted:
    """Its worker died, so its earlier events are void."""


RunUpdate = Waiting | Restarted | Event


class Runner(Protocol):
    @property
    def off(self) -> str:
        """Why nothing can run here; empty where it can."""

    def has(self, device: str) -> bool: ...

    def run(self, ticket: Ticket) -> AsyncGenerator[RunUpdate]:
        """Closing the generator early cancels the run."""


@dataclass(frozen=True, slots=True)
class DisabledRunner:
    off: str = "Running code is switched off here."

    def has(self, device: str) -> bool:
        return not device

    async def run(self, _ticket: Ticket) -> AsyncGenerator[RunUpdate]:
        yield End(Outcome.LOST, note=self.off)


class Queue(Protocol):
    async def join(self, ticket: Ticket) -> None:
        """Raises QueueFullError."""

    async def take(self, fits: Callable[[Ticket], bool]) -> Ticket | None:
        """Removes the first ticket in turn that fits."""

    async def put_back(self, ticket: Ticket) -> None:
        """A ticket that was taken in vain now comes first."""

    async def leave(self, run: str) -> None: ...

    async def position(self, run: str) -> int:
        """0 for a run that does not wait."""


def in_turn(tickets: Iterable[Ticket], last_turns: LastTurns) -> Iterator[Ticket]:
    # Communities take turns, within one its people; each person's runs keep their order.
    waiting = list(tickets)
    last = dict(last_turns)
    turn = max(last.values(), default=0)
    while waiting:
        turn += 1
        chosen = min(waiting, key=lambda ticket: tuple(last.get(key, 0) for key in ticket.turns))
        waiting.remove(chosen)
        last.update(dict.fromkeys(chosen.turns, turn))
        yield chosen


def check_capacity(waiting: int, of_community: int, most: int = MAX_WAITING) -> None:
    if waiting >= most or of_community * 2 >= most:
        raise QueueFullError(
            f"The queue is full: {waiting} runs are waiting. Try again in a minute."
        )


class LocalQueue:
    def __init__(self, most: int = MAX_WAITING) -> None:
        self._most = most
        self._waiting: dict[str, Ticket] = {}
        self._returned: dict[str, Ticket] = {}
        self._last_turns: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._turn = 0
        self._order: list[Ticket] | None = None

    async def join(self, ticket: Ticket) -> None:
        communities = [waiting.community for waiting in self._waiting.values()]
        check_capacity(len(communities), communities.count(ticket.community), self._most)
        self._waiting[ticket.run] = ticket
        self._order = None

    async def take(self, fits: Callable[[Ticket], bool]) -> Ticket | None:
        ticket = next(filter(fits, self._in_order()), None)
        if ticket is not None:
            if ticket.run not in self._returned:
                self._count_turn(ticket)
            await self.leave(ticket.run)
        return ticket

    def _count_turn(self, ticket: Ticket) -> None:
        self._turn += 1
        for key in ticket.turns:
            self._last_turns[key] = self._turn
            self._last_turns.move_to_end(key)
        while len(self._last_turns) > MAX_REMEMBERED:
            self._last_turns.popitem(last=False)

    async def put_back(self, ticket: Ticket) -> None:
        self._returned[ticket.run] = ticket
        self._order = None

    async def leave(self, run: str) -> None:
        self._waiting.pop(run, None)
        self._returned.pop(run, None)
        self._order = None

    async def position(self, run: str) -> int:
        runs = [ticket.run for ticket in self._in_order()]
        return runs.index(run) + 1 if run in runs else 0

    def _in_order(self) -> list[Ticket]:
        if self._order is None:
            waiting = in_turn(self._waiting.values(), self._last_turns)
            self._order = [*self._returned.values(), *waiting]
        return self._order
