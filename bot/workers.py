"""Workers that run code, and the way to them."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.sandbox.bot.dispatch import Dispatcher
from bot.sandbox.bot.local_worker import EX_UNAVAILABLE, LocalWorker, worker_command
from bot.sandbox.bot.queue import DisabledRunner, Runner
from bot.sandbox.bot.worker_client import WorkerAddress
from bot.settings.environment import for_a_worker, visible_gpus
from bot.settings.settings import PREFIX, ROOT, Settings
from bot.store.runs import SharedQueue
from bot.store.sql.database import Database

if TYPE_CHECKING:
    from bot.authors.running.sandboxed_run import AuthorsSandbox

SOCKET = "worker.sock"
OFF = f"Running code is switched off here ({PREFIX}RUN=off)."


@dataclass(frozen=True, slots=True)
class Workers:
    runner: Runner
    dispatcher: Dispatcher | None = None
    local_worker: LocalWorker | None = None

    async def serve(self, greeted: asyncio.Event) -> None:
        # The local worker starts once the bot has greeted, never before.
        if self.dispatcher is None:
            return
        await greeted.wait()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.dispatcher.serve())
            if self.local_worker:
                group.create_task(self.local_worker.keep_running())


def connect_workers(
    settings: Settings, database: Database, bot: str, number: int, now: Callable[[], datetime]
) -> Workers:
    # Several bots may share a data folder; `number` says which one this is.
    if settings.run == "off":
        return Workers(DisabledRunner(OFF))
    queue = None if database.is_sqlite else SharedQueue(database, bot, now)
    if settings.worker_addresses:
        dispatcher = Dispatcher(addresses(settings), queue)
        return Workers(dispatcher, dispatcher)
    socket = settings.data_dir / (SOCKET if number == 1 else f"worker-{number}.sock")
    dispatcher = Dispatcher([WorkerAddress(str(socket))], queue)
    return Workers(dispatcher, dispatcher, _local_worker(socket, settings, dispatcher))


def addresses(settings: Settings) -> list[WorkerAddress]:
    token = settings.worker_token.get_secret_value()
    return [
        WorkerAddress(where, token if where.startswith("http") else "")
        for where in settings.worker_addresses
    ]


def _local_worker(socket: Path, settings: Settings, dispatcher: Dispatcher) -> LocalWorker:
    def switch_off(reason: str) -> None:
        dispatcher.off = reason or "The sandbox cannot be started here; the log says why."

    return LocalWorker(
        worker_command(str(socket.resolve())),
        for_a_worker(settings),
        str(ROOT),
        dispatcher.check_now,
        switch_off,
    )


@asynccontextmanager
async def authors_sandbox(
    settings: Settings, report: Callable[[str], None]
) -> AsyncIterator["AuthorsSandbox"]:
    from tempfile import TemporaryDirectory  # noqa: PLC0415 (the bot starts without it)

    from bot.authors.running.sandboxed_run import LIMITS, AuthorsSandbox  # noqa: PLC0415 (as above)

    with TemporaryDirectory(prefix="torchproof-") as folder:
        socket = Path(folder) / SOCKET
        dispatcher = Dispatcher([WorkerAddress(str(socket))])
        changes = {"worker_limits": LIMITS, "worker_slots": os.cpu_count() or 1}
        worker = _local_worker(socket, settings.model_copy(update=changes), dispatcher)
        sandbox = AuthorsSandbox(dispatcher, worker, report)
        if settings.run == "off":
            dispatcher.off = OFF
        try:
            yield sandbox
        finally:
            await sandbox.close()


def serve_worker(settings: Settings, socket: Path | None, *, with_parent: bool) -> int:
    """The exit status says whether it can be a worker here."""
    from bot.sandbox import limits  # noqa: PLC0415 (the bot starts without a worker's parts)
    from bot.sandbox.protocol import NoSandboxError  # noqa: PLC0415 (as above)
    from bot.sandbox.worker import server  # noqa: PLC0415 (as above)

    plan = server.WorkerPlan(
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
        asyncio.run(server.serve_worker(plan, _say))
    except (NoSandboxError, limits.LimitsError) as error:
        _say(str(error))
        return EX_UNAVAILABLE
    return 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 (whoever started it listens)
