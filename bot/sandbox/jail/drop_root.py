"""Down from root: a worker that was started as root takes a uid of its own, and keeps sight of the Python it runs on.

That Python often lies below root's home, which nobody else may enter. So before going down, while it may still mount, the
worker gives itself a view of the machine in which such a closed folder holds nothing but what it needs, at the same place.
"""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.sandbox.jail import syscalls
from bot.sandbox.protocol import NoSandboxError

UID = 60_853
"""A number that no distribution hands out; nobody else's processes share it."""
SMALL = 16 << 20
"""Bytes up to which a folder that others may not read is copied."""


def go_down(uid: int, needed: Iterable[str]) -> None:
    """From now on this process is `uid`, for good. The folders in `needed` can be read at their places."""
    os.umask(0o022)
    wanted = sorted({os.path.realpath(each) for each in needed})
    hidden = [each for each in wanted if _is_closed(Path(each))]
    if hidden:
        _open_up(hidden, uid)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    unreadable = [each for each in wanted if not os.access(each, os.R_OK | os.X_OK)]
    if unreadable:
        raise NoSandboxError(
            f"The worker runs as uid {uid}, which may not read {', '.join(unreadable)}. "
            f"Let others read it (chmod -R a+rX), or start the bot as an ordinary user."
        )


def _is_closed(path: Path) -> bool:
    """Whether others cannot get there."""
    return any(not _lets_in(each) for each in (path, *path.parents))


def _lets_in(folder: Path) -> bool:
    return bool(folder.stat().st_mode & stat.S_IXOTH)


def _open_up(hidden: list[str], uid: int) -> None:
    try:
        syscalls.unshare(syscalls.NEW_MOUNTS)
        syscalls.mount("none", "/", flags=syscalls.WITH_ALL | syscalls.PRIVATE)
        for covered, inside in _covers(hidden):
            _cover(covered, inside)
    except OSError as error:
        raise NoSandboxError(
            f"Started as root, the worker becomes uid {uid}, which may not read {', '.join(hidden)}; and it cannot show "
            f"it to itself ({error}). Let others read it (chmod a+x on the folders above), or start as an ordinary user."
        ) from error


def _covers(hidden: list[str]) -> Iterator[tuple[Path, list[str]]]:
    """The topmost closed folders, each with what is needed from it."""
    tops: dict[Path, list[str]] = {}
    for each in hidden:
        above = [
            folder for folder in (*reversed(Path(each).parents), Path(each)) if not _lets_in(folder)
        ]
        tops.setdefault(above[0], []).append(each)
    yield from tops.items()


def _cover(covered: Path, inside: list[str]) -> None:
    """An empty folder over the closed one, and in it only what is needed."""
    kept = {each: os.open(each, os.O_PATH | os.O_DIRECTORY) for each in inside}
    copies = {each: _read_copy(Path(each)) for each in inside if not _lets_in(Path(each))}
    syscalls.mount(
        "none",
        str(covered),
        "tmpfs",
        syscalls.NO_SUID | syscalls.NO_DEVICES,
        f"size={SMALL},mode=755",
    )
    for each, descriptor in kept.items():
        os.makedirs(each, mode=0o755, exist_ok=True)
        if each in copies:
            _write_copy(Path(each), copies[each])
        else:
            syscalls.mount(
                f"/proc/self/fd/{descriptor}", each, flags=syscalls.BIND | syscalls.WITH_ALL
            )
        os.close(descriptor)


def _read_copy(folder: Path) -> dict[str, bytes]:
    """The files of a folder that is closed itself, as a strict umask leaves them; only a small one can be copied."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".pyc"]
    if sum(path.stat().st_size for path in files) > SMALL // 2:
        raise PermissionError(errno.EPERM, "it is too large to copy", str(folder))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def _write_copy(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o644)
