"""The ground a jail stands on: where Python and its packages lie on this machine, and where a run sees them."""

import os
import site
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PYTHON, PACKAGES, OURS = "/opt/python", "/opt/packages", "/opt/torchproof"
SYSTEM = ("/usr",)
ROOM = Path(__file__).resolve().parents[1]
"""The folder of the sandbox's own code."""
LINKED = ("/bin", "/lib", "/lib64", "/lib32", "/sbin")
"""What is a link into /usr on most machines."""


@dataclass(frozen=True, slots=True)
class PythonPaths:
    """Folders of this machine, each with the place where a run sees it, read-only; and how Python starts there."""

    bound: tuple[tuple[str, str], ...]
    python: str
    paths: tuple[str, ...]
    """What Python searches after its own library."""
    libraries: str

    @property
    def sources(self) -> tuple[str, ...]:
        """What must be readable here: for the jail, and for the Python that starts it."""
        return (*(source for source, _ in self.bound), sys.prefix, sys.base_prefix)


def survey() -> PythonPaths:
    """Of the Python that runs this."""
    base = os.path.realpath(sys.base_prefix)
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    moved = not _in_system(base)
    home = PYTHON if moved else base
    packages = [
        each for each in _package_folders() if not _in_system(each) and not _within(each, base)
    ]
    seen = [(each, f"{PACKAGES}/{number}") for number, each in enumerate(packages)]
    return PythonPaths(
        bound=(
            *((each, each) for each in SYSTEM),
            *([(base, PYTHON)] if moved else []),
            *seen,
            (str(ROOM), f"{OURS}/bot/sandbox"),
        ),
        python=f"{home}/bin/{name}",
        paths=(*(place for _, place in seen), OURS),
        libraries=_libraries(base, home),
    )


def _package_folders() -> Iterator[str]:
    """Those of the environment, and of the account where it may have its own."""
    folders = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    if site.ENABLE_USER_SITE:
        folders.append(site.getusersitepackages())
    yield from dict.fromkeys(
        os.path.realpath(folder) for folder in folders if os.path.isdir(folder)
    )


def _libraries(base: str, home: str) -> str:
    """Where Python's own shared library lies, when it is no part of the system."""
    has_own = any(Path(base, "lib").glob("libpython*.so*"))
    return f"{home}/lib" if has_own and base != "/usr" else ""


def _in_system(path: str) -> bool:
    return any(_within(path, each) for each in SYSTEM)


def _within(path: str, folder: str) -> bool:
    return os.path.commonpath([path, folder]) == folder


def links() -> Iterator[tuple[str, str]]:
    """Where /bin and its like lead on this machine; where they are folders of their own, they are bound instead."""
    for each in LINKED:
        if os.path.islink(each):
            yield os.readlink(each).removeprefix("/"), each


def folders() -> Iterator[str]:
    return (each for each in LINKED if os.path.isdir(each) and not os.path.islink(each))


def bare_python() -> str:
    return sys.executable


def bare_paths() -> tuple[str, ...]:
    """Where there are no walls, this Python finds all but our own code by itself."""
    return (str(ROOM.parent.parent),)
