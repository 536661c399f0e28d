"""What goes wrong on demand with the next requests that fit."""

import re
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Fault:
    kind: str
    path: str
    """A regular expression, searched in "METHOD /path"."""
    times: int = 1
    status: int = 500
    seconds: float = 0.1
    error: str = ""


@dataclass
class Faults:
    kinds: frozenset[str]
    waiting: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        if fault.kind not in self.kinds:
            raise ValueError(f"a fault is one of {sorted(self.kinds)}, not {fault.kind!r}")
        self.waiting.append(fault)

    def next(self, line: str) -> Fault | None:
        for fault in self.waiting:
            if re.search(fault.path, line):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None


def cut(request: web.Request) -> None:
    """As a broken cable does."""
    if request.transport:
        request.transport.abort()
    raise ConnectionResetError
