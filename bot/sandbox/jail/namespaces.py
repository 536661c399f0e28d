"""What stands between a run and everything else: which walls, and how a run's own are built inside the zygote's."""

import json
import os
import resource
import signal
import socket
from dataclasses import asdict, dataclass
from functools import cache
from typing import NoReturn, Self

from bot.sandbox.jail import seccomp, syscalls
from bot.sandbox.limits import MB, Limits

FOLDER = "/tmp"
OUT, SHOWN = "out", ".shown"
"""Folders in it: what the snippet hands back, and where the harness leaves pictures and values for the keeper."""
UNFINISHED = 70
"""The exit status of a child whose walls could not be finished; no code ran in it."""
FOLDER_ONLY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


@dataclass(frozen=True, slots=True)
class JailPlan:
    """How a zygote makes its children."""

    limits: Limits
    nested: bool = True
    """Namespaces of its own for each run; else it shares those of its bubblewrap."""
    own_proc: bool = True
    """A /proc that shows the run alone; else an empty one."""
    walled: bool = True
    """Without it nothing is confined at all: for measuring, and where somebody insists."""
    device: str = "cpu"
    preload: bool = True
    """PyTorch and its company imported before the first fork."""

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        found = json.loads(text)
        return cls(**{**found, "limits": Limits(**found["limits"])})


def enclose(plan: JailPlan) -> None:
    """Namespaces and folders for one run: called by its keeper, which stays in the pid namespace outside."""
    uid, gid = os.getuid(), os.getgid()
    syscalls.unshare(syscalls.NEW_NAMESPACES)
    syscalls.be_seen(True)  # or its own /proc is closed to it
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")
    syscalls.mount("none", "/", flags=syscalls.WITH_ALL | syscalls.PRIVATE)
    limits, closed = plan.limits, syscalls.NO_SUID | syscalls.NO_DEVICES
    _folder(FOLDER, limits.folder_mb, limits.folder_files, closed)
    _folder("/dev/shm", limits.shared_mb, limits.shared_files, closed | syscalls.NO_PROGRAMS)
    if not plan.own_proc:
        syscalls.mount(
            "none",
            "/proc",
            "tmpfs",
            closed | syscalls.NO_PROGRAMS | syscalls.READ_ONLY,
            "size=4k,mode=555",
        )


def furnish(folder: str) -> None:
    for name in (OUT, SHOWN):
        os.mkdir(f"{folder}/{name}", 0o700)


def _folder(path: str, megabytes: int, files: int, flags: int) -> None:
    syscalls.mount("none", path, "tmpfs", flags, f"size={megabytes}m,nr_inodes={files},mode=700")


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def confine(plan: JailPlan, keeper: socket.socket, groups: list[int]) -> None:
    """The last steps of a child before it may see code; the keeper hears of its end by the descriptor it is sent."""
    syscalls.die_with_parent(signal.SIGKILL)
    syscalls.use_small_pages()
    for group in groups:
        os.write(group, b"0")
        os.close(group)
    if plan.nested and plan.own_proc:
        closed = syscalls.NO_SUID | syscalls.NO_DEVICES | syscalls.NO_PROGRAMS
        syscalls.mount("proc", "/proc", "proc", closed, "subset=pid")
    _bound(plan)
    syscalls.be_seen(True)
    syscalls.give_up_rights()
    listener = _filtered(plan)
    socket.send_fds(keeper, [b"filtered"], listener)
    _limit(
        resource.RLIMIT_NOFILE, plan.limits.open_files
    )  # last: it bounds what all runs together have under way
    for each in listener:
        os.close(each)


def _bound(plan: JailPlan) -> None:
    limits = plan.limits
    processor = int(limits.seconds) * (os.cpu_count() or 1) + limits.cpu_spare_seconds
    _limit(resource.RLIMIT_CPU, processor, processor + 1)
    _limit(resource.RLIMIT_DATA, limits.process_memory_mb * MB)
    if plan.device == "cpu":
        _limit(resource.RLIMIT_AS, limits.address_space_mb * MB)
    _limit(resource.RLIMIT_NPROC, limits.processes)
    _limit(resource.RLIMIT_FSIZE, limits.file_mb * MB)
    _limit(resource.RLIMIT_SIGPENDING, 256)
    for none in (resource.RLIMIT_MEMLOCK, resource.RLIMIT_MSGQUEUE, resource.RLIMIT_RTPRIO):
        _limit(none, 0)
    _limit(
        resource.RLIMIT_CORE, 1
    )  # 0 would not keep a core from a program that the machine has for them
    _limit(resource.RLIMIT_STACK, 8 * MB)


def _limit(which: int, soft: int, hard: int | None = None) -> None:
    """Lowered, never raised: an outer limit may be lower already."""
    _, ceiling = resource.getrlimit(which)
    hard = soft if hard is None else hard
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(which, (soft, hard))


def _filtered(plan: JailPlan) -> list[int]:
    """The filter is in force; where the kernel can tell the keeper of an end, the descriptor it tells it by."""
    heard, unheard = filters(gpu=plan.device != "cpu")
    try:
        return [syscalls.filter_calls(heard, listening=True)]
    except OSError:  # an old kernel, or a sandbox around this one that listens itself
        syscalls.filter_calls(unheard, listening=False)
        return []


@cache
def filters(*, gpu: bool) -> tuple[bytes, bytes]:
    """With a listener and without; built once, in the zygote."""
    calls = seccomp.Calls.read()
    return (
        seccomp.for_runs(calls, listening=True, gpu=gpu),
        seccomp.for_runs(calls, listening=False, gpu=gpu),
    )


def fail(keeper: socket.socket, error: BaseException, code: int) -> NoReturn:
    """Nothing may go on in a process whose walls are not whole."""
    try:
        keeper.send(f"failed {type(error).__name__}: {error}"[:300].encode(errors="replace"))
    finally:
        os._exit(code)
