"""The seccomp filter: system calls that are allowed."""

# Calls are named in `calls.toml`. Their numbers hold for x86-64 only; other machines are refused.

import errno
import fcntl
import platform
import resource
import struct
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from socket import (
    AF_INET,
    AF_INET6,
    AF_UNIX,
    SO_RCVBUF,
    SO_SNDBUF,
    SOCK_DGRAM,
    SOCK_STREAM,
    SOL_SOCKET,
)

from bot.sandbox.jail.syscalls import ALL_NAMESPACES

FILE = Path(__file__).with_name("calls.toml")
MACHINE = "x86_64"
RUN_GROUPS = ("files", "memory", "processes", "signals", "sockets")

AUDIT_ARCH_X86_64 = 0xC000003E
X32_SYSCALL_BIT = 0x40000000
SECCOMP_RET_KILL_PROCESS = 0x80000000
SECCOMP_RET_ERRNO = 0x00050000
SECCOMP_RET_USER_NOTIF = 0x7FC00000
SECCOMP_RET_ALLOW = 0x7FFF0000
SECCOMP_DATA_NR = 0
SECCOMP_DATA_ARCH = 4
SECCOMP_DATA_ARGS = 16

BPF_LD = 0x00
BPF_ALU = 0x04
BPF_JMP = 0x05
BPF_RET = 0x06
BPF_ABS = 0x20
BPF_AND = 0x50
BPF_JEQ = 0x10
BPF_JGE = 0x30
BPF_JSET = 0x40

PR_SET_SECCOMP = 22
PR_SET_MM = 35
PER_QUERY = 0xFFFFFFFF
TIOCSTI = 0x5412
TIOCLINUX = 0x541C
MAP_SHARED = 0x01
MAP_ANONYMOUS = 0x20
MAP_HUGETLB = 0x40000
SOCK_TYPE_MASK = 0xF
IPPROTO_UDP = 17
F_SETLK = 6
F_SETLKW = 7
F_OFD_SETLK = 37
F_OFD_SETLKW = 38

Steps = tuple[bytes, ...]


@cache
def syscall_groups() -> Mapping[str, Mapping[str, int]]:
    return tomllib.loads(FILE.read_text("utf-8"))


def syscall_numbers(groups: Iterable[str]) -> list[int]:
    return sorted({number for group in groups for number in syscall_groups()[group].values()})


def is_supported(machine: str = platform.machine()) -> bool:
    return machine == MACHINE


def builder_filter(*, gpu: bool = False) -> bytes:
    # For the zygote and its supervisors: what a run may call, and what building a jail takes.
    groups = (*RUN_GROUPS, "builders", *(("gpu",) if gpu else ()))
    unlimited = dict.fromkeys(_resource_rules(), (_allow(),))
    return _program(groups, {**_rules(notify_exit=False, builder=True), **unlimited})


def run_filter(*, notify_exit: bool, gpu: bool = False) -> bytes:
    # For a run. With `notify_exit` the listener hears of each process that is about to end.
    groups = (*RUN_GROUPS, *(("gpu",) if gpu else ()))
    rules = {**_rules(notify_exit=notify_exit, builder=False), **_resource_rules()}
    if gpu:
        rules["mmap"] = (_allow(),)
    return _program(groups, rules)


def _program(groups: Iterable[str], rules: Mapping[str, Steps]) -> bytes:
    steps = [
        _load(SECCOMP_DATA_ARCH),
        _if_equal(AUDIT_ARCH_X86_64, 1, 0),
        _return(SECCOMP_RET_KILL_PROCESS),
        _load(SECCOMP_DATA_NR),
        _if_at_least(X32_SYSCALL_BIT, 0, 1),
        _return(SECCOMP_RET_KILL_PROCESS),
    ]
    for name, rule in rules.items():
        steps += [_if_equal(syscall_groups()["ruled"][name], 0, len(rule)), *rule]
    for first, last in _ranges(syscall_numbers(groups)):
        steps += [_if_at_least(first, 0, 2), _if_at_least(last + 1, 1, 0), _allow()]
    return b"".join([*steps, _deny()])


def _ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = -2
    for number in numbers:
        if number == last + 1:
            last = number
            continue
        if last >= 0:
            yield first, last
        first = last = number
    yield first, last


