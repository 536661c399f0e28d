"""The jail of one run, inside the zygote's."""

import json
import os
import resource
import signal
import socket
from dataclasses import asdict, dataclass
from functools import cache
from typing import NoReturn, Self

from bot.sandbox.jail import seccomp, syscalls
from bot.sandbox.jail.syscalls import MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_PRIVATE, MS_RDONLY, MS_REC
from bot.sandbox.limits import MB, Limits

FOLDER = "/tmp"
OUT = "out"  # In that folder: files that the snippet hands back
# In that folder: pictures and probe values that the harness leaves for the supervisor.
SHOWN = ".shown"
EXIT_NO_JAIL = 70  # Exit status of a child whose jail could not be finished. No code ran in it.
OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


@dataclass(frozen=True, slots=True)
class JailPlan:
    limits: Limits
    own_namespaces: bool = True  # For each run; else it shares those of its bubblewrap
    own_proc: bool = True  # A /proc that shows the run alone; else an empty one
    # False confines nothing at all: for measuring, and where an operator insists.
    confined: bool = True
    device: str = "cpu"
    preload: bool = True  # PyTorch is imported before the first fork

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        fields = json.loads(text)
        return cls(**{**fields, "limits": Limits(**fields["limits"])})


def create_namespaces(plan: JailPlan) -> None:
    # Called by a run's supervisor, which itself stays in the outer pid namespace.
    uid = os.getuid()
    gid = os.getgid()
    syscalls.unshare(syscalls.ALL_NAMESPACES)
    syscalls.set_dumpable(True)  # or its own /proc is closed to it
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")
    syscalls.mount("none", "/", flags=MS_REC | MS_PRIVATE)
    limits = plan.limits
    flags = MS_NOSUID | MS_NODEV
    _mount_tmpfs(FOLDER, limits.folder_mb, limits.folder_files, flags)
    _mount_tmpfs("/dev/shm", limits.shared_mb, limits.shared_files, flags | MS_NOEXEC)
    if not plan.own_proc:
        flags |= MS_NOEXEC | MS_RDONLY
        syscalls.mount("none", "/proc", "tmpfs", flags, "size=4k,mode=555")


def make_output_folders(folder: str) -> None:
    for name in (OUT, SHOWN):
        os.mkdir(f"{folder}/{name}", 0o700)


def _mount_tmpfs(path: str, megabytes: int, files: int, flags: int) -> None:
    syscalls.mount("none", path, "tmpfs", flags, f"size={megabytes}m,nr_inodes={files},mode=700")


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def confine_child(plan: JailPlan, supervisor: socket.socket, cgroups: list[int]) -> None:
    # The last steps of a child before it may see code. Sends its filter's listener, if any.
    syscalls.set_parent_death_signal(signal.SIGKILL)
    syscalls.disable_huge_pages()
    for group in cgroups:
        os.write(group, b"0")
        os.close(group)
    if plan.own_namespaces and plan.own_proc:
        flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
        syscalls.mount("proc", "/proc", "proc", flags, "subset=pid")
    _set_resource_limits(plan)
    syscalls.set_dumpable(True)
    syscalls.drop_privileges()
    listener = _install_filter(plan)
    socket.send_fds(supervisor, [b"filtered"], listener)
    # Last, since it also bounds the descriptors that all runs together are sending.
    _lower(resource.RLIMIT_NOFILE, plan.limits.open_files)
    for descriptor in listener:
        os.close(descriptor)


def _set_resource_limits(plan: JailPlan) -> None:
    limits = plan.limits
    cpu_seconds = int(limits.seconds) * (os.cpu_count() or 1) + limits.cpu_spare_seconds
    _lower(resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + 1)
    _lower(resource.RLIMIT_DATA, limits.process_memory_mb * MB)
    if plan.device == "cpu":
        _lower(resource.RLIMIT_AS, limits.address_space_mb * MB)
    _lower(resource.RLIMIT_NPROC, limits.processes)
    _lower(resource.RLIMIT_FSIZE, limits.file_mb * MB)
    _lower(resource.RLIMIT_SIGPENDING, 256)
    for kind in (resource.RLIMIT_MEMLOCK, resource.RLIMIT_MSGQUEUE, resource.RLIMIT_RTPRIO):
        _lower(kind, 0)
    _lower(resource.RLIMIT_CORE, 1)  # with 0 the machine's core handler would still be started
    _lower(resource.RLIMIT_STACK, 8 * MB)


def _lower(kind: int, soft: int, hard: int | None = None) -> None:
    # Never raises a limit: an outer one may be lower already.
    _, ceiling = resource.getrlimit(kind)
    hard = soft if hard is None else hard
    if ceiling != resource.RLIM_INFINITY:
        soft = min(soft, ceiling)
        hard = min(hard, ceiling)
    resource.setrlimit(kind, (soft, hard))


def _install_filter(plan: JailPlan) -> list[int]:
    # The listener for exit notifications, where the kernel offers one.
    notifying, silent = seccomp_filters(gpu=plan.device != "cpu")
    try:
        return [syscalls.install_filter(notifying, notify=True)]
    except OSError:  # an old kernel, or a sandbox around this one that has a listener itself
        syscalls.install_filter(silent, notify=False)
        return []


@cache
def seccomp_filters(*, gpu: bool) -> tuple[bytes, bytes]:
    # With exit notifications and without; built once, in the zygote.
    return (
        seccomp.run_filter(notify_exit=True, gpu=gpu),
        seccomp.run_filter(notify_exit=False, gpu=gpu),
    )


def report_and_exit(channel: socket.socket, error: BaseException, code: int) -> NoReturn:
    # Reports the error and exits: nothing may go on in a jail that is not complete.
    try:
        channel.send(f"failed {type(error).__name__}: {error}"[:300].encode(errors="replace"))
    finally:
        os._exit(code)
