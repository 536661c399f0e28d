"""How much memory a run holds, read from /proc: for where no control group can hold the limit."""

import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

HELD = ("VmRSS:", "VmSwap:", "VmPTE:")
"""What a process holds: its pages here, those swapped out, and the tables of both."""
PATIENCE = 0.15
"""Seconds that one exact look may take."""


@dataclass(frozen=True, slots=True)
class MemoryWatch:
    """Looks at the processes below `root` in the /proc that is open as `proc`."""

    proc: int
    root: int
    base: int
    """Bytes that a child shared with its zygote before it saw code."""
    skipped: frozenset[int] = frozenset()
    """Processes that belong to the walls."""

    def exceeds(self, limit: int, elsewhere: int = 0) -> bool:
        """Cheaply first: what is resident counts shared pages once for each process. Only if that is too much, exactly."""
        resident = {pid: self.resident(pid) for pid in self._processes()}
        if sum(resident.values()) + elsewhere <= limit:
            return False
        return self._exactly(resident) + elsewhere > limit

    def _exactly(self, resident: dict[int, int]) -> int:
        """Biggest first. Who hides its pages is counted with all that it shares; who was not reached, without."""
        total, ends = 0, time.monotonic() + PATIENCE
        for pid in sorted(resident, key=resident.__getitem__, reverse=True):
            if time.monotonic() > ends:
                total += max(resident[pid] - self.base, 0)
            else:
                own = self._proportional(pid)
                total += self.resident(pid) if own is None else own
        return total

    def _processes(self) -> Iterator[int]:
        try:
            names = os.listdir(self.proc)
        except OSError:  # the last process is gone, and its /proc with it
            return
        numbers = [int(name) for name in names if name.isdigit() and int(name) not in self.skipped]
        if self.root == 1:
            yield from numbers
            return
        parents = {pid: self._parent(pid) for pid in numbers}
        for pid in numbers:
            if self._descends(pid, parents):
                yield pid

    def _descends(self, pid: int, parents: dict[int, int]) -> bool:
        while pid > 1 and pid != self.root:
            pid = parents.get(pid, 0)
        return pid == self.root

    def _parent(self, pid: int) -> int:
        columns = self._text(f"{pid}/stat").rpartition(")")[2].split()
        return int(columns[1]) if len(columns) > 1 else 0

    def resident(self, pid: int) -> int:
        return self._sum(f"{pid}/status", HELD) or 0

    def _proportional(self, pid: int) -> int | None:
        """A process's own pages, and its share of the shared ones; None where it hides them."""
        own = self._sum(f"{pid}/smaps_rollup", ("Pss:", "SwapPss:"))
        return None if own is None else own + (self._sum(f"{pid}/status", ("VmPTE:",)) or 0)

    def _sum(self, path: str, names: tuple[str, ...]) -> int | None:
        """Bytes, from lines such as `VmRSS: 12 kB`; None where there is no such line."""
        found = [line.split() for line in self._text(path).splitlines() if line.startswith(names)]
        return sum(int(columns[1]) for columns in found) * 1024 if found else None

    def in_sockets(self, buffer: int) -> int:
        """What could lie in the sockets of the run's own network, those under way inside others among them."""
        words = self._text(f"{self.root}/net/sockstat").split()
        return int(words[2]) * buffer if words[:2] == ["sockets:", "used"] else 0

    def _text(self, path: str) -> str:
        """A process may end at any time; then there is nothing to read."""
        try:
            file = os.open(path, os.O_RDONLY | os.O_CLOEXEC, dir_fd=self.proc)
        except OSError:
            return ""
        try:
            return os.read(file, 4096).decode(errors="replace")
        except OSError:
            return ""
        finally:
            os.close(file)


def buffer_of_a_socket() -> int:
    """What one holds at most before it makes its sender wait."""
    with socket.socket(socket.AF_UNIX) as one:
        return one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)


def in_folders(*folders: int) -> int:
    """Bytes that lie in file systems made of memory."""
    held = 0
    for folder in folders:
        room = os.fstatvfs(folder)
        held += (room.f_blocks - room.f_bfree) * room.f_frsize
    return held
