"""The dispatcher: one queue for all workers."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

import aiohttp

from bot.sandbox.bot.queue import LocalQueue, Queue, Restarted, RunUpdate, Ticket, Waiting
from bot.sandbox.bot.worker_client import (
    RefusedError,
    UnreachableError,
    WorkerAddress,
    WorkerClient,
)
from bot.sandbox.protocol import End, Event, Outcome, RequestError

log = logging.getLogger(__name__)
MAX_WAIT = 300.0  # Seconds after which nobody waits any longer for a slot
UPDATE_SECONDS = 1.0  # Between two updates to somebody who waits
IDLE_CHECK = 15.0  # Seconds between two health checks while nobody waits
BUSY_CHECK = 0.1  # Seconds between two health checks while somebody waits
# What is wrong is the request: another worker would say the same.
BAD_REQUEST = frozenset({400, 408, 413})
BUSY = frozenset({409, 429, 503})
LOST = "the sandbox lost this run twice; try it again in a minute"
NO_WORKER = "no worker was free in time; try it again later"


@dataclass(slots=True)
class _QueuedRun:
    ticket: Ticket
    since: float
    assigned: asyncio.Event = field(default_factory=asyncio.Event)
    worker: WorkerClient | None = None
    avoided: set[str] = field(default_factory=set)
    losses: int = 0

    @property
    def device(self) -> str:
        return self.ticket.request.device

    def release(self) -> None:
        if self.worker is not None:
            self.worker.release(self.device)
        self.worker = None
        self.assigned.clear()


class Dispatcher:
    # `off` says why nothing can run at all.
    def __init__(
        self,
        addresses: Sequence[WorkerAddress],
        queue: Queue | None = None,
        max_wait: float = MAX_WAIT,
    ) -> None:
        self.workers = [WorkerClient(address) for address in addresses]
        self.off = ""
        self._queue = queue or LocalQueue()
        self._max_wait = max_wait
        self._runs: dict[str, _QueuedRun] = {}
        self._assigning = asyncio.Lock()
        self._wanted = asyncio.Event()

    def has(self, device: str) -> bool:
        return any(worker.has(device) for worker in self.workers)

    def check_now(self) -> None:
        self._wanted.set()

    async def serve(self) -> None:
        try:
            while True:
                await self.check_workers()
                with suppress(TimeoutError):
                    async with asyncio.timeout(IDLE_CHECK):
                        await self._wanted.wait()
                self._wanted.clear()
                while any(run.worker is None for run in self._runs.values()):
                    await self.check_workers()
                    await asyncio.sleep(BUSY_CHECK)
        finally:
            await self.close()

    async def check_workers(self) -> None:
        async def check(worker: WorkerClient) -> None:
            await worker.check_health()
            await self._assign()

        await asyncio.gather(*map(check, self.workers))

    async def close(self) -> None:
        for worker in self.workers:
            await worker.close()

    async def run(self, ticket: Ticket) -> AsyncGenerator[RunUpdate]:
        """`End` is last. RequestError if no worker would take it; QueueFullError."""
        await self._queue.join(ticket)
        self._runs[ticket.run] = run = _QueuedRun(ticket, time.monotonic())
        try:
            while True:
                async for waiting in self._wait_for_worker(run):
                    yield waiting
                if run.worker is None:
                    yield End(Outcome.LOST, note=self.off or NO_WORKER)
                    return
                async with aclosing(self._attempt(run, run.worker)) as updates:
                    async for update in updates:
                        yield update
                        if isinstance(update, End):
                            return
        finally:
            self._runs.pop(ticket.run, None)
            run.release()
            await self._queue.leave(ticket.run)
            await self._assign()

    async def _wait_for_worker(self, run: _QueuedRun) -> AsyncGenerator[Waiting]:
        await self._assign()
        while run.worker is None and not self.off:
            waited = time.monotonic() - run.since
            if waited >= self._max_wait:
                return
            yield Waiting(await self._queue.position(run.ticket.run), waited)
            self.check_now()
            with suppress(TimeoutError):
                async with asyncio.timeout(min(UPDATE_SECONDS, self._max_wait - waited)):
                    await run.assigned.wait()

    async def _assign(self) -> None:
        async with self._assigning:
            while (ticket := await self._queue.take(self._fits)) is not None:
                run = self._runs.get(ticket.run)
                worker = self._best_worker(run) if run else None
                if run and worker:
                    worker.busy[run.device] += 1
                    run.worker = worker
                    run.assigned.set()

    def _fits(self, ticket: Ticket) -> bool:
        run = self._runs.get(ticket.run)
        return run is not None and self._best_worker(run) is not None

    def _best_worker(self, run: _QueuedRun) -> WorkerClient | None:
        # The one with the most free slots; one that lost this run only if there is no other.
        able = [worker for worker in self.workers if worker.has(run.device)]
        others = [worker for worker in able if worker.name not in run.avoided] or able
        free = [worker for worker in others if worker.free(run.device) > 0]
        return max(free, key=lambda worker: worker.free(run.device), default=None)

    async def _attempt(
        self, run: _QueuedRun, worker: WorkerClient
    ) -> AsyncGenerator[Event | Restarted]:
        try:
            async with aclosing(worker.stream(run.ticket)) as events:
                async for event in events:
                    if isinstance(event, End) and event.outcome is Outcome.LOST:
                        break
                    yield event
                    if isinstance(event, End):
                        return
        except UnreachableError:
            run.release()
            worker.mark_failed("It does not answer.")
            await self._queue.put_back(run.ticket)
            return
        except RefusedError as error:
            if error.status in BAD_REQUEST:
                raise RequestError(str(error)) from error
            run.release()
            if error.status in BUSY:
                worker.mark_full(run.device)
            else:
                worker.mark_failed(f"It answered {error.status}: {error}")
            await self._queue.put_back(run.ticket)
            return
        except (aiohttp.ClientError, OSError, ValueError) as error:
            log.warning("the worker at %s broke off run %s: %s", worker.name, run.ticket.run, error)
        yield await self._lost(run, worker)

    async def _lost(self, run: _QueuedRun, worker: WorkerClient) -> Restarted | End:
        # The stream had no end: try once more, elsewhere where there is another worker.
        run.losses += 1
        if run.losses > 1:
            return End(Outcome.LOST, note=LOST)
        run.avoided.add(worker.name)
        run.release()
        await worker.check_health()
        await self._queue.put_back(run.ticket)
        return Restarted()
