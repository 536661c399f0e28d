"""Where Python lies on this machine and in a jail."""

import os
import site
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SANDBOX = Path(__file__).resolve().parents[1]
PROJECT = str(SANDBOX.parents[1])
SYSTEM = "/usr"
# Links into /usr on most machines, folders of their own on others.
SYSTEM_LINKS = ("/bin", "/lib", "/lib64", "/lib32", "/sbin")
PYTHON = "/opt/python"
PACKAGES = "/opt/packages"
TORCHPROOF = "/opt/torchproof"


@dataclass(frozen=True, slots=True)
class PythonPaths:
    mounts: tuple[tuple[str, str], ...]  # Folder on this machine, folder in the jail
    python: str
    search: tuple[str, ...]  # For `sys.path`, after Python's own library
    libraries: str  # For LD_LIBRARY_PATH; empty where Python's shared library belongs to the system

    @property
    def readable(self) -> tuple[str, ...]:
        return (*(source for source, _ in self.mounts), sys.prefix, sys.base_prefix)


def find_python() -> PythonPaths:
    base = os.path.realpath(sys.base_prefix)
    is_system = _within(base, SYSTEM)
    home = base if is_system else PYTHON
    packages = {
        folder: f"{PACKAGES}/{number}" for number, folder in enumerate(_package_folders(base))
    }
    mounts = {SYSTEM: SYSTEM, **({} if is_system else {base: PYTHON}), **packages}
    has_library = base != SYSTEM and any(Path(base, "lib").glob("libpython*.so*"))
    return PythonPaths(
        mounts=(*mounts.items(), (str(SANDBOX), f"{TORCHPROOF}/bot/sandbox")),
        python=f"{home}/bin/python{sys.version_info.major}.{sys.version_info.minor}",
        search=(*packages.values(), TORCHPROOF),
        libraries=f"{home}/lib" if has_library else "",
    )


def _package_folders(base: str) -> list[str]:
    # The environment's and the account's, as far as they lie outside the system and Python.
    folders = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    if site.ENABLE_USER_SITE:
        folders.append(site.getusersitepackages())
    real = dict.fromkeys(os.path.realpath(folder) for folder in folders if os.path.isdir(folder))
    return [folder for folder in real if not _within(folder, SYSTEM) and not _within(folder, base)]


def _within(path: str, folder: str) -> bool:
    return os.path.commonpath([path, folder]) == folder


def system_links() -> Iterator[tuple[str, str]]:
    # Target and link, such as usr/bin and /bin.
    for link in SYSTEM_LINKS:
        if os.path.islink(link):
            yield os.readlink(link).removeprefix("/"), link


def system_folders() -> Iterator[str]:
    return (path for path in SYSTEM_LINKS if os.path.isdir(path) and not os.path.islink(path))
