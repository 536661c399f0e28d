"""A worker in a process beside the bot."""

import asyncio
import contextlib
import logging
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

log = logging.getLogger(__name__)
EX_UNAVAILABLE = 69  # Exit status of a worker that can build no sandbox; its last lines say why
READY = "ready on"
FIRST_DELAY = 0.5
LAST_DELAY = 60.0
STOP_SECONDS = 5.0


def worker_command(socket: str, *options: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "bot", "worker", "--socket", socket, *options, "--with-parent")


@dataclass(slots=True)
class LocalWorker:
    # `on_ready` is called at each start, `on_unable` with a reason where there never is one.
    command: Sequence[str]
    environment: Mapping[str, str] | None
    folder: str
    on_ready: Callable[[], None]
    on_unable: Callable[[str], None]
    pid: int = 0

    async def keep_running(self) -> None:
        # Until cancelled, or until the worker says that it cannot work here.
        delay = FIRST_DELAY
        while True:
            began = time.monotonic()
            code: int | str
            try:
                code, output = await self._run()
            except OSError as error:
                code, output = str(error), ""
            if code == EX_UNAVAILABLE:
                log.warning("nothing can be run here: %s", output)
                self.on_unable(output)
                return
            if time.monotonic() - began > LAST_DELAY:
                delay = FIRST_DELAY
            log.warning(
                "the worker beside the bot ended with %s; it is started again in %g s", code, delay
            )
            await asyncio.sleep(delay)
            delay = min(2 * delay, LAST_DELAY)

    async def _run(self) -> tuple[int, str]:
        process = await asyncio.create_subprocess_exec(
            *self.command,
            cwd=self.folder,
            env=self.environment,
            stdin=DEVNULL,
            stdout=PIPE,
            start_new_session=True,  # Ctrl-C is for the bot, which then ends it
        )
        self.pid = process.pid
        try:
            output = await self._listen(process)
            return await process.wait(), output
        finally:
            await _stop(process)

    async def _listen(self, process: Process) -> str:
        assert process.stdout
        lines: list[str] = []
        async for raw in process.stdout:
            line = raw.decode(errors="replace").rstrip()
            log.info("worker: %s", line)
            lines = [*lines[-20:], line]
            if READY in line:
                self.on_ready()
        return "\n".join(lines)


async def _stop(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
