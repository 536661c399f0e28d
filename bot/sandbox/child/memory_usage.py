"""How much memory a run holds, read from /proc."""

import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

RESIDENT = ("VmRSS:", "VmSwap:", "VmPTE:")  # Pages in memory, pages swapped out, page tables
EXACT_SECONDS = 0.15  # For one exact measurement


@dataclass(frozen=True, slots=True)
class MemoryMeter:
    # Measures the processes below `root` in the /proc that is open as `proc`.
    proc: int
    root: int
    shared: int  # Bytes that a child shared with its zygote before it saw code
    skipped: frozenset[int] = frozenset()  # Processes that belong to the jail

    def exceeds(self, limit: int, elsewhere: int = 0) -> bool:
        # Cheaply first, counting shared pages once for each process; exactly only if needed.
        resident = {pid: self.resident(pid) for pid in self._processes()}
        if sum(resident.values()) + elsewhere <= limit:
            return False
        return self._exact(resident) + elsewhere > limit

    def _exact(self, resident: dict[int, int]) -> int:
        # Largest first. A process that hides its pages counts with all that it shares.
        total = 0
        deadline = time.monotonic() + EXACT_SECONDS
        for pid in sorted(resident, key=resident.__getitem__, reverse=True):
            if time.monotonic() > deadline:
                total += max(resident[pid] - self.shared, 0)
            else:
                # A process's own pages and its share of shared ones, where it does not hide them.
                own = self._sum(f"{pid}/smaps_rollup", ("Pss:", "SwapPss:"))
                tables = self._sum(f"{pid}/status", ("VmPTE:",)) or 0
                total += self.resident(pid) if own is None else own + tables
        return total

    def _processes(self) -> Iterator[int]:
        try:
            names = os.listdir(self.proc)
        except OSError:  # the last process is gone, and its /proc with it
            return
        pids = [int(name) for name in names if name.isdigit() and int(name) not in self.skipped]
        if self.root == 1:
            yield from pids
            return
        parents = {}
        for pid in pids:
            columns = self._read(f"{pid}/stat").rpartition(")")[2].split()
            parents[pid] = int(columns[1]) if len(columns) > 1 else 0
        for pid in pids:
            ancestor = pid
            while ancestor > 1 and ancestor != self.root:
                ancestor = parents.get(ancestor, 0)
            if ancestor == self.root:
                yield pid

    def resident(self, pid: int) -> int:
        return self._sum(f"{pid}/status", RESIDENT) or 0

    def _sum(self, path: str, names: tuple[str, ...]) -> int | None:
        # Bytes, from lines such as `VmRSS: 12 kB`; None where there is no such line.
        lines = [line.split() for line in self._read(path).splitlines() if line.startswith(names)]
        return sum(int(columns[1]) for columns in lines) * 1024 if lines else None

    def sockets(self, buffer_size: int) -> int:
        # What could lie in the sockets of the run's own network, also in those being sent.
        words = self._read(f"{self.root}/net/sockstat").split()
        return int(words[2]) * buffer_size if words[:2] == ["sockets:", "used"] else 0

    def _read(self, path: str) -> str:
        try:
            with open(os.open(path, os.O_RDONLY, dir_fd=self.proc), "rb", 0) as file:
                return file.read(4096).decode(errors="replace")
        except OSError:
            return ""


def socket_buffer_size() -> int:
    # What a socket holds at most before its sender has to wait.
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)


def in_folders(folders: list[int]) -> int:
    used = 0
    for folder in folders:
        stats = os.fstatvfs(folder)
        used += (stats.f_blocks - stats.f_bfree) * stats.f_frsize
    return used
