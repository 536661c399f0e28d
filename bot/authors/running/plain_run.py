"""Runs a job in a plain process."""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.authors.running.harness_job import HarnessJob

ALLOWED = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")  # what the code sees of our environment


async def run_plainly(job: HarnessJob, seconds: float) -> str:
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
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # with whatever the code started
            await process.wait()
        return answers.read_text(encoding="utf-8") if answers.exists() else ""
