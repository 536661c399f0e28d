"""A keeper: the process beside one run, outside its walls, that ends it in time and alone knows how it ended."""

import fcntl
import json
import os
import select
import shutil
import signal
import socket
import stat
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

from bot.sandbox.jail import memory, namespaces, syscalls
from bot.sandbox.jail.namespaces import JailPlan
from bot.sandbox.limits import MB, Limits

TICK = 0.1
"""Seconds between two looks at a run's memory."""
LAST_WORDS = 0.15
"""Seconds that a run has to say where it was stopped."""
SET_UP = 10.0
"""Seconds within which a child must be ready."""
WORD = 0.5
"""Seconds within which the worker's word follows its code, which may have ended the child by then."""
STEP_BACK = 0.3
"""Seconds after which a run leaves the processor to shorter ones."""
_HEAR, _ANSWER, _SET = 0xC0502100, 0xC0182101, 0x40082104
_GO_ON = 1
KILLED = 128 + signal.SIGKILL


@dataclass(frozen=True, slots=True)
class RunPipes:
    """The descriptors of one slot: the code comes in, output goes out, the worker commands, control groups bound it."""

    code: int
    output: int
    worker: socket.socket
    groups: list[int]
    out_of_memory: int | None
    """A control group's count of what it killed."""
    folder: str = namespaces.FOLDER
    """The run's own folder."""
    hurried: bool = False
    """Somebody waits for this slot already."""


Serve = Callable[[RunPipes, JailPlan, socket.socket], NoReturn]
"""What a child does: it never returns."""


@dataclass(frozen=True, slots=True)
class Child:
    """The process that a keeper watches."""

    pid: int
    pidfd: int
    listener: int | None
    """Tells of processes that are about to end, where the kernel can."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: its exit status as a shell would say it, and why, where the keeper ended it."""

    code: int
    why: str = ""
    held: int | None = None
    """Its last call, which it cannot make before it is let go."""


class Stopped(Exception):  # noqa: N818 (no error: the worker let go of this slot)
    """Nobody waits for this run any more."""


def wait_for_child(pid: int, inside: socket.socket) -> Child:
    """Until the child is confined, warmed up and waiting for code; an OSError says what kept it from that."""
    inside.settimeout(SET_UP)
    listener: list[int] = []
    while True:
        said, descriptors, _, _ = socket.recv_fds(inside, 512, 1)
        listener += descriptors
        if said == b"ready":
            for each in listener:
                with suppress(
                    OSError
                ):  # since Linux 6.6: who is heard wakes the listener on the same processor
                    fcntl.ioctl(each, _SET, 1)
            return Child(pid, os.pidfd_open(pid), listener[0] if listener else None)
        if said != b"filtered":
            raise OSError(said.decode(errors="replace") or "the child ended before it was ready")


def keep(child: Child, door: RunPipes, plan: JailPlan, proc: int) -> NoReturn:
    """From a child that waits, to its end and to whatever it left."""
    folders = [os.open(path, os.O_RDONLY | os.O_DIRECTORY) for path in (door.folder, "/dev/shm")]
    watch = _watch(child, plan, proc)
    if not door.hurried:
        _rehearse(door.folder, plan.limits, watch)
    socket.send_fds(door.worker, [b'{"ready": true}'], [child.pidfd, os.pidfd_open(os.getpid())])
    try:
        limits = _told(child, door, plan.limits)
        began = time.monotonic()
        is_held = bool(door.groups) and limits.memory_mb == plan.limits.memory_mb
        buffer = memory.buffer_of_a_socket() if plan.walled else 0
        ending = Vigil(child, door, limits, watch, folders, is_held, buffer).until_end()
        _report(child, door, limits, ending, time.monotonic() - began)
    except (Stopped, OSError):
        pass
    _bury(child, 0)
    if door.folder != namespaces.FOLDER:
        shutil.rmtree(door.folder, ignore_errors=True)
    os._exit(0)


def _watch(child: Child, plan: JailPlan, proc: int) -> memory.MemoryWatch:
    """Of the run alone. Without a pid namespace of its own, of all that is no part of the walls."""
    if plan.nested and plan.own_proc:
        root, skipped = 1, frozenset[int]()
    elif plan.nested or not plan.walled:
        root, skipped = _number_in(proc, child.pidfd), frozenset[int]()
    else:
        root, skipped = 1, frozenset({1, os.getppid(), os.getpid()})
    base = memory.MemoryWatch(proc, root, 0).resident(
        _number_in(proc, child.pidfd) if skipped else root
    )
    return memory.MemoryWatch(proc, root, base, skipped)


