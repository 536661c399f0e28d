"""Workers in processes of their own, as a bot starts them, and what shows of their offspring."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from bot.sandbox.worker.server import WorkerPlan
from tests.sandbox.client import Client

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (
    "import asyncio; from pathlib import PosixPath; from bot.sandbox.worker.server import *; "
    "asyncio.run(serve_worker({plan!r}))"
)
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    """A worker that is up."""

    process: subprocess.Popen[str]
    client: Client

    def offspring(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def settled(self) -> list[psutil.Process]:
        """Its offspring once every slot is refilled and nothing else is left over from a run."""
        until(self.is_full)
        return self.offspring()

    def is_full(self) -> bool:
        room = self.client.ask("GET", "/health").json["devices"]["cpu"]
        processes = 2 * int(room["waiting"])
        return (
            room["waiting"] == room["slots"] == room["free"]
            and len(self.offspring()) == 3 + processes
        )


@contextmanager
def serving(**plan: Any) -> Iterator[Served]:
    with (
        TemporaryDirectory(prefix="torchproof-") as folder,
        started(Path(folder) / "worker.sock", **plan) as served,
    ):
        yield served


@contextmanager
def started(path: Path, **plan: Any) -> Iterator[Served]:
    """Until it says that it is ready; in the end it is told to stop, and does."""
    program = PROGRAM.format(plan=WorkerPlan(path=path, **plan))
    environment = {**os.environ, "TORCHPROOF_SECRET": "of the host"}
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", program],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        said = ""
        while "is ready on" not in said:
            line = process.stdout.readline()
            assert line, f"the worker did not start: {said}"
            said += line
        yield Served(process, Client(path))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            process.communicate()


def is_alive(process: psutil.Process) -> bool:
    """What only waits for its parent to look is not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def until(happened: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Look again and again, for what cannot be waited for otherwise: other processes' ends."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
