"""The watchdog over one run: its deadline and its memory."""

import os
import select
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

from bot.sandbox.child import memory_usage
from bot.sandbox.child.child_process import ChildEnd, ChildProcess
from bot.sandbox.child.memory_usage import MemoryMeter
from bot.sandbox.limits import MB, Limits

TICK = 0.1  # Seconds between two measurements of memory
FAREWELL = 0.15  # Seconds in which a run may say where it was stopped
LONG_RUN = 0.3  # Seconds after which a run gives the processor to shorter ones
KILLED = 128 + signal.SIGKILL


class AbandonedError(Exception):
    # The worker let go of this run.
    pass


@dataclass(frozen=True, slots=True)
class Watchdog:
    child: ChildProcess
    worker: socket.socket
    oom_events: int | None
    limits: Limits
    memory: MemoryMeter
    folders: list[int]
    kernel_limits_memory: bool
    socket_buffer: int

    def wait(self) -> ChildEnd:
        _interrupt_every(TICK)
        began = time.monotonic()
        deadline = began + self.limits.seconds
        poll = self._poll()
        while True:
            left = max(deadline - time.monotonic(), 0.0)
            ready = dict(poll.poll(min(left, TICK) * 1000))
            end = self._ended(ready) or self._over_limit(deadline)
            if end:
                return end
            if time.monotonic() > began + LONG_RUN:
                lower_priority(self.memory.proc, self.memory.root)

    def _poll(self) -> select.poll:
        poll = select.poll()
        for descriptor in (self.child.pidfd, self.worker.fileno(), self.child.listener):
            if descriptor is not None:
                poll.register(descriptor, select.POLLIN)
        return poll

    def _ended(self, ready: dict[int, int]) -> ChildEnd | None:
        if self.worker.fileno() in ready:
            raise AbandonedError
        if self.child.listener in ready and (end := self.child.receive_exit()):
            return end
        if self.child.pidfd not in ready:
            return None
        cause = "memory" if self._oom_killed() else ""
        _, status = os.waitpid(self.child.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        return ChildEnd(code, cause) if code >= 0 else ChildEnd(128 - code, cause or "signal")

    def _over_limit(self, deadline: float) -> ChildEnd | None:
        if time.monotonic() >= deadline:
            cause = "time"
            self._let_it_say_where()
        elif self._exceeds_memory():
            cause = "memory"
        else:
            return None
        self.child.send_signal(signal.SIGKILL)  # not awaited: a crowd takes a while to die
        return ChildEnd(KILLED, cause)

    def _exceeds_memory(self) -> bool:
        if self.kernel_limits_memory or self._oom_killed():
            return self._oom_killed()
        elsewhere = memory_usage.in_folders(self.folders) + self.memory.sockets(self.socket_buffer)
        return self.memory.exceeds(self.limits.memory_mb * MB, elsewhere)

    def _oom_killed(self) -> bool:
        if self.oom_events is None:
            return False
        words = os.pread(self.oom_events, 4096, 0).decode().split()
        return dict(zip(words[::2], words[1::2], strict=False)).get("oom_kill", "0") != "0"

    def _let_it_say_where(self) -> None:
        self.child.send_signal(signal.SIGXCPU)
        exited = select.poll()
        exited.register(self.child.pidfd, select.POLLIN)
        deadline = time.monotonic() + FAREWELL
        while (left := deadline - time.monotonic()) > 0 and not exited.poll(left * 1000):
            self._let_exit()

    def _let_exit(self) -> None:
        if self.child.listener is None:
            return
        notified = select.poll()
        notified.register(self.child.listener, select.POLLIN)
        if notified.poll(10) and (end := self.child.receive_exit()):
            self.child.resume(end.notification)


def _interrupt_every(seconds: float) -> None:
    # Receiving blocks if a process that was about to exit is killed first; this ends that.

    def ignore(_number: int, _frame: FrameType | None) -> None:
        pass

    signal.signal(signal.SIGALRM, ignore)
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)


def lower_priority(proc: int, root: int) -> None:
    # Below shorter runs. The run could undo it, so it is repeated.
    with suppress(OSError):
        autogroup = os.open(f"{root}/autogroup", os.O_WRONLY, dir_fd=proc)
        try:
            os.write(autogroup, b"10")
        finally:
            os.close(autogroup)
