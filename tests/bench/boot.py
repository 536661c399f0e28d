"""Time and memory from a fresh start until the web chat can be opened, lazy against eager.

Each start is `python -OO -m bot`, as `make run` starts it, on a migrated SQLite database and a free
port, until it says its address. The eager one first imports all that is installed for the product,
PyTorch among it. They take turns; medians are compared. Memory is the peak resident set (VmHWM) in
MiB, seconds are wall-clock.
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench import Findings, Goal

ROOT = Path(__file__).resolve().parents[2]
TURNS = 9
LAZY = ("-OO", "-m", "bot")
EAGER = (
    "-OO",
    "-c",
    """
import pkgutil, runpy, sys
from importlib import import_module
from importlib.util import find_spec
PRODUCT = (
    "aiohttp.web", "sqlalchemy.orm", "sqlalchemy.ext.asyncio", "aiosqlite", "psycopg",
    "alembic.command",
    "apscheduler.schedulers.asyncio", "apscheduler.triggers.cron", "pygments.lexers.python",
    "pygments.formatters.html", "matplotlib.figure", "matplotlib.backends.backend_agg", "torch",
    "discord", "slack_bolt.async_app",
)
for name in PRODUCT:
    if find_spec(name.partition(".")[0]):
        import_module(name)
import bot
for module in pkgutil.walk_packages(bot.__path__, "bot."):
    if not module.name.endswith(("__main__", ".harness")):
        import_module(module.name)
sys.argv = ["bot"]
runpy.run_module("bot", run_name="__main__")
""",
)


@dataclass(frozen=True, slots=True)
class Start:
    seconds: float
    mb: float


def start(program: tuple[str, ...], folder: Path) -> Start:
    """One fresh process until it says where to open it; then it is stopped."""
    settings = {
        "TORCHPROOF_DATA_DIR": str(folder),
        "TORCHPROOF_WEB_PORT": "0",
        "PYTHONUNBUFFERED": "1",
    }
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *program],
        cwd=ROOT,
        env={
            name: value
            for name, value in {**os.environ, **settings}.items()
            if name != "PYTHONDONTWRITEBYTECODE"
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        said = ""
        while "http://" not in said:
            line = process.stdout.readline()
            assert line, f"the bot did not start:\n{said}"
            said += line
        found = Start(time.perf_counter() - began, peak(process.pid))
        process.terminate()
        process.communicate()
    return found


def peak(pid: int) -> float:
    """The most memory a process has held at once, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def measure() -> Findings:
    with tempfile.TemporaryDirectory() as folder:
        for program in (LAZY, EAGER):  # makes the tables, and the compiled files
            start(program, Path(folder))
        turns = [(start(LAZY, Path(folder)), start(EAGER, Path(folder))) for _ in range(TURNS)]
    seconds, eager_seconds = (median(turn[way].seconds for turn in turns) for way in (0, 1))
    mb, eager_mb = (median(turn[way].mb for turn in turns) for way in (0, 1))
    figures = {
        "ready_seconds": seconds,
        "ready_mb": mb,
        "eager_seconds": eager_seconds,
        "eager_mb": eager_mb,
        "lazy_vs_eager_time": seconds / eager_seconds,
        "lazy_vs_eager_memory": mb / eager_mb,
    }
    bounds = {
        "ready_seconds": 0.6,
        "ready_mb": 70,
        "lazy_vs_eager_time": 0.5,
        "lazy_vs_eager_memory": 0.5,
    }
    return Findings(figures, {name: Goal(figures[name], bound) for name, bound in bounds.items()})
