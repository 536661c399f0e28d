"""Starts and stops a worker."""

import asyncio
import logging
import os
import resource
import signal
import socket
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.sandbox import limits
from bot.sandbox.jail import python_paths, syscalls
from bot.sandbox.jail.bubblewrap import Jail
from bot.sandbox.jail.namespaces import JailPlan
from bot.sandbox.limits import Limits
from bot.sandbox.protocol import NoSandboxError
from bot.sandbox.worker import probe
from bot.sandbox.worker.pool import Pool, PoolSize
from bot.sandbox.worker.routes import WorkerRoutes

KEEPALIVE_SECONDS = 75.0
# More than all runs together, so that descriptors which runs send each other never stop us.
MAX_OPEN_FILES = 65_536
UNSAFE = (
    "UNSAFE: runs are not confined at all. "
    "Whoever can send code to this worker can do all that this account can."
)


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    # A Unix socket, for this account alone. Without it: a port, with a token.
    path: Path | None = None
    host: str = "127.0.0.1"
    port: int = 0
    token: str = ""
    slots: int = 4
    gpu_slots: int = 1  # Children that wait for each GPU; one run at a time uses it
    gpus: str | None = None  # As in CUDA_VISIBLE_DEVICES; None means all of them
    limits: Path = limits.FILE
    groups: bool = True  # Use control groups where they can be written
    runs: int = 1000
    seconds: float = 3600.0  # After so many runs or seconds a zygote is replaced
    # Seconds for a client to read a line; then it loses its run, or it could keep the slot.
    patience: float = 10.0
    unsafe: bool = False
    with_parent: bool = False  # End when the process that started it ends


async def serve_worker(plan: WorkerPlan, say: Callable[[str], None] = print) -> None:
    # Until SIGTERM or SIGINT; runs that are under way may end then.
    if plan.path is None and not plan.token:
        raise NoSandboxError(
            "A worker on a port needs a token, for whoever reaches it could run code here: set "
            "TORCHPROOF_WORKER_TOKEN to a long random word, here and for the bot."
        )
    run_limits = limits.read(plan.limits)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, MAX_OPEN_FILES), most))
    listener = _listen(plan)
    try:
        routes, pools = await _open_pools(plan, run_limits, say)
        try:
            await _serve(routes, listener, say)
        finally:
            for pool in pools:
                await pool.close()
    finally:
        listener.close()
        if plan.path:
            with suppress(OSError):
                plan.path.unlink()


def _listen(plan: WorkerPlan) -> socket.socket:
    # Before root is dropped, so that the socket can lie where the bot keeps its files.
    if plan.path is None:
        return socket.create_server((plan.host, plan.port))
    with suppress(FileNotFoundError):
        if not stat.S_ISSOCK(plan.path.stat().st_mode):
            raise NoSandboxError(
                f"{plan.path} is no socket: choose another place for the worker's."
            )
        with socket.socket(socket.AF_UNIX) as client:
            if client.connect_ex(str(plan.path)) == 0:
                raise NoSandboxError(f"A worker is listening on {plan.path} already.")
        plan.path.unlink()
    listener = socket.socket(socket.AF_UNIX)
    umask = os.umask(0o177)
    try:
        listener.bind(str(plan.path))
    finally:
        os.umask(umask)
    listener.listen(64)
    return listener


async def _open_pools(
    plan: WorkerPlan, run_limits: Limits, say: Callable[[str], None]
) -> tuple[WorkerRoutes, list[Pool]]:
    cgroups = probe.set_up_cgroups_and_drop_root(run_limits, use_cgroups=plan.groups)
    if plan.with_parent:
        syscalls.set_parent_death_signal(signal.SIGTERM)
    size = PoolSize(plan.slots, plan.slots, plan.runs, plan.seconds)
    if plan.unsafe:
        say(UNSAFE)
        jail_plan = JailPlan(run_limits, own_namespaces=False, confined=False)
        by_device = {"cpu": [Pool(Jail(jail_plan, python_paths.find_python()), size)]}
        tier_name = "none: UNSAFE"
    else:
        tier = await probe.best_tier(run_limits)
        tier_name = tier.name
        per_run = tier.zygote_per_run
        cpu = Pool(tier.jail(run_limits), size, cgroups, zygote_per_run=per_run)
        by_device = {"cpu": [cpu]}
        gpu_size = PoolSize(1, plan.gpu_slots, plan.runs, plan.seconds)
        for gpu in probe.find_gpus(plan.gpus):
            jail = tier.jail(run_limits, device="gpu", gpu=gpu)
            pool = Pool(jail, gpu_size, cgroups, zygote_per_run=per_run)
            by_device.setdefault("gpu", []).append(pool)
    pools = [pool for group in by_device.values() for pool in group]
    await asyncio.gather(*(pool.open() for pool in pools))
    routes = WorkerRoutes(
        by_device,
        tier=tier_name,
        memory=probe.memory_limited_by(cgroups),
        token=plan.token,
        write_seconds=plan.patience,
    )
    return routes, pools


async def _serve(routes: WorkerRoutes, listener: socket.socket, say: Callable[[str], None]) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    log = logging.getLogger(f"{__name__}.http")
    log.addFilter(_is_our_error)
    runner = web.AppRunner(
        routes.application(),
        handler_cancellation=True,
        keepalive_timeout=KEEPALIVE_SECONDS,
        access_log=None,
        shutdown_timeout=1.0,
        auto_decompress=False,
        logger=log,
    )
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        name = listener.getsockname()
        address = name if isinstance(name, str) else f"http://{name[0]}:{name[1]}"
        say(f"The worker is ready on {address}.")
        await stopped.wait()
        await routes.drain()
    finally:
        await runner.cleanup()


def _is_our_error(record: logging.LogRecord) -> bool:
    # A client that sends no valid HTTP is told so, and must not fill the log.
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))
