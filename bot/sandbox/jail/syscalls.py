"""The system calls that Python does not offer, by name. Each one that fails is an OSError."""

import ctypes
import os
from contextlib import suppress
from functools import cache

NEW_NAMESPACES = (
    0x10000000 | 0x00020000 | 0x20000000 | 0x40000000 | 0x08000000 | 0x04000000 | 0x02000000
)
"""user, mount, pid, net, ipc, uts, cgroup"""
NEW_MOUNTS = 0x00020000
READ_ONLY, NO_SUID, NO_DEVICES, NO_PROGRAMS, REMOUNT, BIND, WITH_ALL, PRIVATE = (
    1,
    2,
    4,
    8,
    32,
    4096,
    16384,
    1 << 18,
)

_CAPSET, _SECCOMP = 126, 317
_SET_PDEATHSIG, _SET_DUMPABLE, _DROP_BOUND, _SET_SECUREBITS, _NO_NEW_PRIVS, _AMBIENT = (
    1,
    4,
    24,
    28,
    38,
    47,
)
_SET_THP_DISABLE, _COLLAPSE = 41, 25
_LOCKED_BITS = 0b11_1111 | 0b1100_0000
"""No rights for uid 0, none kept over a change of uid, none ambient; each of it locked."""


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: object) -> int:
    given = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    result = int(getattr(_libc(), name)(*given))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def unshare(flags: int) -> None:
    _call("unshare", flags)


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    _call("mount", source.encode(), target.encode(), kind.encode(), flags, options.encode())


def die_with_parent(number: int) -> None:
    """The parent is a thread: it is its end that sends the signal."""
    _call("prctl", _SET_PDEATHSIG, number, 0, 0, 0)


def use_small_pages() -> None:
    """From now on: memory that is shared in huge pages stays so until it is written to."""
    _call("prctl", _SET_THP_DISABLE, 1, 0, 0, 0)


def collapse(start: int, length: int) -> None:
    """Memory into huge pages, now; an older kernel than 6.1 cannot."""
    _call("madvise", start, length, _COLLAPSE)


def be_seen(seen: bool) -> None:  # noqa: FBT001 (the system call asks the same)
    """Whether others of the same uid may look into this process, and itself into its own /proc."""
    _call("prctl", _SET_DUMPABLE, int(seen), 0, 0, 0)


def give_up_rights() -> None:
    """No capability, now or ever again, by whatever program is started."""
    for capability in range(64):
        try:
            _call("prctl", _DROP_BOUND, capability, 0, 0, 0)
        except OSError:  # past the last one that this kernel knows; or there are none to give up
            break
    _call("prctl", _AMBIENT, 4, 0, 0, 0)
    with suppress(PermissionError):  # who has no rights cannot lock them away, and need not
        _call("prctl", _SET_SECUREBITS, _LOCKED_BITS, 0, 0, 0)
    drop_capabilities()
    gain_nothing()


def drop_capabilities() -> None:
    header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    _call("syscall", _CAPSET, header, none)


def gain_nothing() -> None:
    """No new privileges: a set-uid program gives nothing."""
    _call("prctl", _NO_NEW_PRIVS, 1, 0, 0, 0)


def filter_calls(program: bytes, *, listening: bool) -> int:
    """Confine this thread and its offspring; with `listening`, a descriptor that hears of the calls marked so."""
    code = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    given = Program(len(program) // 8, ctypes.addressof(code))
    return _call("syscall", _SECCOMP, 1, 8 if listening else 0, ctypes.byref(given))