def _rules(*, notify_exit: bool, builder: bool) -> dict[str, Steps]:
    # Rules for calls that are allowed in part. Each path through a rule ends in a verdict.
    denied_options = (PR_SET_MM,) if builder else (PR_SET_SECCOMP, PR_SET_MM)
    return {
        "exit_group": (_return(SECCOMP_RET_USER_NOTIF) if notify_exit else _allow(),),
        "clone": (_argument(0), _if_any_bit(ALL_NAMESPACES, 0, 1), _deny(), _allow()),
        # Its flags lie in memory, which a filter cannot read; libc falls back to clone.
        "clone3": (_deny(errno.ENOSYS),),
        # Both type into somebody's terminal.
        "ioctl": (_argument(1), *_deny_each((TIOCSTI, TIOCLINUX)), _allow()),
        "prctl": (_argument(0), *_deny_each(denied_options), _allow()),
        "personality": (
            _argument(0),
            _if_equal(PER_QUERY, 1, 0),
            _if_equal(0, 0, 1),
            _allow(),
            _deny(),
        ),
        "socketpair": (
            _argument(0),
            _if_equal(AF_UNIX, 1, 0),
            _deny(errno.EAFNOSUPPORT),
            _allow(),
        ),
        "socket": _socket_rule(),
    }


def _resource_rules() -> dict[str, Steps]:
    # Denies what no kernel limit counts, and what could so use up the machine's memory.
    # Shared memory without a file outlives every process that sees it, socket buffers can be set to
    # megabytes, and record locks are without number. A core file of any size goes to the machine's
    # own core handler unless RLIMIT_CORE is exactly 1.
    shared_memory = MAP_SHARED | MAP_ANONYMOUS
    record_locks = (F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW)
    return {
        "mmap": (
            _argument(3),
            _mask(shared_memory),
            _if_equal(shared_memory, 0, 1),
            _deny(),
            _argument(3),
            _if_any_bit(MAP_HUGETLB, 0, 1),
            _deny(),
            _allow(),
        ),
        "setsockopt": (
            _argument(1),
            _if_equal(SOL_SOCKET, 0, 5),
            _argument(2),
            *_deny_each((SO_SNDBUF, SO_RCVBUF), 0),  # errno 0: ignored without an error
            _allow(),
        ),
        "fcntl": (
            _argument(1),
            *_deny_each(record_locks, errno.ENOLCK),
            *_deny_each((fcntl.F_SETLEASE, fcntl.F_NOTIFY)),  # both reach beyond the run
            _allow(),
        ),
        "setrlimit": (_argument(0), *_deny_each((resource.RLIMIT_CORE,)), _allow()),
        "prlimit64": (
            _argument(1),
            _if_equal(resource.RLIMIT_CORE, 0, 5),
            _argument(2),
            _if_equal(0, 0, 2),
            _argument(2, upper=True),
            _if_equal(0, 1, 0),
            _deny(),
            _allow(),
        ),
    }


def _socket_rule() -> Steps:
    # Unix sockets, TCP and UDP, which find no network. Other families are denied.
    return (
        _argument(0),
        _if_equal(AF_UNIX, 10, 0),
        _if_equal(AF_INET, 1, 0),
        _if_equal(AF_INET6, 0, 7),
        _argument(1),
        _mask(SOCK_TYPE_MASK),
        _if_equal(SOCK_STREAM, 1, 0),
        _if_equal(SOCK_DGRAM, 0, 3),
        _argument(2),
        _if_equal(0, 2, 0),
        _if_at_least(IPPROTO_UDP + 1, 0, 1),
        _deny(errno.EAFNOSUPPORT),
        _allow(),
    )


def _deny_each(values: Iterable[int], error: int = errno.EPERM) -> Iterator[bytes]:
    for value in values:
        yield from (_if_equal(value, 0, 1), _deny(error))


def _argument(index: int, *, upper: bool = False) -> bytes:
    # Loads the lower half of an argument, which is all that most of these calls read.
    return _load(SECCOMP_DATA_ARGS + 8 * index + 4 * upper)


def _allow() -> bytes:
    return _return(SECCOMP_RET_ALLOW)


def _deny(error: int = errno.EPERM) -> bytes:
    return _return(SECCOMP_RET_ERRNO | error)


def _load(offset: int) -> bytes:
    return _step(BPF_LD | BPF_ABS, offset)


def _mask(bits: int) -> bytes:
    return _step(BPF_ALU | BPF_AND, bits)


def _return(verdict: int) -> bytes:
    return _step(BPF_RET, verdict)


def _if_equal(value: int, skip_if_true: int, skip_if_false: int) -> bytes:
    return _step(BPF_JMP | BPF_JEQ, value, skip_if_true, skip_if_false)


def _if_at_least(value: int, skip_if_true: int, skip_if_false: int) -> bytes:
    return _step(BPF_JMP | BPF_JGE, value, skip_if_true, skip_if_false)


def _if_any_bit(bits: int, skip_if_true: int, skip_if_false: int) -> bytes:
    return _step(BPF_JMP | BPF_JSET, bits, skip_if_true, skip_if_false)


def _step(code: int, value: int, skip_if_true: int = 0, skip_if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, skip_if_true, skip_if_false, value)