def _number_in(proc: int, pidfd: int) -> int:
    """A process's number as the /proc that is open as `proc` counts."""
    with open(os.open(f"self/fdinfo/{pidfd}", os.O_RDONLY, dir_fd=proc), encoding="utf-8") as told:
        return next(int(line.split()[1]) for line in told if line.startswith("Pid:"))


def _told(child: Child, door: RunPipes, limits: Limits) -> Limits:
    """The worker's word that it handed code over; or the child is gone, or the worker."""
    poll = select.poll()
    poll.register(door.worker, select.POLLIN)
    poll.register(child.pidfd, select.POLLIN)
    poll.poll()
    poll.unregister(child.pidfd)
    if not poll.poll(WORD * 1000):
        raise Stopped
    word = door.worker.recv(4096)
    if not word:
        raise Stopped
    return _clamped(word, limits)


def _clamped(word: bytes, limits: Limits) -> Limits:
    asked = json.loads(word)
    return limits.clamped(asked["seconds"], asked["memory_mb"])


def _rehearse(folder: str, limits: Limits, watch: memory.MemoryWatch) -> None:
    """What a fork shares is copied when it is first touched; better now than when somebody waits."""
    watch.exceeds(0)
    _clamped(b'{"seconds": 1.5, "memory_mb": 1}', limits)
    list(_names(folder, limits))
    json.dumps({"code": 0, "why": "", "seconds": 0.1, "files": []}).encode()


@dataclass(frozen=True, slots=True)
class Vigil:
    """One run, watched from the code's arrival to its end."""

    child: Child
    door: RunPipes
    limits: Limits
    watch: memory.MemoryWatch
    folders: list[int]
    is_held: bool
    """The kernel holds just this limit of memory; else it is looked at."""
    buffer: int
    """Bytes that a socket may hold."""

    def until_end(self) -> Ending:
        _wake_every(TICK)
        began = time.monotonic()
        deadline, back = began + self.limits.seconds, began + STEP_BACK
        poll = self._poll()
        while True:
            left = max(deadline - time.monotonic(), 0.0)
            ready = dict(poll.poll(min(left, TICK) * 1000))
            ending = self._heard(ready) or self._judged(time.monotonic() >= deadline)
            if ending:
                return ending
            if time.monotonic() > back:
                step_back(self.watch.proc, self.watch.root)

    def _poll(self) -> select.poll:
        poll = select.poll()
        watched = [self.child.pidfd, self.door.worker.fileno()]
        for each in [*watched, *([] if self.child.listener is None else [self.child.listener])]:
            poll.register(each, select.POLLIN)
        return poll

    def _heard(self, ready: dict[int, int]) -> Ending | None:
        if self.door.worker.fileno() in ready:
            raise Stopped
        if self.child.listener in ready and self.child.listener is not None:
            last = _about_to_end(self.child.listener, self.child.pid)
            if last is not None:
                return last
        if self.child.pidfd in ready:
            return self._ended("memory" if self._was_killed_for_memory() else "")
        return None

    def _judged(self, late: bool) -> Ending | None:  # noqa: FBT001 (a fact, not a switch)
        why = "time" if late else "memory" if self._holds_too_much() else ""
        if late:
            self._last_words()
        if why:
            _kill(
                self.child
            )  # that it is dead by then is not waited for: a crowd takes a while to die
            return Ending(KILLED, why)
        return None

    def _holds_too_much(self) -> bool:
        if self.is_held or self._was_killed_for_memory():
            return self._was_killed_for_memory()
        beside = memory.in_folders(*self.folders) + self.watch.in_sockets(self.buffer)
        return self.watch.exceeds(self.limits.memory_mb * MB, beside)

    def _was_killed_for_memory(self) -> bool:
        if self.door.out_of_memory is None:
            return False
        told = os.pread(self.door.out_of_memory, 4096, 0).decode().split()
        counts = dict(zip(told[::2], told[1::2], strict=False))
        return counts.get("oom_kill", "0") != "0"

    def _last_words(self) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.child.pidfd, signal.SIGXCPU)
        poll = select.poll()
        poll.register(self.child.pidfd, select.POLLIN)
        ends = time.monotonic() + LAST_WORDS
        while (left := ends - time.monotonic()) > 0 and not poll.poll(left * 1000):
            if self.child.listener is not None:
                _hear_all(self.child)

    def _ended(self, why: str) -> Ending:
        _, status = os.waitpid(self.child.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        return Ending(code, why) if code >= 0 else Ending(128 - code, why or "signal")


def _wake_every(seconds: float) -> None:
    """Hearing blocks if the process that was about to end is killed before it is heard; an alarm ends that."""

    def nothing(number: int, frame: FrameType | None) -> None:
        del number, frame

    signal.signal(signal.SIGALRM, nothing)
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)


