"""The bot's side of running code: a queue here, and workers that are only sent what they have a slot for."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

import aiohttp

from bot.sandbox.bot.endpoint import Endpoint, RefusedError, UnreachableError, WorkerAddress
from bot.sandbox.bot.queue import LocalQueue, Queue, Restarted, Sign, Ticket, Waiting
from bot.sandbox.protocol import End, Event, Outcome, RequestError

log = logging.getLogger(__name__)
PATIENCE = 300.0
"""Seconds after which nobody waits any longer for a slot."""
PULSE = 1.0
"""Seconds between two words to somebody who waits."""
CALM, HASTE = 15.0, 0.1
"""Seconds between two looks at the workers: while nobody waits, and while somebody does."""
WRONG = frozenset({400, 408, 413})
"""Answers that say what is wrong with the request: another worker would say the same."""
BUSY = frozenset({409, 429, 503})
LOST = "the sandbox lost this run twice; try it again in a minute"
NOBODY = "no worker was free in time; try it again later"


@dataclass(slots=True)
class _Waiting:
    """Somebody who waits to be called, or has been."""

    ticket: Ticket
    since: float
    called: asyncio.Event = field(default_factory=asyncio.Event)
    endpoint: Endpoint | None = None
    avoided: set[str] = field(default_factory=set)
    deaths: int = 0

    @property
    def device(self) -> str:
        return self.ticket.request.device


class Dispatcher:
    """One queue before any number of workers. `off` says why nothing can run at all."""

    def __init__(
        self,
        addresses: Sequence[WorkerAddress],
        queue: Queue | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.endpoints = [Endpoint(address) for address in addresses]
        self.off = ""
        self._queue = queue or LocalQueue()
        self._patience = patience
        self._seats: dict[str, _Waiting] = {}
        self._dealing = asyncio.Lock()
        self._nudged = asyncio.Event()

    def has(self, device: str) -> bool:
        return any(endpoint.has(device) for endpoint in self.endpoints)

    def nudge(self) -> None:
        """Look at the workers now."""
        self._nudged.set()

    async def serve(self) -> None:
        """Keep looking at the workers until cancelled."""
        try:
            while True:
                await self.look()
                with suppress(TimeoutError):
                    async with asyncio.timeout(CALM):
                        await self._nudged.wait()
                self._nudged.clear()
                while any(seat.endpoint is None for seat in self._seats.values()):
                    await self.look()
                    await asyncio.sleep(HASTE)
        finally:
            await self.close()

    async def look(self) -> None:
        await asyncio.gather(*map(self._look_at, self.endpoints))

    async def _look_at(self, endpoint: Endpoint) -> None:
        await endpoint.look()
        await self._deal()

    async def close(self) -> None:
        for endpoint in self.endpoints:
            await endpoint.close()

    async def run(self, ticket: Ticket) -> AsyncGenerator[Sign]:
        """Everything about a run: its place while it waits, then what its worker says; `End` is last.

        A ticket that no worker would take raises RequestError, a full queue QueueFullError.
        """
        await self._queue.join(ticket)
        self._seats[ticket.run] = seat = _Waiting(ticket, time.monotonic())
        try:
            while True:
                async for waiting in self._awaited(seat):
                    yield waiting
                if seat.endpoint is None:
                    yield End(Outcome.LOST, note=self.off or NOBODY)
                    return
                async with aclosing(self._performed(seat, seat.endpoint)) as signs:
                    async for sign in signs:
                        yield sign
                        if isinstance(sign, End):
                            return
        finally:
            self._seats.pop(ticket.run, None)
            self._free(seat)
            await self._queue.leave(ticket.run)
            await self._deal()

    async def _awaited(self, seat: _Waiting) -> AsyncGenerator[Waiting]:
        """Where it stands, until it is called or its patience ends."""
        await self._deal()
        while (
            seat.endpoint is None
            and not self.off
            and (waited := time.monotonic() - seat.since) < self._patience
        ):
            yield Waiting(await self._queue.place(seat.ticket.run), waited)
            self.nudge()
            with suppress(TimeoutError):
                async with asyncio.timeout(min(PULSE, self._patience - waited)):
                    await seat.called.wait()

    async def _deal(self) -> None:
        """Give every free slot to whose turn it is."""
        async with self._dealing:
            while (ticket := await self._queue.take(self._fits)) is not None:
                seat = self._seats.get(ticket.run)
                endpoint = self._best(seat) if seat else None
                if seat and endpoint:
                    endpoint.busy[seat.device] += 1
                    seat.endpoint = endpoint
                    seat.called.set()

    def _fits(self, ticket: Ticket) -> bool:
        seat = self._seats.get(ticket.run)
        return seat is not None and self._best(seat) is not None

    def _best(self, seat: _Waiting) -> Endpoint | None:
        """The worker with the most room; one where this run died only if there is no other."""
        able = [each for each in self.endpoints if each.has(seat.device)]
        elsewhere = [each for each in able if each.name not in seat.avoided] or able
        roomy = [each for each in elsewhere if each.room(seat.device) > 0]
        return max(roomy, key=lambda each: each.room(seat.device), default=None)

    async def _performed(
        self, seat: _Waiting, endpoint: Endpoint
    ) -> AsyncGenerator[Event | Restarted]:
        """One try: up to its end, or back into the queue."""
        try:
            async with aclosing(endpoint.stream(seat.ticket)) as events:
                async for event in events:
                    if isinstance(event, End) and event.outcome is Outcome.LOST:
                        break
                    yield event
                    if isinstance(event, End):
                        return
        except UnreachableError:
            self._free(seat)
            endpoint.fail("It does not answer.")
            await self._queue.put_back(seat.ticket)
            return
        except RefusedError as error:
            if error.status in WRONG:
                raise RequestError(str(error)) from error
            self._free(seat)
            if error.status in BUSY:
                endpoint.refused(seat.device)
            else:
                endpoint.fail(f"It answered {error.status}: {error}")
            await self._queue.put_back(seat.ticket)
            return
        except (aiohttp.ClientError, OSError, ValueError) as error:
            log.warning(
                "the worker at %s broke off run %s: %s", endpoint.name, seat.ticket.run, error
            )
        yield await self._died(seat, endpoint)

    async def _died(self, seat: _Waiting, endpoint: Endpoint) -> Restarted | End:
        """A stream without its end: once more, elsewhere where there is another."""
        seat.deaths += 1
        if seat.deaths > 1:
            return End(Outcome.LOST, note=LOST)
        seat.avoided.add(endpoint.name)
        self._free(seat)
        await endpoint.look()
        await self._queue.put_back(seat.ticket)
        return Restarted()

    def _free(self, seat: _Waiting) -> None:
        if seat.endpoint is not None:
            seat.endpoint.leave(seat.device)
        seat.endpoint = None
        seat.called.clear()
