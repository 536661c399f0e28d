"""The pool: a zygote, and children that wait for a snippet."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing, suppress
from dataclasses import dataclass

from bot.sandbox.jail.bubblewrap import Jail
from bot.sandbox.jail.cgroups import RunCgroups
from bot.sandbox.limits import Limits
from bot.sandbox.protocol import Event, NoSandboxError, RunRequest
from bot.sandbox.worker.run_stream import RunStream
from bot.sandbox.worker.slot import START_SECONDS, NoAnswerError, Slot, SlotError, ZygoteProcess

log = logging.getLogger(__name__)
# Until a run has a slot or is refused: enough for a new zygote, less than a bot waits.
SLOT_SECONDS = 20.0
# Seconds until the next child is made. Most runs are over by then, undisturbed.
REFILL_DELAY = 0.02
RETRY_DELAY = 1.0
TRIES = 3
NO_SLOT = "The sandbox could not make a slot just now. Try again in a moment."


class BusyError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class PoolSize:
    # `slots` run at once, `waiting` children wait; after `runs` or `seconds` comes a new zygote.
    slots: int = 4
    waiting: int = 4
    runs: int = 1000
    seconds: float = 3600.0


class Pool:
    # With `zygote_per_run` each child has a bubblewrap and a zygote of its own, for machines where
    # no namespaces can be made inside bubblewrap's.

    def __init__(
        self,
        jail: Jail,
        size: PoolSize,
        cgroups: RunCgroups | None = None,
        *,
        zygote_per_run: bool = False,
    ) -> None:
        self.jail = jail
        self.size = size
        self.cgroups = cgroups
        self.zygote_per_run = zygote_per_run
        self.running = 0
        self.refused = 0
        self.zygotes_started = 0
        self.lost_slots = 0
        self.trouble = ""
        self._zygote: ZygoteProcess | None = None
        self._zygotes: set[ZygoteProcess] = set()
        self._has_zygote = asyncio.Event()
        self._waiting: deque[Slot] = deque()
        self._refill = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._cleanups: set[asyncio.Task[None]] = set()

    @property
    def free(self) -> int:
        return 0 if self.trouble else self.size.slots - self.running

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    async def open(self) -> None:
        if not self.zygote_per_run:
            self._zygote = await self._start_zygote()
            self._has_zygote.set()
        self._refill.set()
        self._start(self._keep_filled(), self._tasks)

    async def close(self) -> None:
        self.trouble = "the worker is closing"
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for slot in list(self._waiting):
            self._discard_waiting(slot)
        await asyncio.gather(*self._cleanups, return_exceptions=True)
        for zygote in self._zygotes:
            zygote.close()
        if self.cgroups:
            self.cgroups.remove_leftovers()

    async def run(self, request: RunRequest, run: str) -> AsyncGenerator[Event]:
        """Closing the generator early ends the run."""
        if self.free <= 0:
            self.refused += 1
            raise BusyError
        self.running += 1
        try:
            limits = self.jail.plan.limits.clamped(request.seconds, request.memory_mb)
            slot = await self._start_run(request, limits)
            self._loop.call_later(REFILL_DELAY, self._refill.set)
            try:
                async with aclosing(RunStream(slot, request, limits).events(run)) as events:
                    async for event in events:
                        yield event
            finally:
                self._discard(slot)
        finally:
            self.running -= 1

    async def _start_run(self, request: RunRequest, limits: Limits) -> Slot:
        # In a waiting child or a new one. Either may die meanwhile; then another is tried.
        with suppress(TimeoutError):
            async with asyncio.timeout(SLOT_SECONDS):
                for _ in range(TRIES):
                    try:
                        slot = self._take_waiting() or await self._new_slot(urgent=True)
                    except SlotError as error:
                        log.warning("a slot could not be made: %s", error)
                        continue
                    try:
                        slot.start(request, limits)
                    except OSError as error:
                        log.warning("a slot was gone before its code came: %s", error)
                        self._discard(slot)
                    else:
                        return slot
        raise NoSandboxError(NO_SLOT)

    def _take_waiting(self) -> Slot | None:
        if not self._waiting:
            self._refill.set()
            return None
        slot = self._waiting.popleft()
        self._loop.remove_reader(slot.channel)
        return slot

    async def _new_slot(self, *, urgent: bool = False) -> Slot:
        zygote = await self._current_zygote()
        zygote.slots_in_use += 1
        try:
            slot = await zygote.create_slot(self.cgroups, urgent=urgent)
        except SlotError as error:
            self.lost_slots += 1
            zygote.failures += 1
            self._release(zygote)
            # Then it is dead, hangs, or has gone bad.
            if isinstance(error, NoAnswerError) or zygote.failures >= TRIES:
                self._retire(zygote)
            raise
        except BaseException:  # the run was cancelled
            self._release(zygote)
            raise
        zygote.failures = 0
        return slot

    async def _current_zygote(self) -> ZygoteProcess:
        if self.zygote_per_run:
            zygote = await self._start_zygote()
            zygote.retired = True
            return zygote
        while self._zygote is None:
            self._refill.set()
            async with asyncio.timeout(START_SECONDS):
                await self._has_zygote.wait()
        return self._zygote

    async def _keep_filled(self) -> None:
        # Keeps a zygote that is young and alive, and enough children waiting.
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._zygote_seconds_left()):
                    await self._refill.wait()
            self._refill.clear()
            try:
                await self._renew_zygote()
                while len(self._waiting) < self.size.waiting:
                    self._add_waiting(await self._new_slot())
                    await self._renew_zygote()  # this one may be dead; nobody else replaces it
                self.trouble = ""
            except NoSandboxError as error:
                self.trouble = str(error)
                self._retry_after(error)
            except Exception as error:  # noqa: BLE001 (whatever it is, refilling must go on)
                self._retry_after(error)

    def _retry_after(self, error: Exception) -> None:
        log.warning("the sandbox: %r; once more in %g s", error, RETRY_DELAY)
        self._loop.call_later(RETRY_DELAY, self._refill.set)

    def _zygote_seconds_left(self) -> float | None:
        if self._zygote is None:
            return None
        return max(self._zygote.born + self.size.seconds - time.monotonic(), 0.0)

    async def _renew_zygote(self) -> None:
        old = self._zygote
        if self.zygote_per_run or (
            old and old.slots_made < self.size.runs and self._zygote_seconds_left()
        ):
            return
        self._zygote = await self._start_zygote()
        self._has_zygote.set()
        if old:
            self._retire(old)

    async def _start_zygote(self) -> ZygoteProcess:
        zygote = await ZygoteProcess.start(self.jail)
        self.zygotes_started += 1
        self._zygotes.add(zygote)
        self._start(self._retire_when_dead(zygote), self._tasks)
        return zygote

    async def _retire_when_dead(self, zygote: ZygoteProcess) -> None:
        await zygote.ended()
        self._retire(zygote)
        self._refill.set()

    def _retire(self, zygote: ZygoteProcess) -> None:
        # Starts no more runs with it. It is closed when its last run is over.
        zygote.retired = True
        if self._zygote is zygote:
            self._zygote = None
            self._has_zygote.clear()
        for slot in [slot for slot in self._waiting if slot.zygote is zygote]:
            self._discard_waiting(slot)
        self._close_if_unused(zygote)

    def _release(self, zygote: ZygoteProcess) -> None:
        zygote.slots_in_use -= 1
        self._close_if_unused(zygote)

    def _close_if_unused(self, zygote: ZygoteProcess) -> None:
        if zygote.retired and zygote.slots_in_use <= 0 and zygote in self._zygotes:
            self._zygotes.discard(zygote)
            zygote.close()

    def _add_waiting(self, slot: Slot) -> None:
        if slot.zygote.retired and not self.zygote_per_run:  # replaced while this child was made
            self._discard(slot)
            return
        self._waiting.append(slot)
        # A supervisor that speaks while nothing runs has ended, or has lost its child.
        self._loop.add_reader(slot.channel, self._discard_waiting, slot)

    def _discard_waiting(self, slot: Slot) -> None:
        if slot in self._waiting:
            self._waiting.remove(slot)
            self._loop.remove_reader(slot.channel)
            self._discard(slot)
            self._refill.set()

    def _discard(self, slot: Slot) -> None:
        slot.close()
        self._start(self._clean_up(slot), self._cleanups)

    async def _clean_up(self, slot: Slot) -> None:
        try:
            await slot.cleaned_up()
        finally:
            self._release(slot.zygote)
            self._refill.set()

    @property
    def _loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    def _start(self, work: Coroutine[None, None, None], tasks: set[asyncio.Task[None]]) -> None:
        task = self._loop.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
