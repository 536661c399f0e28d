"""The pool: children that wait for a snippet, the zygote they come from, and the next one when it is old or dead."""

import asyncio
import logging
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

from bot.sandbox.jail.bubblewrap import Jail
from bot.sandbox.jail.cgroups import Groups
from bot.sandbox.limits import Limits
from bot.sandbox.protocol import Event, NoSandboxError, RunRequest
from bot.sandbox.worker import slot as slots
from bot.sandbox.worker.run import Running
from bot.sandbox.worker.slot import SilentError, Slot, SlotError

log = logging.getLogger(__name__)
BOOT = 120.0
"""Seconds within which a zygote has imported PyTorch, on the slowest disk."""
PREPARE = 4.0
"""Seconds within which a zygote gives a child; one that needs longer hangs."""
READY = 20.0
"""Seconds within which a run has its slot, or is refused: long enough for a new zygote, and less than a bot waits."""
REFILL = 0.02
"""Seconds after which the next child is made: most runs are over by then, and have had the processor to themselves."""
RETRY = 1.0
"""Seconds until what could not be made is tried again."""
TRIES = 3
NO_SLOT = "The sandbox could not make a slot just now. Try again in a moment."


class NoRoomError(Exception):
    """Every slot is taken."""


@dataclass(slots=True, eq=False)
class Zygote:
    """One zygote, as its worker holds it."""

    process: subprocess.Popen[bytes]
    channel: socket.socket
    born: float = field(default_factory=time.monotonic)
    made: int = 0
    users: int = 0
    failures: int = 0
    """Slots in a row that it could not make."""
    retired: bool = False
    folder: str = ""
    """Where there are no walls, what its runs write lies here."""

    @classmethod
    async def start(cls, jail: Jail) -> "Zygote":
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        folder = "" if jail.bubblewrap else tempfile.mkdtemp(prefix="torchproof-runs-")
        try:
            process = jail.start(theirs, folder)
        except OSError as error:
            ours.close()
            raise NoSandboxError(f"The sandbox could not be started: {error}.") from error
        finally:
            theirs.close()
        zygote = cls(process, ours, folder=folder)
        try:
            async with asyncio.timeout(BOOT):
                said = await asyncio.get_running_loop().sock_recv(ours, 1024)
        except (TimeoutError, OSError):
            said = b""
        except BaseException:
            zygote.close()
            raise
        if said != b"ready":
            raise NoSandboxError(f"The sandbox could not be started: {zygote.excuse(said)}.")
        zygote.born = time.monotonic()
        return zygote

    def excuse(self, said: bytes) -> str:
        """Why it did not begin: its own words, or what bubblewrap said."""
        self._kill()
        assert self.process.stderr
        told = said.removeprefix(b"failed ") or self.process.stderr.read()[-400:]
        self.close()
        return told.decode(errors="replace").strip().rstrip(".") or "it ended without a word"

    async def prepare(self, groups: Groups | None, *, hurried: bool) -> Slot:
        self.made += 1
        group = groups.new() if groups else None
        try:
            return await slots.make(self.channel, group, PREPARE, hurried=hurried)
        except BaseException:
            if group:
                await group.remove()
            raise

    async def ended(self) -> None:
        pidfd = os.pidfd_open(self.process.pid)
        try:
            await slots.readable(pidfd)
        finally:
            os.close(pidfd)

    def close(self) -> None:
        """With its bubblewrap all that is inside ends, at once."""
        self._kill()
        self.channel.close()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        if self.process.stderr:
            self.process.stderr.close()

    def _kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass(frozen=True, slots=True)
class PoolSize:
    """How many runs at once, how many children wait, and when a zygote is replaced."""

    slots: int = 4
    waiting: int = 4
    runs: int = 1000
    seconds: float = 3600.0


@dataclass(slots=True)
class PoolCounts:
    """For the worker's metrics."""

    begun: int = 0
    refused: int = 0
    zygotes: int = 0
    lost_slots: int = 0


