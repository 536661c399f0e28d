"""A worker of the bot's own, in a process beside it: started, listened to, and started again when it ends."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence

log = logging.getLogger(__name__)
UNABLE = 69
"""A worker ends with this where it can build no sandbox; what it said is why."""
READY = "ready on"
FIRST_WAIT, LAST_WAIT = 0.5, 60.0
FAREWELL = 5.0


class LocalWorker:
    """`ready` is called whenever it can be asked; `unable` with its reasons where it never will."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None,
        folder: str,
        ready: Callable[[], None],
        unable: Callable[[str], None],
    ) -> None:
        self._command, self._environment, self._folder = command, environment, folder
        self._ready, self._unable = ready, unable
        self.pid = 0

    async def keep(self) -> None:
        """Until cancelled, or until it says that it cannot work here."""
        wait = FIRST_WAIT
        while True:
            began = time.monotonic()
            code, said = await self._tried()
            if code == UNABLE:
                log.warning("nothing can be run here: %s", said)
                self._unable(said)
                return
            if time.monotonic() - began > LAST_WAIT:
                wait = FIRST_WAIT
            log.warning(
                "the worker beside the bot ended with %s; it is started again in %g s", code, wait
            )
            await asyncio.sleep(wait)
            wait = min(2 * wait, LAST_WAIT)

    async def _tried(self) -> tuple[int | str, str]:
        try:
            return await self._once()
        except OSError as error:
            return str(error), ""

    async def _once(self) -> tuple[int, str]:
        """Its exit code, and what it said."""
        process = await asyncio.create_subprocess_exec(
            *self._command,
            cwd=self._folder,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the bot, which then ends it
        )
        self.pid = process.pid
        try:
            said = await self._listen(process)
            return await process.wait(), said
        finally:
            await _ended(process)

    async def _listen(self, process: asyncio.subprocess.Process) -> str:
        assert process.stdout
        said: list[str] = []
        async for line in process.stdout:
            words = line.decode(errors="replace").rstrip()
            log.info("worker: %s", words)
            said = [*said[-20:], words]
            if READY in words:
                self._ready()
        return "\n".join(said)


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Asked first, then made to."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
        try:
            async with asyncio.timeout(FAREWELL):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
