"""A client in JavaScript, as a process; each line it writes is something that happened to it."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
DEADLINE_S = 20


def is_there(package: str) -> bool:
    """Whether a client can be run at all."""
    return bool(shutil.which("node")) and (HERE / "node_modules" / package).is_dir()


class Client:
    def __init__(self, running: asyncio.subprocess.Process) -> None:
        self._running = running

    async def tells(self, event: str) -> dict[str, Any]:
        """The next thing of this kind that happens, or happened."""
        assert self._running.stdout
        async with asyncio.timeout(DEADLINE_S):
            while True:
                line = await self._running.stdout.readline()
                told: dict[str, Any] = json.loads(line)
                assert told["event"] != "failed", told
                if told["event"] == event:
                    return told

    async def end(self) -> None:
        assert self._running.stdin
        self._running.stdin.close()
        await asyncio.wait_for(self._running.wait(), DEADLINE_S)


@asynccontextmanager
async def started(program: str, **settings: str) -> AsyncIterator[Client]:
    pipe, known = asyncio.subprocess.PIPE, {"PATH": os.environ["PATH"], **settings}
    client = Client(
        await asyncio.create_subprocess_exec(
            "node", HERE / program, stdin=pipe, stdout=pipe, env=known
        )
    )
    try:
        yield client
    finally:
        await client.end()
