"""The filter of system calls: an allow-list made into the small program that the kernel runs on every call.

Calls are named in `calls.toml`. A number means the same call on one kind of machine only, so another kind is refused.
"""

import errno
import platform
import struct
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

CALLS = Path(__file__).with_name("calls.toml")
MACHINE = "x86_64"
FOR_RUNS = ("files", "memory", "processes", "signals", "sockets")

_ARCHITECTURE = 0xC000003E
_OTHER_NUMBERING = 0x40000000
"""Where the calls of x32 begin."""
_ALLOW, _LISTEN, _KILL, _REFUSE = 0x7FFF0000, 0x7FC00000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _MASK, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_NUMBER, _MACHINE = 0, 4


NEW_ANY = 0x7E020000
"""The flags of `clone` that make a namespace."""
SHARED_WITHOUT_FILE, HUGE = 0x21, 0x40000
"""Flags of `mmap`."""
UNIX, INET, INET6 = 1, 2, 10
STREAM, DATAGRAM = 1, 2
SOCKET_LEVEL, BUFFERS = 1, (7, 8)
"""SO_SNDBUF and SO_RCVBUF, which a run may ask for and does not get."""
PARTIAL_LOCKS = (6, 7, 37, 38)
LEASE, NOTIFY = 1024, 1026
"""Of `fcntl`: on a file of the machine, one keeps others from writing it, one tells of what they do."""
CORE = 4

Steps = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Calls:
    """System calls by subject, name and number."""

    groups: Mapping[str, Mapping[str, int]]

    @classmethod
    def read(cls, path: Path = CALLS) -> "Calls":
        return cls(tomllib.loads(path.read_text("utf-8")))

    def numbers(self, groups: Iterable[str]) -> list[int]:
        return sorted({number for group in groups for number in self.groups[group].values()})


def fits(machine: str = platform.machine()) -> bool:
    return machine == MACHINE


def for_builders(calls: Calls, *, gpu: bool = False) -> bytes:
    """What zygote and keeper may call: what a run may, and building walls."""
    groups = (*FOR_RUNS, "builders", *(("gpu",) if gpu else ()))
    return _program(calls, groups, {**_rules(listening=False, builders=True), **_unbound()})


def for_runs(calls: Calls, *, listening: bool, gpu: bool = False) -> bytes:
    """What a run may call. With `listening`, the keeper hears of a process that ends before it does."""
    groups = (*FOR_RUNS, *(("gpu",) if gpu else ()))
    bounds = {**_bounds(), **({"mmap": _unbound()["mmap"]} if gpu else {})}
    return _program(calls, groups, {**_rules(listening=listening, builders=False), **bounds})


def _program(calls: Calls, groups: Iterable[str], rules: Mapping[str, Steps]) -> bytes:
    steps = [
        _step(_LOAD, _MACHINE),
        _step(_EQUAL, _ARCHITECTURE, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, _OTHER_NUMBERING, 0, 1),
        _step(_RETURN, _KILL),
    ]
    for name, rule in rules.items():
        steps += [_step(_EQUAL, calls.groups["ruled"][name], 0, len(rule)), *rule]
    for first, last in _ranges(calls.numbers(groups)):
        steps += [
            _step(_AT_LEAST, first, 0, 2),
            _step(_AT_LEAST, last + 1, 1, 0),
            _step(_RETURN, _ALLOW),
        ]
    return b"".join([*steps, _refuse(errno.EPERM)])


