"""The supervisor of one run, outside its namespaces."""

import json
import os
import shutil
import signal
import socket
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from bot.sandbox.child import memory_usage
from bot.sandbox.child.child_process import ChildEnd, ChildProcess, poll_of, wait_until_ready
from bot.sandbox.child.memory_usage import MemoryMeter
from bot.sandbox.child.watchdog import AbandonedError, Watchdog
from bot.sandbox.jail import namespaces, syscalls
from bot.sandbox.jail.namespaces import OPEN_FOLDER, OUT, SHOWN, JailPlan
from bot.sandbox.limits import Limits

# The worker's command follows its code, which may have ended the child by then.
COMMAND_SECONDS = 0.5
MAX_ENTRIES = 256


@dataclass(frozen=True, slots=True)
class RunDescriptors:
    code: int
    output: int
    worker: socket.socket
    cgroups: list[int]
    oom_events: int | None
    folder: str = namespaces.FOLDER
    urgent: bool = False  # Somebody waits for this slot already


ServeChild = Callable[[RunDescriptors, JailPlan, socket.socket], NoReturn]


def start_run(run: RunDescriptors, plan: JailPlan, serve_child: ServeChild) -> NoReturn:
    # In a fresh fork of the zygote.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        child, proc = _start_child(run, plan, serve_child)
    except BaseException as error:  # noqa: BLE001 (no run may be left in half a jail)
        namespaces.report_and_exit(run.worker, error, 1)
    try:
        _supervise(child, run, plan, proc)
    finally:
        os._exit(1)  # a fork of the zygote must never go on as if it were the zygote


def _start_child(
    run: RunDescriptors, plan: JailPlan, serve_child: ServeChild
) -> tuple[ChildProcess, int]:
    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    if plan.own_namespaces:
        namespaces.create_namespaces(plan)
    namespaces.make_output_folders(run.folder)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = os.fork()
    if pid == 0:
        serve_child(run, plan, theirs)
    theirs.close()
    os.close(run.code)
    os.close(run.output)
    syscalls.set_dumpable(False)
    child = wait_until_ready(pid, ours)
    if plan.own_namespaces:
        syscalls.drop_capabilities()
        if plan.own_proc:
            proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    return child, proc


def _supervise(child: ChildProcess, run: RunDescriptors, plan: JailPlan, proc: int) -> NoReturn:
    folders = [os.open(path, os.O_RDONLY | os.O_DIRECTORY) for path in (run.folder, "/dev/shm")]
    memory = _memory_meter(child, plan, proc)
    if not run.urgent:
        _touch_memory_pages(run.folder, plan.limits, memory)
    socket.send_fds(run.worker, [b'{"ready": true}'], [child.pidfd, os.pidfd_open(os.getpid())])
    try:
        limits = _wait_for_code(child, run, plan.limits)
        began = time.monotonic()
        end = Watchdog(
            child=child,
            worker=run.worker,
            oom_events=run.oom_events,
            limits=limits,
            memory=memory,
            folders=folders,
            kernel_limits_memory=bool(run.cgroups) and limits.memory_mb == plan.limits.memory_mb,
            socket_buffer=memory_usage.socket_buffer_size() if plan.confined else 0,
        ).wait()
        _report(child, run, limits, end, time.monotonic() - began)
    except (AbandonedError, OSError):
        pass
    child.reap(0)
    if run.folder != namespaces.FOLDER:
        shutil.rmtree(run.folder, ignore_errors=True)
    os._exit(0)


def _memory_meter(child: ChildProcess, plan: JailPlan, proc: int) -> MemoryMeter:
    # Of the run alone; without its own pid namespace, of all that does not belong to the jail.
    pid = 1
    if not (plan.own_namespaces and plan.own_proc):
        pid = _pid_in(proc, child.pidfd)
    shares_pids = plan.confined and not plan.own_namespaces
    root = 1 if shares_pids else pid
    skipped = frozenset({1, os.getppid(), os.getpid()} if shares_pids else ())
    shared = MemoryMeter(proc, root, 0).resident(pid)
    return MemoryMeter(proc, root, shared, skipped)


def _pid_in(proc: int, pidfd: int) -> int:
    # The number of a process in the /proc that is open as `proc`.
    with open(os.open(f"self/fdinfo/{pidfd}", os.O_RDONLY, dir_fd=proc), encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pid:"))


def _wait_for_code(child: ChildProcess, run: RunDescriptors, limits: Limits) -> Limits:
    # Until the worker says that it handed the code over, or until worker or child are gone.
    worker = run.worker.fileno()
    poll_of(worker, child.pidfd).poll()
    if not poll_of(worker).poll(COMMAND_SECONDS * 1000) or not (command := run.worker.recv(4096)):
        raise AbandonedError
    return _clamped(command, limits)


def _clamped(command: bytes, limits: Limits) -> Limits:
    return limits.clamped(**json.loads(command))


def _touch_memory_pages(folder: str, limits: Limits, memory: MemoryMeter) -> None:
    # Copies the pages that a run will touch, before somebody waits for it.
    memory.exceeds(0)
    _clamped(b'{"seconds": 1.5, "memory_mb": 1}', limits)
    list(_list_files(folder, limits))
    json.dumps({"code": 0, "cause": "", "seconds": 0.1, "files": []}).encode()


def _report(
    child: ChildProcess, run: RunDescriptors, limits: Limits, end: ChildEnd, seconds: float
) -> None:
    names = list(_list_files(run.folder, limits))
    if names:
        child.resume(end.notification)
        child.reap(1.0)
    files = dict(_open_files(run.folder, names))
    report = {"code": end.code, "cause": end.cause, "seconds": seconds, "files": list(files)}
    socket.send_fds(run.worker, [json.dumps(report).encode()], list(files.values()))
    child.resume(end.notification)


def _list_files(folder: str, limits: Limits) -> Iterator[str]:
    # A bounded number of names, such as out/loss.csv.
    for name, most in ((SHOWN, limits.pictures + 1), (OUT, limits.files)):
        try:
            descriptor = os.open(f"{folder}/{name}", OPEN_FOLDER)
        except OSError:
            continue
        with os.scandir(descriptor) as entries:
            names = sorted(
                entry.name for entry, _ in zip(entries, range(MAX_ENTRIES), strict=False)
            )
        os.close(descriptor)
        yield from (f"{name}/{file}" for file in names[:most])


def _open_files(folder: str, names: list[str]) -> Iterator[tuple[str, int]]:
    # Plain files only: follows no link and waits for nothing that could block.
    for path in names:
        parent, _, name = path.partition("/")
        with suppress(OSError):
            descriptor = os.open(f"{folder}/{parent}", OPEN_FOLDER)
            try:
                file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=descriptor)
            finally:
                os.close(descriptor)
            if stat.S_ISREG(os.fstat(file).st_mode):
                yield path, file
            else:
                os.close(file)
