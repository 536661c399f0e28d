"""Starting the harness: a plain process with a time limit for code that our own authors wrote, and a memory of what it gave."""

import asyncio
import contextlib
import hashlib
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.errors import OperatorError

HARNESS = Path(__file__).with_name("harness.py")
SECONDS = 120.0
ALLOWED = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")


@dataclass(frozen=True, slots=True)
class Job:
    """Code to run once for each set of parameters, and what to evaluate after each run."""

    code: str
    expressions: tuple[str, ...] = ()
    runs: tuple[dict[str, Any], ...] = ({},)
    by_chance: int = 0
    """So many of the last runs draw other random numbers each time."""


class Seen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Raised(Seen):
    seen: str
    line: int
    row: str


class SeenValue(Seen):
    shown: str = ""
    error: str = ""
    leans: list[str] = []
    """The names that it hangs on: with another value of theirs it would be another one."""


class ObservedRun(Seen):
    """What one run showed."""

    printed: str
    error: Raised | None
    held: int
    clashes: list[str]
    values: list[SeenValue]
    pictures: list[str]


RUNS = TypeAdapter(list[ObservedRun])


def torch_version() -> str:
    try:
        return version("torch")
    except PackageNotFoundError:
        remedy = f"{sys.executable} -m pip install torch==2.13.0"
        raise OperatorError(
            f"A check runs snippets of PyTorch, and there is none here. Install it: {remedy}"
        ) from None


Output = Callable[[Job, float], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Bench:
    """Where jobs are run, and where their results are kept by what they depend on."""

    cache: Path | None
    torch: str
    seconds: float = SECONDS
    output: Output = field(default_factory=lambda: plain_output)
    """How a job is run: job and seconds in, the harness's lines out."""

    async def results(self, job: Job) -> list[ObservedRun]:
        """One result for each run; raises TimeoutError where they take too long together."""
        kept = self._kept(job)
        if kept and (known := _known(kept)) and len(known) == len(job.runs):
            return known
        output = await self.output(job, self.seconds)
        runs = RUNS.validate_python([json.loads(row) for row in output.splitlines()])
        if kept and len(runs) == len(job.runs):
            kept.parent.mkdir(parents=True, exist_ok=True)
            fresh = kept.with_suffix(f".{os.getpid()}")
            fresh.write_bytes(RUNS.dump_json(runs))
            fresh.replace(kept)
        return runs

    def _kept(self, job: Job) -> Path | None:
        depends_on = [
            asdict(job),
            self.torch,
            sys.version_info[:2],
            HARNESS.read_text(encoding="utf-8"),
        ]
        name = hashlib.sha256(json.dumps(depends_on, sort_keys=True).encode()).hexdigest()[:32]
        return self.cache / f"{name}.json" if self.cache else None


async def plain_output(job: Job, seconds: float) -> str:
    """The harness's lines, from a process without any walls."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(HARNESS),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_environment(),
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(seconds):
            output, _ = await process.communicate(json.dumps(asdict(job)).encode())
    finally:
        await _ended(process)
    return output.decode()


def _known(kept: Path) -> list[ObservedRun]:
    try:
        return RUNS.validate_json(kept.read_bytes())
    except (OSError, ValidationError):
        return []


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ALLOWED if name in os.environ}
    return {**kept, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MPLBACKEND": "Agg"}


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Nothing that the code started is left behind."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
