"""Runs the code of questions and keeps what was observed."""

import asyncio
import hashlib
import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import ValidationError

from bot.authors.running.harness_job import (
    HARNESS,
    OBSERVED_RUNS,
    HarnessJob,
    ObservedRun,
    RunJob,
)
from bot.errors import OperatorError

SECONDS = 120.0
ALLOWED = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")  # what the code sees of our environment


async def run_unsandboxed(job: HarnessJob, seconds: float) -> str:
    kept = {name: os.environ[name] for name in ALLOWED if name in os.environ}
    with TemporaryDirectory(prefix="torchproof-") as folder:
        program = Path(folder) / "program.py"
        answers = Path(folder) / "answers.json"
        program.write_text(job.program(str(answers)), encoding="utf-8")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            program,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env={**kept, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MPLBACKEND": "Agg"},
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(seconds):
                await process.wait()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # with whatever the code started
            await process.wait()
        return answers.read_text(encoding="utf-8") if answers.exists() else ""


def torch_version() -> str:
    try:
        return version("torch")
    except PackageNotFoundError:
        raise OperatorError(
            "A check runs snippets of PyTorch, and there is none here. "
            f"Install it: {sys.executable} -m pip install torch==2.13.0"
        ) from None


@dataclass(frozen=True, slots=True)
class CodeRunner:
    cache: Path | None
    torch: str
    seconds: float = SECONDS
    run_job: RunJob = run_unsandboxed

    async def observe(self, job: HarnessJob) -> list[ObservedRun]:
        """Returns fewer runs where the process ended early, or raises TimeoutError."""
        if self.cache is None:
            return await self._run(job)
        path = self.cache / f"{self._cache_key(job)}.json"
        with suppress(OSError, ValidationError):
            cached = OBSERVED_RUNS.validate_json(path.read_bytes())
            if len(cached) == len(job.parameter_sets):
                return cached
        runs = await self._run(job)
        if len(runs) == len(job.parameter_sets):
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(f".{os.getpid()}")
            temporary.write_bytes(OBSERVED_RUNS.dump_json(runs))
            temporary.replace(path)
        return runs

    async def _run(self, job: HarnessJob) -> list[ObservedRun]:
        lines = await self.run_job(job, self.seconds)
        return OBSERVED_RUNS.validate_python([json.loads(line) for line in lines.splitlines()])

    def _cache_key(self, job: HarnessJob) -> str:
        harness = HARNESS.read_text(encoding="utf-8")
        depends_on = [asdict(job), self.torch, sys.version_info[:2], harness]
        return hashlib.sha256(json.dumps(depends_on, sort_keys=True).encode()).hexdigest()[:32]
