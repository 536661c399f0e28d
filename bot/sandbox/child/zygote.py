"""The zygote: imports PyTorch once, behind bubblewrap's walls, and forks a keeper with a child for each run to come.

It never runs anybody's code and never touches CUDA, which does not survive a fork.
"""

import gc
import json
import os
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

from bot.sandbox.child import keeper
from bot.sandbox.child.keeper import RunPipes
from bot.sandbox.jail import namespaces, syscalls
from bot.sandbox.jail.namespaces import JailPlan

PRELOADED = (
    "torch",
    "torch.nn.functional",
    "torch.optim",
    "torch.utils.data",
    "torch._dynamo",  # every optimiser imports it, for seconds
    "numpy",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "PIL.PngImagePlugin",
    "PIL.JpegImagePlugin",
    "atexit",
    "bot.sandbox.child.harness",
    "collections",
    "dataclasses",
    "decimal",
    "functools",
    "itertools",
    "math",
    "random",
    "string",
    "textwrap",
    "time",
    "typing",
)
CODE, OUTPUT, WORKER = range(3)
HUGE = 2 << 20
NAMELESS = 5
"""Columns in the map of memory where no file is named."""


def main() -> None:
    plan = JailPlan.from_json(sys.argv[1])
    channel = socket.socket(fileno=int(sys.argv[2]))
    channel.set_inheritable(False)
    syscalls.be_seen(False)
    try:
        _preload(plan)
    except Exception as error:  # noqa: BLE001 (the worker tells what keeps PyTorch from loading)
        channel.send(f"failed {type(error).__name__}: {error}"[:500].encode(errors="replace"))
        return
    channel.send(b"ready")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for keepers
    while _forked(channel, plan):
        pass


def _preload(plan: JailPlan) -> None:
    if not plan.preload:
        import_module("bot.sandbox.child.harness")
    else:
        for name in PRELOADED:
            import_module(name)
        harness = import_module("bot.sandbox.child.harness")
        harness.prepare()
        if plan.device == "cpu":
            harness.rehearse(namespaces.FOLDER, plan)
    namespaces.filters(gpu=plan.device != "cpu")
    gc.collect()
    gc.freeze()
    gc.disable()
    _gather()


def _gather() -> None:
    """Memory into huge pages: a fork copies tables of pages, and of huge ones there are five hundred times fewer."""
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        own = [line.split() for line in maps]
    for place, rights, *_, file in (line if len(line) > NAMELESS else [*line, ""] for line in own):
        start, end = (int(each, 16) for each in place.split("-"))
        first, last = -(-start // HUGE) * HUGE, end // HUGE * HUGE
        if rights == "rw-p" and file in {"", "[heap]"} and first < last:
            with suppress(OSError):
                syscalls.collapse(first, last - first)


def _forked(channel: socket.socket, plan: JailPlan) -> bool:
    """One more keeper, for the descriptors that came; False when the worker has closed the channel."""
    word, descriptors, _, _ = socket.recv_fds(channel, 256, 16)
    if not word:
        return False
    if os.fork() == 0:
        channel.close()
        _begin(word, descriptors, plan)
    for each in descriptors:
        os.close(each)
    return True


def _begin(word: bytes, descriptors: list[int], plan: JailPlan) -> NoReturn:
    """The word says how many of the descriptors join control groups, and whether the last counts what those killed."""
    asked = json.loads(word)
    rest = descriptors[WORKER + 1 :]
    folder = namespaces.FOLDER if plan.nested or plan.walled else tempfile.mkdtemp()
    door = RunPipes(
        code=descriptors[CODE],
        output=descriptors[OUTPUT],
        worker=socket.socket(fileno=descriptors[WORKER]),
        groups=rest[: asked["groups"]],
        out_of_memory=rest[asked["groups"]] if asked["counted"] else None,
        folder=folder,
        hurried=asked["hurried"],
    )
    keeper.start(door, plan, _serve)


def _serve(door: RunPipes, plan: JailPlan, inside: socket.socket) -> NoReturn:
    """In the child: the last walls, a warm engine, and then one snippet."""
    try:
        _take_place(door, {inside.fileno(), *door.groups})
        if plan.walled:
            namespaces.confine(plan, inside, door.groups)
        from bot.sandbox.child import harness  # noqa: PLC0415 (loaded by then; the zygote itself must not load it too early)

        sitting = harness.warm(door.folder, plan, hurried=door.hurried and plan.device == "cpu")
        inside.send(b"ready")
        inside.close()
    except BaseException as error:  # noqa: BLE001 (whatever it is: no code may run here)
        namespaces.fail(inside, error, namespaces.UNFINISHED)
    harness.serve(sitting)


def _take_place(door: RunPipes, kept: set[int]) -> None:
    """Standard input, output and errors; every other descriptor is shut, but for those that building still needs."""
    os.setsid()
    os.umask(0o077)
    os.chdir(door.folder)
    for number, descriptor in ((0, door.code), (1, door.output), (2, door.output)):
        os.dup2(descriptor, number)
    first = 3
    for last in (*sorted(kept), os.sysconf("SC_OPEN_MAX")):
        os.closerange(first, last)
        first = last + 1
