"""The zygote: imports PyTorch once, then forks for each run."""

# It runs nobody's code and never touches CUDA, which does not survive a fork.

import gc
import json
import os
import signal
import socket
import sys
import tempfile
import tomllib
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from bot.sandbox.child import supervisor
from bot.sandbox.child.supervisor import RunDescriptors
from bot.sandbox.jail import namespaces, syscalls
from bot.sandbox.jail.namespaces import JailPlan

PRELOADED = Path(__file__).with_name("preloaded.toml")
HUGE_PAGE = 2 << 20


def main() -> None:
    plan = JailPlan.from_json(sys.argv[1])
    channel = socket.socket(fileno=int(sys.argv[2]))
    channel.set_inheritable(False)
    syscalls.set_dumpable(False)
    try:
        _preload(plan)
    except Exception as error:  # noqa: BLE001 (the worker reports why PyTorch does not load)
        channel.send(f"failed {type(error).__name__}: {error}"[:500].encode(errors="replace"))
        return
    channel.send(b"ready")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for supervisors
    while _fork_supervisor(channel, plan):
        pass


def _preload(plan: JailPlan) -> None:
    if not plan.preload:
        import_module("bot.sandbox.child.warm_up")
    else:
        for name in tomllib.loads(PRELOADED.read_text("utf-8"))["modules"]:
            import_module(name)
        warm_up = import_module("bot.sandbox.child.warm_up")
        warm_up.prepare_zygote()
        if plan.device == "cpu":
            warm_up.run_warm_up_snippet(namespaces.FOLDER, plan)
    namespaces.seccomp_filters(gpu=plan.device != "cpu")
    gc.collect()
    gc.freeze()
    gc.disable()
    _use_huge_pages()


def _use_huge_pages() -> None:
    # A fork copies page tables, and of huge pages there are five hundred times fewer.
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as file:
        mappings = [line.split() for line in file]
    for addresses, rights, _offset, _device, _inode, *names in mappings:
        name = names[-1] if names else ""
        start, end = (int(address, 16) for address in addresses.split("-"))
        first = -(-start // HUGE_PAGE) * HUGE_PAGE
        last = end // HUGE_PAGE * HUGE_PAGE
        if rights == "rw-p" and name in {"", "[heap]"} and first < last:
            with suppress(OSError):
                syscalls.collapse_pages(first, last - first)


def _fork_supervisor(channel: socket.socket, plan: JailPlan) -> bool:
    # For the descriptors that came. False when the worker has closed the channel.
    message, descriptors, _, _ = socket.recv_fds(channel, 256, 16)
    if not message:
        return False
    if os.fork() == 0:
        channel.close()
        run = _unpack(message, descriptors, plan)
        supervisor.start_run(run, plan, _serve_child)
    for descriptor in descriptors:
        os.close(descriptor)
    return True


def _unpack(message: bytes, descriptors: list[int], plan: JailPlan) -> RunDescriptors:
    header = json.loads(message)
    code, output, worker, *rest = descriptors
    has_jail = plan.own_namespaces or plan.confined
    return RunDescriptors(
        code=code,
        output=output,
        worker=socket.socket(fileno=worker),
        cgroups=rest[: header["cgroups"]],
        oom_events=rest[header["cgroups"]] if header["oom_events"] else None,
        folder=namespaces.FOLDER if has_jail else tempfile.mkdtemp(),
        urgent=header["urgent"],
    )


def _serve_child(run: RunDescriptors, plan: JailPlan, channel: socket.socket) -> NoReturn:
    try:
        _take_descriptors(run, {channel.fileno(), *run.cgroups})
        if plan.confined:
            namespaces.confine_child(plan, channel, run.cgroups)
        from bot.sandbox.child import harness, warm_up  # noqa: PLC0415 (after torch)

        urgent = run.urgent and plan.device == "cpu"
        snippet_run = warm_up.prepare_child(run.folder, plan, urgent=urgent)
        channel.send(b"ready")
        channel.close()
    except BaseException as error:  # noqa: BLE001 (whatever it is, no code may run here)
        namespaces.report_and_exit(channel, error, namespaces.EXIT_NO_JAIL)
    harness.serve(snippet_run)


def _take_descriptors(run: RunDescriptors, kept: set[int]) -> None:
    # The three standard streams, and those that confining still needs; all others are closed.
    os.setsid()
    os.umask(0o077)
    os.chdir(run.folder)
    for number, descriptor in ((0, run.code), (1, run.output), (2, run.output)):
        os.dup2(descriptor, number)
    first = 3
    for last in (*sorted(kept), os.sysconf("SC_OPEN_MAX")):
        os.closerange(first, last)
        first = last + 1
