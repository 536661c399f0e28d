"""A worker that lies.

It is a door that reads a request and then says whatever it is told to, HTTP or not.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from bot.sandbox.bot.worker_client import WorkerAddress
from bot.sandbox.protocol import End, Outcome, OutputText, Start, to_line

READY = {"state": "ready", "devices": {"cpu": {"slots": 2, "free": 2, "waiting": 2}}, "seconds": 10}
Said = Callable[[str], Iterable[bytes]]
"""What comes back for a run of this name, bit by bit."""


def answer(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    head = "\r\n".join(
        [f"HTTP/1.1 {status}", "Content-Type: application/json", "Connection: close", *headers]
    )
    return f"{head}\r\n\r\n".encode() + body


LOOKS_WELL = answer(json.dumps(READY).encode())


def stream(*lines: bytes) -> bytes:
    return answer(b"".join(lines))


def honest(run: str) -> Iterable[bytes]:
    yield stream(
        to_line(Start(run, "cpu")), to_line(OutputText("true\n")), to_line(End(Outcome.DONE))
    )


@dataclass
class LyingWorker:
    runs: Said
    health: bytes
    pause: float = 0.0
    """Seconds between two bits."""
    asked: list[str] = field(default_factory=list)
    talking: set[asyncio.Task[None]] = field(default_factory=set)
    taken: int = 0
    """Bytes that whoever asked has taken."""

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.talking.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._talk((await reader.readuntil(b"\r\n\r\n")).decode(), writer)
        finally:
            writer.transport.abort()
            self.talking.discard(task)

    async def _talk(self, head: str, writer: asyncio.StreamWriter) -> None:
        for part in [self.health] if head.startswith("GET /health") else self._told(head):
            writer.write(part)
            await writer.drain()
            self.taken += len(part)
            await asyncio.sleep(self.pause)
        writer.close()
        await writer.wait_closed()

    def _told(self, head: str) -> Iterable[bytes]:
        name = next(
            (line.split()[-1] for line in head.splitlines() if line.lower().startswith("x-run")), ""
        )
        self.asked.append(head.splitlines()[0])
        return self.runs(name)


@asynccontextmanager
async def lying(
    runs: Said = honest, health: bytes = LOOKS_WELL
) -> AsyncIterator[tuple[LyingWorker, WorkerAddress]]:
    liar = LyingWorker(runs, health)
    server = await asyncio.start_server(liar.meet, "127.0.0.1", 0)
    async with server:
        try:
            yield (
                liar,
                WorkerAddress(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "secret"),
            )
        finally:
            for each in liar.talking:
                each.cancel()
            await asyncio.gather(*liar.talking, return_exceptions=True)