class Pool:
    """Gives every run a fresh child. `one_shot` is for where no zygote can build walls: each child has a bubblewrap."""

    def __init__(
        self, jail: Jail, size: PoolSize, groups: Groups | None = None, *, one_shot: bool = False
    ) -> None:
        self.jail, self.size, self.groups, self.one_shot = jail, size, groups, one_shot
        self.counts = PoolCounts()
        self.running = 0
        self.trouble = ""
        self._zygote: Zygote | None = None
        self._zygotes: set[Zygote] = set()
        self._waiting: deque[tuple[Slot, Zygote]] = deque()
        self._wanted = asyncio.Event()
        self._stands = asyncio.Event()
        self._duties: set[asyncio.Task[None]] = set()
        self._farewells: set[asyncio.Task[None]] = set()

    @property
    def free(self) -> int:
        return 0 if self.trouble else self.size.slots - self.running

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    async def open(self) -> None:
        """The first zygote stands; children come behind it."""
        if not self.one_shot:
            self._zygote = await self._born()
            self._stands.set()
        self._wanted.set()
        self._begin(self._tend(), self._duties)

    async def close(self) -> None:
        """Everything ends, and is seen to end."""
        self.trouble = "the worker is closing"
        for task in self._duties:
            task.cancel()
        await asyncio.gather(*self._duties, return_exceptions=True)
        for entry in list(self._waiting):
            self._discard(entry)
        await asyncio.gather(*self._farewells, return_exceptions=True)
        for zygote in self._zygotes:
            zygote.close()
        if self.groups:
            self.groups.tidy()

    @property
    def _loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    async def run(self, request: RunRequest, run: str) -> AsyncGenerator[Event]:
        """The run's events; leaving the iteration early ends the run."""
        if self.free <= 0:
            self.counts.refused += 1
            raise NoRoomError
        self.running += 1
        try:
            limits = self.jail.plan.limits.clamped(request.seconds, request.memory_mb)
            slot, zygote = await self._in_time(request, limits)
            self.counts.begun += 1
            self._loop.call_later(REFILL, self._wanted.set)
            try:
                async with aclosing(Running(slot, request, limits).events(run)) as events:
                    async for event in events:
                        yield event
            finally:
                self._drop(slot, zygote)
        finally:
            self.running -= 1

    async def _in_time(self, request: RunRequest, limits: Limits) -> tuple[Slot, Zygote]:
        try:
            async with asyncio.timeout(READY):
                return await self._taken(request, limits)
        except TimeoutError:
            raise NoSandboxError(NO_SLOT) from None

    async def _taken(self, request: RunRequest, limits: Limits) -> tuple[Slot, Zygote]:
        """A slot with the code in it: a child that waits, or a new one. Either may die under our hands; another will do."""
        for _ in range(TRIES):
            try:
                slot, zygote = self._waiter() or await self._prepared(hurried=True)
            except SlotError as error:
                log.warning("a slot could not be made: %s", error)
                continue
            try:
                slot.hand_over(request, limits)
            except OSError as error:
                log.warning("a slot was gone before its code came: %s", error)
                self._drop(slot, zygote)
            else:
                return slot, zygote
        raise NoSandboxError(NO_SLOT)

    def _waiter(self) -> tuple[Slot, Zygote] | None:
        if not self._waiting:
            self._wanted.set()
            return None
        slot, zygote = self._waiting.popleft()
        self._loop.remove_reader(slot.keeper)
        return slot, zygote

    async def _prepared(self, *, hurried: bool = False) -> tuple[Slot, Zygote]:
        zygote = await self._mother()
        zygote.users += 1
        try:
            slot = await zygote.prepare(self.groups, hurried=hurried)
        except SlotError as error:
            self.counts.lost_slots += 1
            zygote.failures += 1
            self._leave(zygote)
            if (
                isinstance(error, SilentError) or zygote.failures >= TRIES
            ):  # it is dead, hangs, or has gone bad
                self._dismiss(zygote)
            raise
        except BaseException:  # whoever wanted it has gone
            self._leave(zygote)
            raise
        zygote.failures = 0
        return slot, zygote

    async def _mother(self) -> Zygote:
        """The zygote; when it is being replaced, the one to come."""
        if self.one_shot:
            zygote = await self._born()
            zygote.retired = True
            return zygote
        while self._zygote is None:
            self._wanted.set()
            async with asyncio.timeout(BOOT):
                await self._stands.wait()
        return self._zygote

    async def _tend(self) -> None:
        """Keeps a zygote that is young and alive, and enough children waiting."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._left_to_live()):
                    await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._renew()
                while len(self._waiting) < self.size.waiting:
                    self._put(*await self._prepared())
                    await (
                        self._renew()
                    )  # it may have died meanwhile, and who tends cannot wait for one to be made
                self.trouble = ""
            except NoSandboxError as error:
                self.trouble = str(error)
                self._again(error)
            except Exception as error:  # noqa: BLE001 (whatever it is, somebody has to go on tending)
                self._again(error)

    def _again(self, error: Exception) -> None:
        log.warning("the sandbox: %r; once more in %g s", error, RETRY)
        self._loop.call_later(RETRY, self._wanted.set)

    def _left_to_live(self) -> float | None:
        return (
            max(self._zygote.born + self.size.seconds - time.monotonic(), 0.0)
            if self._zygote
            else None
        )

    async def _renew(self) -> None:
        """A new zygote first; then the old one goes, when its last run is over."""
        old = self._zygote
        if self.one_shot or (old and old.made < self.size.runs and self._left_to_live()):
            return
        self._zygote = await self._born()
        self._stands.set()
        if old:
            self._dismiss(old)

    async def _born(self) -> Zygote:
        zygote = await Zygote.start(self.jail)
        self.counts.zygotes += 1
        self._zygotes.add(zygote)
        self._begin(self._mourn(zygote), self._duties)
        return zygote

    async def _mourn(self, zygote: Zygote) -> None:
        await zygote.ended()
        self._dismiss(zygote)
        self._wanted.set()

    def _dismiss(self, zygote: Zygote) -> None:
        """No run begins here any more."""
        zygote.retired = True
        if self._zygote is zygote:
            self._zygote = None
            self._stands.clear()
        for entry in [each for each in self._waiting if each[1] is zygote]:
            self._discard(entry)
        self._leave(zygote, users=0)

    def _leave(self, zygote: Zygote, users: int = 1) -> None:
        zygote.users -= users
        if zygote.retired and zygote.users <= 0 and zygote in self._zygotes:
            self._zygotes.discard(zygote)
            zygote.close()

    def _put(self, slot: Slot, zygote: Zygote) -> None:
        if zygote.retired and not self.one_shot:  # it was replaced while this child came to be
            self._drop(slot, zygote)
            return
        entry = (slot, zygote)
        self._waiting.append(entry)
        self._loop.add_reader(slot.keeper, self._discard, entry)

    def _discard(self, entry: tuple[Slot, Zygote]) -> None:
        """A keeper that speaks while nothing runs has ended, or lost its child."""
        if entry in self._waiting:
            self._waiting.remove(entry)
            self._loop.remove_reader(entry[0].keeper)
            self._drop(*entry)
            self._wanted.set()

    def _drop(self, slot: Slot, zygote: Zygote) -> None:
        slot.close()
        self._begin(self._bury(slot, zygote), self._farewells)

    async def _bury(self, slot: Slot, zygote: Zygote) -> None:
        try:
            await slot.gone()
        finally:
            self._leave(zygote)
            self._wanted.set()

    def _begin(self, work: Coroutine[None, None, None], among: set[asyncio.Task[None]]) -> None:
        task = self._loop.create_task(work)
        among.add(task)
        task.add_done_callback(among.discard)
