"""Where checks run their code: in the sandbox of a worker of their own, or, where there is none, in plain processes."""

import asyncio
import json
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import asdict
from itertools import count
from pathlib import Path

from bot.authors.running.plain_run import HARNESS, Job, plain_output
from bot.sandbox.bot.dispatch import Dispatcher
from bot.sandbox.bot.local_worker import LocalWorker
from bot.sandbox.bot.queue import Ticket
from bot.sandbox.protocol import End, Outcome, OutputFile, RequestError, RunRequest

LIMITS = Path(__file__).with_name("limits.toml")
ANSWERS = "answers.json"
CALL = """
import json, os
__name__ = "harness"
{harness}
os.makedirs("/tmp/out", exist_ok=True)
job = json.loads({job!r})
with open("/tmp/out/{answers}", "w", encoding="utf-8") as file:
    for line in lines(job):
        file.write(line)
        file.flush()
"""


class Sandbox:
    """Jobs run by a worker that is started for the first of them."""

    def __init__(
        self, dispatcher: Dispatcher, worker: LocalWorker, say: Callable[[str], None]
    ) -> None:
        self._dispatcher, self._worker, self._say = dispatcher, worker, say
        self._keeping: list[asyncio.Task[None]] = []
        self._names = count(1)
        self._told = False

    async def output(self, job: Job, seconds: float) -> str:
        """The harness's lines; as many as there were when it ended."""
        if self._dispatcher.off:
            return await self._plainly(job, seconds, self._dispatcher.off)
        self._begin()
        try:
            async with asyncio.timeout(seconds):
                files, end = await self._run(RunRequest(_program(job), seconds=seconds))
        except RequestError as error:
            return await self._plainly(job, seconds, str(error))
        if self._dispatcher.off:
            return await self._plainly(job, seconds, self._dispatcher.off)
        if end.outcome is Outcome.TIME:
            raise TimeoutError
        return files.get(ANSWERS, b"").decode()

    async def close(self) -> None:
        for task in self._keeping:
            task.cancel()
        await asyncio.gather(*self._keeping, return_exceptions=True)

    def _begin(self) -> None:
        if not self._keeping:
            self._keeping = [
                asyncio.create_task(self._dispatcher.serve()),
                asyncio.create_task(self._worker.keep()),
            ]

    async def _run(self, request: RunRequest) -> tuple[dict[str, bytes], End]:
        files: dict[str, bytes] = {}
        end = End(Outcome.LOST)
        async with aclosing(
            self._dispatcher.run(Ticket(f"check-{next(self._names)}", "check", "check", request))
        ) as signs:
            async for sign in signs:
                if isinstance(sign, OutputFile):
                    files[sign.name] = sign.content
                elif isinstance(sign, End):
                    end = sign
        return files, end

    async def _plainly(self, job: Job, seconds: float, why: str) -> str:
        if not self._told:
            self._say(
                f"{why.rstrip('.')}. So code runs in plain processes, with all that this account may do."
            )
        self._told = True
        return await plain_output(job, seconds)


def _program(job: Job) -> str:
    harness = HARNESS.read_text(encoding="utf-8").partition('if __name__ == "__main__":')[0]
    return CALL.format(harness=harness, job=json.dumps(asdict(job)), answers=ANSWERS)