def _about_to_end(listener: int, pid: int) -> Ending | None:
    """Some process of the run is about to end, and may. The child itself is held, so that its end is told first."""
    heard = bytearray(80)
    try:
        fcntl.ioctl(listener, _HEAR, heard)
    except OSError:
        return None
    notice, who = struct.unpack_from("=QI", heard)
    if who == pid:
        return Ending(int(struct.unpack_from("=Q", heard, 32)[0]) & 0xFF, held=notice)
    _let_go(listener, notice)
    return None


def _let_go(listener: int | None, notice: int | None) -> None:
    if listener is not None and notice is not None:
        with suppress(OSError):
            fcntl.ioctl(listener, _ANSWER, bytearray(struct.pack("=QqiI", notice, 0, 0, _GO_ON)))


def _hear_all(child: Child) -> None:
    poll = select.poll()
    if child.listener is not None:
        poll.register(child.listener, select.POLLIN)
        if poll.poll(10) and (last := _about_to_end(child.listener, child.pid)):
            _let_go(child.listener, last.held)


def step_back(proc: int, root: int) -> None:
    """A long run gives way to short ones; it could undo that, so it is said again and again."""
    with suppress(OSError):
        group = os.open(f"{root}/autogroup", os.O_WRONLY, dir_fd=proc)
        try:
            os.write(group, b"10")
        finally:
            os.close(group)


def _kill(child: Child) -> None:
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(child.pidfd, signal.SIGKILL)


def _report(child: Child, door: RunPipes, limits: Limits, ending: Ending, seconds: float) -> None:
    """What was seen, and open files for what the run left; those are only looked at once nobody can change them."""
    left = list(_names(door.folder, limits))
    if left:
        _let_go(child.listener, ending.held)
        _bury(child, 1.0)
    files = dict(_opened(door.folder, left))
    told = {"code": ending.code, "why": ending.why, "seconds": seconds, "files": list(files)}
    socket.send_fds(door.worker, [json.dumps(told).encode()], list(files.values()))
    _let_go(child.listener, ending.held)


def _bury(child: Child, patience: float) -> None:
    """The child is gone, by itself or not, and so is all that it started."""
    poll = select.poll()
    poll.register(child.pidfd, select.POLLIN)
    poll.poll(patience * 1000)
    _kill(child)
    with suppress(ChildProcessError):
        os.waitpid(child.pid, 0)


def _names(folder: str, limits: Limits) -> Iterator[str]:
    """Names in the run's two folders, a bounded number of them."""
    for name, most in ((namespaces.SHOWN, limits.pictures + 1), (namespaces.OUT, limits.files)):
        try:
            descriptor = os.open(f"{folder}/{name}", namespaces.FOLDER_ONLY)
        except OSError:
            continue
        with os.scandir(descriptor) as entries:
            names = sorted(entry.name for entry, _ in zip(entries, range(256), strict=False))
        os.close(descriptor)
        yield from (f"{name}/{each}" for each in names[:most])


def _opened(folder: str, names: list[str]) -> Iterator[tuple[str, int]]:
    """Plain files only: no link is followed, nothing that could block is waited for."""
    for path in names:
        within, _, name = path.partition("/")
        with suppress(OSError):
            descriptor = os.open(f"{folder}/{within}", namespaces.FOLDER_ONLY)
            try:
                file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=descriptor)
            finally:
                os.close(descriptor)
            if stat.S_ISREG(os.fstat(file).st_mode):
                yield path, file
            else:
                os.close(file)


def start(door: RunPipes, plan: JailPlan, serve: Serve) -> NoReturn:
    """In a fresh fork of the zygote: walls, a child inside them, and then the watch."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
        if plan.nested:
            namespaces.enclose(plan)
        namespaces.furnish(door.folder)
        inside, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = os.fork()
        if pid == 0:
            serve(door, plan, its)
        its.close()
        os.close(door.code)
        os.close(door.output)
        syscalls.be_seen(False)
        child = wait_for_child(pid, inside)
        if plan.nested:
            syscalls.drop_capabilities()
            if plan.own_proc:
                proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    except BaseException as error:  # noqa: BLE001 (whatever it is, the worker is told, and no run is left half walled)
        namespaces.fail(door.worker, error, 1)
    try:
        keep(child, door, plan, proc)
    finally:
        os._exit(
            1
        )  # with its child, should it fail: what a fork of the zygote must never do is to go on
