"""A worker started as root takes another uid."""

# That Python often lies below root's home, which nobody else may enter. So while it may still
# mount, the worker gets a view of the machine in which such a closed folder holds only what it
# needs.

import errno
import os
import stat
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from bot.sandbox.jail import syscalls
from bot.sandbox.protocol import NoSandboxError

UID = 60_853  # No distribution hands it out, so no other processes share it
MAX_COPY = 16 << 20  # Bytes of a tmpfs that holds copies of folders which others may not read


def drop_root(uid: int, readable: Iterable[str]) -> None:
    # Become `uid` for good, and still read the given folders at their places.
    os.umask(0o022)
    folders = sorted({os.path.realpath(folder) for folder in readable})
    if hidden := [folder for folder in folders if _closed_folders_on_path(folder)]:
        _remount_readable(hidden, uid)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    unreadable = [folder for folder in folders if not os.access(folder, os.R_OK | os.X_OK)]
    if unreadable:
        raise NoSandboxError(
            f"The worker runs as uid {uid}, which may not read {', '.join(unreadable)}. "
            f"Let others read it (chmod -R a+rX), or start the bot as an ordinary user."
        )


def _closed_folders_on_path(path: str) -> list[Path]:
    # The folders on the way to a path, topmost first, that others may not enter.
    return [folder for folder in (*reversed(Path(path).parents), Path(path)) if _is_closed(folder)]


def _is_closed(folder: Path) -> bool:
    return not folder.stat().st_mode & stat.S_IXOTH


def _remount_readable(hidden: list[str], uid: int) -> None:
    by_closed_folder = defaultdict[Path, list[str]](list)
    for path in hidden:
        by_closed_folder[_closed_folders_on_path(path)[0]].append(path)
    try:
        syscalls.unshare(syscalls.CLONE_NEWNS)
        syscalls.mount("none", "/", flags=syscalls.MS_REC | syscalls.MS_PRIVATE)
        for closed, needed in by_closed_folder.items():
            _replace(closed, needed)
    except OSError as error:
        raise NoSandboxError(
            f"Started as root, the worker becomes uid {uid}, which may not read "
            f"{', '.join(hidden)}; and it cannot show it to itself ({error}). Let others read it "
            "(chmod a+x on the folders above), or start as an ordinary user."
        ) from error


def _replace(closed: Path, needed: list[str]) -> None:
    originals = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in needed}
    copies = {path: _read_files(Path(path)) for path in needed if _is_closed(Path(path))}
    flags = syscalls.MS_NOSUID | syscalls.MS_NODEV
    syscalls.mount("none", str(closed), "tmpfs", flags, f"size={MAX_COPY},mode=755")
    for path, original in originals.items():
        os.makedirs(path, mode=0o755, exist_ok=True)
        if path in copies:
            _write_files(Path(path), copies[path])
        else:
            flags = syscalls.MS_BIND | syscalls.MS_REC
            syscalls.mount(f"/proc/self/fd/{original}", path, flags=flags)
        os.close(original)


def _read_files(folder: Path) -> dict[str, bytes]:
    # Of a folder that is closed itself, as a strict umask leaves it. Only a small one fits.
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".pyc"]
    if sum(path.stat().st_size for path in files) > MAX_COPY // 2:
        raise PermissionError(errno.EPERM, "it is too large to copy", str(folder))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def _write_files(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o644)
