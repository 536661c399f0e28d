"""Where code is run: what the settings say of it, turned into workers and the way to them."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.sandbox.bot.dispatch import Dispatcher
from bot.sandbox.bot.endpoint import WorkerAddress
from bot.sandbox.bot.local_worker import UNABLE, LocalWorker
from bot.sandbox.bot.queue import Runner, RunsOff
from bot.settings.environment import for_a_worker, visible_gpus
from bot.settings.settings import PREFIX, ROOT, Settings
from bot.store.runs.shared_queue import SharedQueue
from bot.store.sql.database import Database

if TYPE_CHECKING:
    from bot.authors.running.sandboxed_run import AuthorsSandbox

SOCKET = "worker.sock"
OFF = f"Running code is switched off here ({PREFIX}RUN=off)."


@dataclass(frozen=True, slots=True)
class Workers:
    """What runs code, and what keeps it going."""

    runner: Runner
    dispatcher: Dispatcher | None = None
    own: LocalWorker | None = None

    async def serve(self, greeted: asyncio.Event) -> None:
        """Until cancelled. A worker of our own starts once the bot has greeted, never before."""
        if self.dispatcher is None:
            return
        await greeted.wait()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.dispatcher.serve())
            if self.own:
                group.create_task(self.own.keep())


def open_up(
    settings: Settings, database: Database, bot: str, number: int, now: Callable[[], datetime]
) -> Workers:
    """`number`: which of the bots in this data folder this is; each has a worker of its own."""
    if settings.run == "off":
        return Workers(RunsOff(OFF))
    queue = None if database.is_sqlite else SharedQueue(database, bot, now)
    if settings.worker_addresses:
        dispatcher = Dispatcher(addresses(settings), queue)
        return Workers(dispatcher, dispatcher)
    socket = settings.data_dir / (SOCKET if number == 1 else f"worker-{number}.sock")
    dispatcher = Dispatcher([WorkerAddress(str(socket))], queue)
    return Workers(dispatcher, dispatcher, own_worker(socket, settings, dispatcher))


def addresses(settings: Settings) -> list[WorkerAddress]:
    token = settings.worker_token.get_secret_value()
    return [
        WorkerAddress(where, token if where.startswith("http") else "")
        for where in settings.worker_addresses
    ]


def own_worker(socket: Path, settings: Settings, dispatcher: Dispatcher) -> LocalWorker:
    def unable(why: str) -> None:
        dispatcher.off = why or "The sandbox cannot be started here; the log says why."

    command = (
        sys.executable,
        "-m",
        "bot",
        "worker",
        "--socket",
        str(socket.resolve()),
        "--with-parent",
    )
    return LocalWorker(command, for_a_worker(settings), str(ROOT), dispatcher.nudge, unable)


@asynccontextmanager
async def authors_sandbox(
    settings: Settings, report: Callable[[str], None]
) -> AsyncIterator["AuthorsSandbox"]:
    """A sandbox of its own for a check of questions."""
    from tempfile import TemporaryDirectory  # noqa: PLC0415 (the bot starts without it)

    from bot.authors.running.sandboxed_run import LIMITS, AuthorsSandbox  # noqa: PLC0415 (as above)

    with TemporaryDirectory(prefix="torchproof-") as folder:
        socket = Path(folder) / SOCKET
        dispatcher = Dispatcher([WorkerAddress(str(socket))])
        patient = settings.model_copy(
            update={"worker_limits": LIMITS, "worker_slots": os.cpu_count() or 1}
        )
        sandbox = AuthorsSandbox(dispatcher, own_worker(socket, patient, dispatcher), report)
        if settings.run == "off":
            dispatcher.off = OFF
        try:
            yield sandbox
        finally:
            await sandbox.close()


def work(settings: Settings, socket: Path | None, *, with_parent: bool) -> int:
    """A worker, until it is told to stop; the exit code says whether it can be one here."""
    from bot.sandbox import limits  # noqa: PLC0415 (the bot starts without a worker's parts)
    from bot.sandbox.protocol import NoSandboxError  # noqa: PLC0415 (as above)
    from bot.sandbox.worker.server import WorkerPlan, serve_worker  # noqa: PLC0415 (as above)

    plan = WorkerPlan(
        path=socket,
        host=settings.worker_host,
        port=settings.worker_port,
        token="" if socket else settings.worker_token.get_secret_value(),
        slots=settings.worker_slots,
        gpu_slots=settings.worker_gpu_slots,
        gpus=visible_gpus(),
        limits=settings.worker_limits or limits.FILE,
        unsafe=settings.worker_unsafe == "on",
        with_parent=with_parent,
    )
    try:
        asyncio.run(serve_worker(plan, _say))
    except (NoSandboxError, limits.LimitsError) as error:
        _say(str(error))
        return UNABLE
    return 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 (whoever started it listens)
