"""Linux system calls that Python does not offer."""

import ctypes
import os
from contextlib import suppress
from functools import cache

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
ALL_NAMESPACES = (
    CLONE_NEWNS
    | CLONE_NEWCGROUP
    | CLONE_NEWUTS
    | CLONE_NEWIPC
    | CLONE_NEWUSER
    | CLONE_NEWPID
    | CLONE_NEWNET
)

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_BIND = 1 << 12
MS_REC = 1 << 14
MS_PRIVATE = 1 << 18

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_SECUREBITS = 28
PR_SET_NO_NEW_PRIVS = 38
PR_SET_THP_DISABLE = 41
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
# No rights for uid 0, none kept over a change of uid, none ambient; each one locked.
ALL_SECUREBITS = 0xFF
CAP_LAST_CAP = 63
_LINUX_CAPABILITY_VERSION_3 = 0x20080522

MADV_COLLAPSE = 25
SYS_CAPSET = 126
SYS_SECCOMP = 317
SECCOMP_SET_MODE_FILTER = 1
SECCOMP_FILTER_FLAG_NEW_LISTENER = 8


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


def _prctl(option: int, value: int) -> None:
    _call("prctl", option, value, 0, 0, 0)


def unshare(flags: int) -> None:
    _call("unshare", flags)


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    _call("mount", source.encode(), target.encode(), kind.encode(), flags, options.encode())


def set_parent_death_signal(number: int) -> None:
    # Here the parent is a thread: the signal comes when that thread ends.
    _prctl(PR_SET_PDEATHSIG, number)


def disable_huge_pages() -> None:
    # From now on. Huge pages that are shared already stay so until they are written to.
    _prctl(PR_SET_THP_DISABLE, 1)


def collapse_pages(start: int, length: int) -> None:
    # Move memory into huge pages now. Kernels before 6.1 cannot.
    _call("madvise", start, length, MADV_COLLAPSE)


def set_dumpable(value: bool) -> None:  # noqa: FBT001 (prctl takes the same switch)
    # Whether processes of the same uid may trace this one, and this one may use its own /proc.
    _prctl(PR_SET_DUMPABLE, int(value))


def drop_privileges() -> None:
    # No capability now, and none through any program that is started later.
    for capability in range(CAP_LAST_CAP + 1):
        try:
            _prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # past the last one that this kernel knows, or there are none to drop
            break
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    with suppress(PermissionError):  # without capabilities they cannot be locked, and need not be
        _prctl(PR_SET_SECUREBITS, ALL_SECUREBITS)
    drop_capabilities()
    _prctl(PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    header = (ctypes.c_uint32 * 2)(_LINUX_CAPABILITY_VERSION_3, 0)
    _call("syscall", SYS_CAPSET, header, (ctypes.c_uint32 * 6)())


def install_filter(program: bytes, *, notify: bool) -> int:
    # For this thread and its children. With `notify`, returns a listener.
    code = ctypes.create_string_buffer(program, len(program))

    class SockFprog(ctypes.Structure):
        _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    fprog = SockFprog(len(program) // 8, ctypes.addressof(code))
    flags = SECCOMP_FILTER_FLAG_NEW_LISTENER if notify else 0
    return _call("syscall", SYS_SECCOMP, SECCOMP_SET_MODE_FILTER, flags, ctypes.byref(fprog))
