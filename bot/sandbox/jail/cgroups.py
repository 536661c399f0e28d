"""Control groups: kernel limits for all processes of a run."""

# Version 2 needs root, or a group that was handed to the worker with its controllers (systemd:
# `Delegate=memory pids cpu`). Version 1 needs root, or folders that belong to the worker.

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from bot.sandbox.limits import MB, Limits

ROOT = Path("/sys/fs/cgroup")
NAME = "torchproof"
CONTROLLERS = ("memory", "pids", "cpu")
ENABLE_CONTROLLERS = " ".join(f"+{name}" for name in CONTROLLERS)
CPU_PERIOD = 100_000  # Microseconds
SPARE_PROCESSES = 2
REMOVAL_TRIES = 50


@dataclass(frozen=True, slots=True)
class RunCgroup:
    folders: tuple[Path, ...]
    join_files: tuple[int, ...]  # A process that writes "0" here joins
    oom_events: int  # Its file says how often the kernel killed for memory

    async def remove(self) -> None:
        for descriptor in (*self.join_files, self.oom_events):
            os.close(descriptor)
        for folder in self.folders:
            await _remove(folder)


async def _remove(folder: Path) -> None:
    # The kernel takes a moment to see that the last process is gone.
    for _ in range(REMOVAL_TRIES):
        try:
            os.rmdir(folder)
        except FileNotFoundError:
            return
        except OSError:
            await asyncio.sleep(0.02)
        else:
            return


@dataclass(frozen=True, slots=True)
class RunCgroups:
    version: int
    parents: tuple[Path, ...]
    limits: Limits
    _numbers: Iterator[int] = field(default_factory=count)

    def create(self) -> RunCgroup | None:
        # For one run. None if it cannot be made now; then the supervisor alone watches memory.
        name = f"run-{os.getpid()}-{next(self._numbers)}"
        folders = tuple(parent / name for parent in self.parents)
        events = "memory.oom_control" if self.version == 1 else "memory.events"
        opened: list[int] = []
        try:
            for folder in folders:
                folder.mkdir()
                for setting, value in _settings(self.version, self.limits).items():
                    if (folder / setting).exists():
                        (folder / setting).write_text(value)
                opened.append(os.open(folder / "cgroup.procs", os.O_WRONLY))
            opened.append(os.open(folders[0] / events, os.O_RDONLY))
        except OSError:
            for descriptor in opened:
                os.close(descriptor)
            for folder in folders:
                with suppress(OSError):
                    folder.rmdir()
            return None
        return RunCgroup(folders, tuple(opened[:-1]), opened[-1])

    def remove_leftovers(self) -> None:
        # Groups that this worker or one that is gone left. Others' groups may be empty, too.
        for parent in self.parents:
            for folder in parent.glob("run-*"):
                owner = folder.name.split("-")[1]
                if owner == str(os.getpid()) or not os.path.exists(f"/proc/{owner}"):
                    with suppress(OSError):
                        folder.rmdir()


def _settings(version: int, limits: Limits) -> dict[str, str]:
    memory = str(limits.memory_mb * MB)
    cpu_quota = int(limits.cores * CPU_PERIOD)
    processes = {"pids.max": str(limits.processes + SPARE_PROCESSES)}
    if version == 1:
        return {
            "memory.limit_in_bytes": memory,
            "memory.memsw.limit_in_bytes": memory,
            "cpu.cfs_period_us": str(CPU_PERIOD),
            "cpu.cfs_quota_us": str(cpu_quota),
            **processes,
        }
    return {
        "memory.max": memory,
        "memory.swap.max": "0",
        "memory.oom.group": "1",
        "cpu.max": f"{cpu_quota} {CPU_PERIOD}",
        **processes,
    }


def set_up(limits: Limits, owner: int, root: Path = ROOT) -> RunCgroups | None:
    # Groups below this process's own, for the uid `owner` to use; None where that cannot be.
    try:
        own = _own_groups()
        cgroups = _set_up_v2(own.get("", "/"), root, limits) or _set_up_v1(own, root, limits)
        for parent in cgroups.parents if cgroups else ():
            os.chown(parent, owner, -1)
            for name in ("cgroup.procs", "cgroup.threads", "cgroup.subtree_control"):
                if (parent / name).exists():
                    os.chown(parent / name, owner, -1)
        if cgroups:
            cgroups.remove_leftovers()
    except OSError:
        return None
    return cgroups


def _own_groups() -> dict[str, str]:
    groups = {}
    for line in Path("/proc/self/cgroup").read_text("ascii").splitlines():
        _, controllers, path = line.split(":", 2)
        groups.update(dict.fromkeys(controllers.split(","), path))
    return groups


def _set_up_v1(own: dict[str, str], root: Path, limits: Limits) -> RunCgroups | None:
    homes = [root / name / own.get(name, "/").lstrip("/") for name in CONTROLLERS]
    if not all((home / "cgroup.procs").exists() for home in homes):
        return None
    parents = tuple(home / NAME for home in homes)
    for parent in parents:
        parent.mkdir(exist_ok=True)
    return RunCgroups(1, parents, limits)


def _set_up_v2(own: str, root: Path, limits: Limits) -> RunCgroups | None:
    # One tree. A group has either processes or groups below it.
    home = root / own.lstrip("/")
    try:
        if not set(CONTROLLERS) <= _words(home / "cgroup.controllers"):
            return None
        _enable_controllers(home)
        parent = home / NAME
        parent.mkdir(exist_ok=True)
        (parent / "cgroup.subtree_control").write_text(ENABLE_CONTROLLERS)
    except OSError:
        return None
    return RunCgroups(2, (parent,), limits)


def _enable_controllers(home: Path) -> None:
    # Only a group without processes can do that, so ours and the bot's move into a new one.
    if set(CONTROLLERS) <= _words(home / "cgroup.subtree_control"):
        return
    processes = _words(home / "cgroup.procs")
    if not processes <= {str(os.getpid()), str(os.getppid())}:
        raise PermissionError("others live in this control group")
    leaf = home / f"{NAME}-bot"
    leaf.mkdir(exist_ok=True)
    for process in processes:
        (leaf / "cgroup.procs").write_text(process)
    (home / "cgroup.subtree_control").write_text(ENABLE_CONTROLLERS)


def _words(file: Path) -> set[str]:
    return set(file.read_text("ascii").split())
