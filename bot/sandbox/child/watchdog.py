"""The watchdog over one run: its deadline and its memory."""

import os
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass

from bot.sandbox.child import memory_usage
from bot.sandbox.child.child_process import ChildEnd, ChildProcess, poll_of
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
        # Receiving blocks if a process that was about to exit is killed first; this ends that.
        signal.signal(signal.SIGALRM, lambda *_: None)
        signal.setitimer(signal.ITIMER_REAL, TICK, TICK)
        began = time.monotonic()
        deadline = began + self.limits.seconds
        watched = (self.child.pidfd, self.worker.fileno(), self.child.listener)
        poll = poll_of(*(descriptor for descriptor in watched if descriptor is not None))
        while True:
            left = max(deadline - time.monotonic(), 0.0)
            ready = dict(poll.poll(min(left, TICK) * 1000))
            end = self._ended(ready) or self._over_limit(deadline)
            if end:
                return end
            if time.monotonic() > began + LONG_RUN:
                self._lower_priority()

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
            self._request_stop_line()
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

    def _request_stop_line(self) -> None:
        self.child.send_signal(signal.SIGXCPU)
        exited = poll_of(self.child.pidfd)
        deadline = time.monotonic() + FAREWELL
        listener = self.child.listener
        while (left := deadline - time.monotonic()) > 0 and not exited.poll(left * 1000):
            if listener is None or not poll_of(listener).poll(10):
                continue
            if end := self.child.receive_exit():
                self.child.resume(end.notification)

    def _lower_priority(self) -> None:
        # Below shorter runs. The run could undo it, so it is repeated.
        path = f"{self.memory.root}/autogroup"
        with suppress(OSError):
            descriptor = os.open(path, os.O_WRONLY, dir_fd=self.memory.proc)
            with open(descriptor, "wb", 0) as autogroup:
                autogroup.write(b"10")
