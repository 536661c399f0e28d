"""A simulator as a process of its own, with one world in it at a time."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import Any, ClassVar

from aiohttp import web

from tests.fakes.control import ControlChannel

ROOT = Path(__file__).resolve().parent.parent.parent

Endpoint = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Simulator:
    """Serves a service's addresses, and /control and /reset for tests."""

    control: ControlChannel
    judge: Any
    """None where the official schemas are not at hand."""
    routes: ClassVar[Mapping[str, str]]
    """Method and path → the endpoint as an attribute of this object, which a reset replaces."""

    def __init__(self) -> None:
        self.address = ""

    def begin(self) -> None:
        """A new world at the same address."""
        raise NotImplementedError

    async def end(self) -> None:
        """The old world lets go of its connections."""
        raise NotImplementedError

    async def serve(self) -> None:
        """Until standard input closes; the address is written to standard output."""
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        self.address = f"http://{host}:{port}"
        self.begin()
        sys.stdout.write(f"{self.address}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)
        await runner.cleanup()
        await self.end()

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_post("/reset", self._reset)
        for route, endpoint in {"POST /control": "control.answer", **self.routes}.items():
            method, path = route.split()
            app.router.add_route(method, path, self._endpoint(endpoint))
        return app

    def _endpoint(self, name: str) -> Endpoint:
        async def answer(request: web.Request) -> web.StreamResponse:
            response: web.StreamResponse = await attrgetter(name)(self)(request)
            return response

        return answer

    async def _reset(self, _: web.Request) -> web.StreamResponse:
        await self.end()
        self.begin()
        return web.json_response({"judged": self.judge is not None})


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