def _ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Neighbours, together: they are compared in one go."""
    first = last = -2
    for number in numbers:
        if number == last + 1:
            last = number
            continue
        if last >= 0:
            yield first, last
        first = last = number
    yield first, last


def _rules(*, listening: bool, builders: bool) -> dict[str, Steps]:
    """The calls that are allowed in part: each rule ends in a verdict whichever way it goes."""
    allow, refuse = _step(_RETURN, _ALLOW), _refuse(errno.EPERM)
    fake_keys = (0x5412, 0x541C)  # TIOCSTI and TIOCLINUX type into somebody's terminal
    closed_options = (35,) if builders else (22, 35)  # more filters; the map of memory
    return {
        "exit_group": (_step(_RETURN, _LISTEN if listening else _ALLOW),),
        "clone": (_argument(0), _step(_ANY_BIT, NEW_ANY, 0, 1), refuse, allow),
        "clone3": (
            _refuse(errno.ENOSYS),
        ),  # its flags lie in memory, which a filter cannot read; libc falls back to clone
        "ioctl": (_argument(1), *_unless(fake_keys), allow),
        "prctl": (_argument(0), *_unless(closed_options), allow),
        "personality": (
            _argument(0),
            _step(_EQUAL, 0xFFFFFFFF, 1, 0),
            _step(_EQUAL, 0, 0, 1),
            allow,
            refuse,
        ),
        "socketpair": (_argument(0), _step(_EQUAL, UNIX, 1, 0), _refuse(errno.EAFNOSUPPORT), allow),
        "socket": _plain_sockets(),
    }


def _bounds() -> dict[str, Steps]:
    """What no limit of the kernel counts for a run: closed, or else anybody could hold the machine's whole memory.

    Shared memory without a file stays when it is in no process's sight any more, a socket's buffers can be set to
    megabytes, locks on parts of a file are without number. And a core file of any size goes to the machine's own
    program for them, unless its limit is exactly 1.
    """
    allow, refuse = _step(_RETURN, _ALLOW), _refuse(errno.EPERM)
    return {
        "mmap": (
            _argument(3),
            _step(_MASK, SHARED_WITHOUT_FILE),
            _step(_EQUAL, SHARED_WITHOUT_FILE, 0, 1),
            refuse,
            _argument(3),
            _step(_ANY_BIT, HUGE, 0, 1),
            refuse,
            allow,
        ),
        "setsockopt": (
            _argument(1),
            _step(_EQUAL, SOCKET_LEVEL, 0, 5),
            _argument(2),
            *_unless(BUFFERS, 0),
            allow,
        ),
        "fcntl": (
            _argument(1),
            *_unless(PARTIAL_LOCKS, errno.ENOLCK),
            *_unless((LEASE, NOTIFY)),
            allow,
        ),
        "setrlimit": (_argument(0), *_unless((CORE,)), allow),
        "prlimit64": (
            _argument(1),
            _step(_EQUAL, CORE, 0, 5),
            _argument(2),
            _step(_EQUAL, 0, 0, 2),
            _argument(2, upper=True),
            _step(_EQUAL, 0, 1, 0),
            refuse,
            allow,
        ),
    }


def _unbound() -> dict[str, Steps]:
    return dict.fromkeys(_bounds(), (_step(_RETURN, _ALLOW),))


def _plain_sockets() -> Steps:
    """Unix sockets, and TCP and UDP, which find no network; every other family is a part of the kernel that stays shut."""
    refuse = _refuse(errno.EAFNOSUPPORT)
    return (
        _argument(0),
        _step(_EQUAL, UNIX, 10, 0),
        _step(_EQUAL, INET, 1, 0),
        _step(_EQUAL, INET6, 0, 7),
        _argument(1),
        _step(_MASK, 0xF),
        _step(_EQUAL, STREAM, 1, 0),
        _step(_EQUAL, DATAGRAM, 0, 3),
        _argument(2),
        _step(_EQUAL, 0, 2, 0),
        _step(_AT_LEAST, 17 + 1, 0, 1),
        refuse,
        _step(_RETURN, _ALLOW),
    )


def _unless(values: Iterable[int], error: int = errno.EPERM) -> Iterator[bytes]:
    for value in values:
        yield from (_step(_EQUAL, value, 0, 1), _refuse(error))


def _argument(index: int, *, upper: bool = False) -> bytes:
    """The lower half of an argument: all that most of these calls look at."""
    return _step(_LOAD, 16 + 8 * index + 4 * upper)


def _refuse(number: int) -> bytes:
    return _step(_RETURN, _REFUSE | number)


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)
