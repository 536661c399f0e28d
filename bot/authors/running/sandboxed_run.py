"""Runs jobs in the sandbox, where there is one."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from itertools import count
from pathlib import Path

from bot.authors.running.code_runner import run_unsandboxed
from bot.authors.running.harness_job import HarnessJob
from bot.sandbox.bot.dispatch import Dispatcher
from bot.sandbox.bot.local_worker import LocalWorker
from bot.sandbox.bot.queue import Ticket
from bot.sandbox.protocol import End, Outcome, OutputFile, RequestError, RunRequest

LIMITS = Path(__file__).with_name("limits.toml")
ANSWERS = "answers.json"
PREPARE = 'import os\nos.makedirs("/tmp/out", exist_ok=True)\n'


class AuthorsSandbox:
    def __init__(
        self, dispatcher: Dispatcher, worker: LocalWorker, report: Callable[[str], None]
    ) -> None:
        self._dispatcher = dispatcher
        self._worker = worker
        self._report = report
        self._tasks: list[asyncio.Task[None]] = []
        self._run_numbers = count(1)
        self._has_warned = False

    async def run(self, job: HarnessJob, seconds: float) -> str:
        lines = ""
        try:
            if not self._dispatcher.off:
                async with asyncio.timeout(seconds):
                    lines = await self._run_confined(job, seconds)
            unavailable = self._dispatcher.off
        except RequestError as error:
            unavailable = str(error)
        if not unavailable:
            return lines
        if not self._has_warned:
            self._has_warned = True
            self._report(
                f"{unavailable.rstrip('.')}. So code runs in plain processes, "
                "with all that this account may do."
            )
        return await run_unsandboxed(job, seconds)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run_confined(self, job: HarnessJob, seconds: float) -> str:
        if not self._tasks:
            work = (self._dispatcher.serve(), self._worker.keep_running())
            self._tasks = [*map(asyncio.create_task, work)]
        program = PREPARE + job.program(f"/tmp/out/{ANSWERS}")  # noqa: S108 (inside the sandbox)
        request = RunRequest(program, seconds=seconds)
        ticket = Ticket(f"check-{next(self._run_numbers)}", "check", "check", request)
        lines = ""
        async with aclosing(self._dispatcher.run(ticket)) as signs:
            async for sign in signs:
                if isinstance(sign, OutputFile) and sign.name == ANSWERS:
                    lines = sign.content.decode()
                elif isinstance(sign, End) and sign.outcome is Outcome.TIME:
                    raise TimeoutError
        return lines
