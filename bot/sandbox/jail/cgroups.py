"""Control groups: the kernel's own count of what all processes of a run hold together, where we may write there.

Version 2 needs a group that was handed to us with its controllers (systemd: `Delegate=memory pids cpu`), or root. Version 1
needs root, or folders that belong to us.
"""

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from bot.sandbox.limits import MB, Limits

ROOT = Path("/sys/fs/cgroup")
OURS = "torchproof"
WANTED = ("memory", "pids", "cpu")
PERIOD = 100_000
SPARE_PROCESSES = 2
TRIES = 50


@dataclass(frozen=True, slots=True)
class Group:
    """The group of one run, in one folder or, in version 1, in one for each controller."""

    folders: tuple[Path, ...]
    descriptors: tuple[int, ...]
    """Whoever writes "0" here joins."""
    killed: int
    """Says how often the kernel killed for memory."""

    async def remove(self) -> None:
        for each in (*self.descriptors, self.killed):
            os.close(each)
        for folder in self.folders:
            await _remove(folder)


async def _remove(folder: Path) -> None:
    """The kernel takes a moment to see that the last process is gone."""
    for _ in range(TRIES):
        try:
            os.rmdir(folder)
        except FileNotFoundError:
            return
        except OSError:
            await asyncio.sleep(0.02)
        else:
            return


@dataclass(frozen=True, slots=True)
class Groups:
    """Where groups for runs are made."""

    version: int
    parents: tuple[Path, ...]
    limits: Limits
    _numbers: Iterator[int] = field(default_factory=count)

    def new(self) -> Group | None:
        """A group for one run; None if it cannot be made just now, and the watch over memory must do."""
        name = f"run-{os.getpid()}-{next(self._numbers)}"
        folders = tuple(parent / name for parent in self.parents)
        opened: list[int] = []
        try:
            for folder in folders:
                folder.mkdir()
                self._bound(folder)
                opened.append(os.open(folder / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC))
            told = "memory.events" if self.version == 2 else "memory.oom_control"  # noqa: PLR2004 (a version)
            opened.append(os.open(folders[0] / told, os.O_RDONLY | os.O_CLOEXEC))
        except OSError:
            for each in opened:
                os.close(each)
            for folder in folders:
                with suppress(OSError):
                    folder.rmdir()
            return None
        return Group(folders, tuple(opened[:-1]), opened[-1])

    def _bound(self, folder: Path) -> None:
        for name, value in _bounds(self.version, self.limits):
            if (folder / name).exists():
                (folder / name).write_text(value)

    def tidy(self) -> None:
        """Groups that an earlier worker left, or this one. Others may work here: theirs are empty for a moment, too."""
        for parent in self.parents:
            for left in parent.glob("run-*"):
                maker = left.name.split("-")[1]
                if maker == str(os.getpid()) or not os.path.exists(f"/proc/{maker}"):
                    with suppress(OSError):
                        left.rmdir()


def _bounds(version: int, limits: Limits) -> Iterator[tuple[str, str]]:
    memory, quota = str(limits.memory_mb * MB), int(limits.cores * PERIOD)
    processes = str(limits.processes + SPARE_PROCESSES)
    if version == 2:  # noqa: PLR2004 (a version)
        yield from (("memory.max", memory), ("memory.swap.max", "0"), ("memory.oom.group", "1"))
        yield "cpu.max", f"{quota} {PERIOD}"
    else:
        yield from (("memory.limit_in_bytes", memory), ("memory.memsw.limit_in_bytes", memory))
        yield from (("cpu.cfs_period_us", str(PERIOD)), ("cpu.cfs_quota_us", str(quota)))
    yield "pids.max", processes


def claim(limits: Limits, owner: int, root: Path = ROOT) -> Groups | None:
    """Groups below the one that this process is in, for `owner` to use; None where that cannot be."""
    try:
        lines = Path("/proc/self/cgroup").read_text("ascii").splitlines()
        own = dict(_own(lines))
        found = _second(own.get("", "/"), root, limits) or _first(own, root, limits)
        for parent in found.parents if found else ():
            os.chown(parent, owner, -1)
            for name in ("cgroup.procs", "cgroup.threads", "cgroup.subtree_control"):
                if (parent / name).exists():
                    os.chown(parent / name, owner, -1)
        if found:
            found.tidy()
    except OSError:
        return None
    return found


def _own(lines: list[str]) -> Iterator[tuple[str, str]]:
    """By controller, the group that this process is in; version 2 has no controller's name."""
    for line in lines:
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            yield controller, path


def _first(own: dict[str, str], root: Path, limits: Limits) -> Groups | None:
    """Version 1: a folder in each controller's own tree."""
    homes = [root / name / own.get(name, "/").lstrip("/") for name in WANTED]
    if not all((home / "cgroup.procs").exists() for home in homes):
        return None
    parents = [home / OURS for home in homes]
    try:
        for parent in parents:
            parent.mkdir(exist_ok=True)
    except OSError:
        return None
    return Groups(1, tuple(parents), limits)


def _second(own: str, root: Path, limits: Limits) -> Groups | None:
    """Version 2: one tree, and a group has either processes or groups below it, so we move into one of our own."""
    home = root / own.lstrip("/")
    try:
        offered = (home / "cgroup.controllers").read_text("ascii").split()
        if not set(WANTED) <= set(offered):
            return None
        _settle(home)
        parent = home / OURS
        parent.mkdir(exist_ok=True)
        (parent / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in WANTED))
    except OSError:
        return None
    return Groups(2, (parent,), limits)


def _settle(home: Path) -> None:
    """Controllers are handed down only by a group without processes; ours and the bot that started us make room."""
    active = (home / "cgroup.subtree_control").read_text("ascii").split()
    if set(WANTED) <= set(active):
        return
    here = {int(number) for number in (home / "cgroup.procs").read_text("ascii").split()}
    if not here <= {os.getpid(), os.getppid()}:
        raise PermissionError("others live in this control group")
    leaf = home / f"{OURS}-bot"
    leaf.mkdir(exist_ok=True)
    for number in here:
        (leaf / "cgroup.procs").write_text(str(number))
    (home / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in WANTED))
