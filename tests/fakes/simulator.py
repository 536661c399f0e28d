"""A simulator as a process of its own, and at most one world in it at a time."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from aiohttp import web

ROOT = Path(__file__).resolve().parent.parent.parent


async def serve(app: web.Application, begin: Callable[[str], None]) -> None:
    """Until standard input closes; `begin` is told the address, which is then written to standard output."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    begin(f"http://{host}:{port}")
    sys.stdout.write(f"http://{host}:{port}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


@contextmanager
def running(module: str) -> Iterator[str]:
    """A simulator started from this module, and its address."""
    command = [sys.executable, "-m", module]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        address = process.stdout.readline().strip()
        assert address, f"{module} did not start"
        try:
            yield address
        finally:
            process.stdin.close()
            process.wait(10)
