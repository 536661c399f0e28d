"""A snippet in the sandbox against the same snippet in a cold Python.

It is also run in this process, without walls, and over HTTP.

All designs take turns; medians are compared. The snippet is a small GRU with PyTorch, times are
from the code handed over to the end told. Started as root, this goes down to the worker's uid, as a
worker does.
"""

import asyncio
import contextlib
import io
import multiprocessing
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil

from bot.sandbox import limits
from bot.sandbox.jail import drop_root, python_paths
from bot.sandbox.jail.bubblewrap import Jail
from bot.sandbox.jail.namespaces import JailPlan
from bot.sandbox.protocol import Outcome, OutputText, RunRequest, from_line
from bot.sandbox.worker import probe
from bot.sandbox.worker.pool import Pool, PoolSize
from tests.bench import Findings, Goal
from tests.sandbox.workers import Served, serving, until

SNIPPET = "import torch; print(torch.nn.GRU(10, 20, 2)(torch.randn(5, 3, 10))[0].shape)"
SHOWN = "torch.Size([5, 3, 20])\n"
ROUNDS, SAMPLES = 9, 4
CROWD = 60
SPINNER = "while True: pass"

GOALS = {
    "run_vs_cold": (300, True),
    "run_vs_in_process": (3, False),
    "run_over_in_process_ms": (3, False),
    "http_over_in_process_ms": (6, False),
    "on_demand_vs_cold": (35, True),
    "isolation_price": (0.10, False),
    "throughput_vs_cold": (30, True),
    "slot_vs_one_shot_memory": (0.1, False),
    "idle_switches": (0, False),
    "beside_spinners": (3, False),
    "flood_seconds": (0.2, False),
    "wall_overrun_seconds": (1, False),
    "killed_seconds": (0.5, False),
}


Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]
"""A connection to the worker."""


@dataclass(slots=True)
class Times:
    """Seconds, by design."""

    seen: dict[str, list[float]] = field(default_factory=dict)

    @contextlib.contextmanager
    def of(self, design: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seen.setdefault(design, []).append(time.perf_counter() - began)

    def median(self, design: str) -> float:
        return median(self.seen[design])


def measure() -> Findings:
    figures: dict[str, float] = {}
    with ExitStack() as stack:
        worker = stack.enter_context(serving(slots=8))
        figures.update(of_a_worker(worker))
        figures.update(below(worker))
    return Findings(
        figures, {name: Goal(figures[name], bound, floor) for name, (bound, floor) in GOALS.items()}
    )


def below(worker: Served) -> dict[str, float]:
    """The designs are measured by a fork, which goes down from root and cannot come back."""
    ours, its = multiprocessing.Pipe()
    line = socket.socket(socket.AF_UNIX)
    line.connect(str(worker.client.path))  # while it still may

    def measured() -> None:
        if os.geteuid() == 0:
            drop_root.drop_root(
                drop_root.UID,
                [*python_paths.find_python().readable, str(Path(__file__).parents[2])],
            )
        its.send(asyncio.run(of_designs(line)))

    process = multiprocessing.get_context("fork").Process(target=measured)
    process.start()
    its.close()
    try:
        found: dict[str, float] = ours.recv()
    finally:
        process.join()
    return found


# What is seen of a worker from outside


def of_a_worker(worker: Served) -> dict[str, float]:
    offspring = worker.settled()
    with sleeper() as process:
        assert process.stdout
        assert process.stdout.readline() == "up\n"
        one_shot = own(process.pid)
        process.kill()
    slot = sum(own(each.pid) for each in offspring[3:]) / 8
    before = [sum(each.num_ctx_switches()) for each in offspring]
    worker.client.raw(
        b"POST /v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
    )  # five seconds of nothing
    switches = sum(sum(each.num_ctx_switches()) for each in offspring) - sum(before)
    return {
        "slot_mb": slot,
        "one_shot_mb": one_shot,
        "slot_vs_one_shot_memory": slot / one_shot,
        "idle_switches": switches,
        "killed_seconds": killed(),
        "flood_seconds": median(flood(worker) for _ in range(5)),
        "wall_overrun_seconds": max(overrun(worker) for _ in range(3)),
    }


def sleeper() -> "subprocess.Popen[str]":
    """What a pool of ordinary processes would keep waiting."""
    program = "import torch, sys; print('up', flush=True); sys.stdin.read()"
    return subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def own(pid: int) -> float:
    """What a process adds to the memory in use.

    These are its private pages, and the tables of all its pages, in MiB.
    """
    lines = [
        *Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines(),
        *Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines(),
    ]
    return sum(
        int(line.split()[1]) / 1024 for line in lines if line.startswith(("Private_", "VmPTE"))
    )


def flood(worker: Served) -> float:
    began = time.perf_counter()
    assert worker.client.run("while True: print('x' * 1000)").outcome is Outcome.OUTPUT
    return time.perf_counter() - began


def overrun(worker: Served) -> float:
    began = time.perf_counter()
    bomb = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
    assert worker.client.run(bomb, seconds=1).outcome in {Outcome.TIME, Outcome.MEMORY}
    return time.perf_counter() - began - 1


def killed() -> float:
    """A worker of its own, killed with a run that spins: seconds until no process is left."""
    with contextlib.ExitStack() as stack:
        worker = stack.enter_context(serving(slots=2))
        offspring = worker.settled()
        events = stack.enter_context(
            worker.client.streaming(RunRequest(f"print(1, flush=True)\n{SPINNER}"))
        )
        assert next(events) != next(events)
        worker.process.kill()
        began = time.perf_counter()
        until(
            lambda: (
                not any(
                    each.is_running() and each.status() != psutil.STATUS_ZOMBIE
                    for each in offspring
                )
            )
        )
        return time.perf_counter() - began


# Designs in turns


async def of_designs(line: socket.socket) -> dict[str, float]:
    times = Times()
    worker = await asyncio.open_unix_connection(sock=line)
    in_process()
    sys.modules["torch"].set_num_threads(1)
    async with pool(8) as ready, pool(0) as on_demand, pool(8, walled=False) as bare:
        for _ in range(ROUNDS):
            await turn(times, worker, ready, on_demand, bare)
        crowd = await throughput(ready)
        crowded = await beside_spinners(ready, times)
    cold, inside, warm = (times.median(name) for name in ("cold", "in_process", "pool"))
    return {
        "cold_ms": cold * 1e3,
        "in_process_ms": inside * 1e3,
        "run_ms": warm * 1e3,
        "run_p95_ms": sorted(times.seen["pool"])[int(0.95 * len(times.seen["pool"]))] * 1e3,
        "output_ms": times.median("pool_output") * 1e3,
        "http_ms": times.median("http") * 1e3,
        "on_demand_ms": times.median("on_demand") * 1e3,
        "run_vs_cold": cold / times.median("pool_output"),
        "run_vs_in_process": warm / inside,
        "run_over_in_process_ms": (warm - inside) * 1e3,
        "http_over_in_process_ms": (times.median("http") - inside) * 1e3,
        "on_demand_vs_cold": cold / times.median("on_demand"),
        "isolation_price": times.median("pool_output") / times.median("bare_output") - 1,
        "runs_per_second": crowd,
        "cold_per_second": median(times.seen["cold_pair"]),
        "throughput_vs_cold": crowd / median(times.seen["cold_pair"]),
        "beside_spinners_ms": crowded * 1e3,
        "beside_spinners": crowded / warm,
    }


@asynccontextmanager
async def pool(waiting: int, *, walled: bool = True) -> AsyncIterator[Pool]:
    bounds = limits.read()
    jail = (
        probe.TIERS[0].jail(bounds)
        if walled
        else Jail(
            JailPlan(bounds, own_namespaces=False, confined=False), python_paths.find_python()
        )
    )
    made = Pool(jail, PoolSize(slots=16, waiting=waiting, runs=10**6))
    await made.open()
    try:
        yield made
    finally:
        await made.close()


async def turn(times: Times, worker: Line, ready: Pool, on_demand: Pool, bare: Pool) -> None:
    with times.of("cold"):
        await cold()
    began = time.perf_counter()
    await asyncio.gather(cold(), cold())
    times.seen.setdefault("cold_pair", []).append(2 / (time.perf_counter() - began))
    for _ in range(SAMPLES):
        with times.of("in_process"):
            in_process()
        await settled(ready)
        await run(ready, times, "pool")
        await settled(bare)
        await run(bare, times, "bare")
        await run(on_demand, times, "on_demand")
        await quiet()
        await over_http(worker, times)
        await quiet()


async def settled(pool: Pool) -> None:
    """Until its children wait, and the machine is at rest again."""
    await until_is(lambda: pool.waiting == pool.size.waiting)
    await quiet()


async def until_is(happened: Callable[[], bool]) -> None:
    while not happened():  # noqa: ASYNC110 (a pool has no bell for this, and needs none)
        await asyncio.sleep(0.01)


async def quiet() -> None:
    await asyncio.sleep(0.15)


async def cold() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SNIPPET, stdout=asyncio.subprocess.PIPE, cwd="/"
    )
    said, _ = await process.communicate()
    assert said.decode() == SHOWN


def in_process() -> None:
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(SNIPPET, "here", "exec"), {"__name__": "__main__"})
    assert said.getvalue() == SHOWN


async def run(pool: Pool, times: Times, design: str) -> None:
    """Until the end is told; and until the output was there, before anybody knew it was all."""
    began, said, came, ended = time.perf_counter(), "", 0.0, 0.0
    async with aclosing(pool.run(RunRequest(SNIPPET), "bench")) as events:
        async for event in events:
            if isinstance(event, OutputText):
                said, came = said + event.text, time.perf_counter()
            ended = time.perf_counter()
    assert said == SHOWN, said
    times.seen.setdefault(design, []).append(ended - began)
    times.seen.setdefault(f"{design}_output", []).append(came - began)


async def over_http(worker: Line, times: Times) -> None:
    """On a connection that stays open, as a bot's does."""
    reader, writer = worker
    body = RunRequest(SNIPPET).body()
    head = f"POST /v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with times.of("http"):
        writer.write(head + body)
        said = await reader.readuntil(b'"t": "end"')
        await reader.readline()
    await reader.readuntil(b"\r\n0\r\n\r\n")
    lines = [line for line in said.splitlines() if line.startswith(b'{"t": "out"')]
    assert (
        "".join(event.text for event in map(from_line, lines) if isinstance(event, OutputText))
        == SHOWN
    )


async def throughput(pool: Pool) -> float:
    """Runs in a second, eight people at a time."""
    await settled(pool)
    left, ignored = iter(range(CROWD)), Times()

    async def person() -> None:
        for _ in left:
            await run(pool, ignored, "crowd")

    began = time.perf_counter()
    await asyncio.gather(*(person() for _ in range(8)))
    return CROWD / (time.perf_counter() - began)


async def beside_spinners(pool: Pool, times: Times) -> float:
    """The median beside four runs that spin."""
    await settled(pool)
    spinning = [asyncio.create_task(spin(pool)) for _ in range(4)]
    await until_is(lambda: pool.running == 4)
    await asyncio.sleep(1.0)
    for _ in range(12):
        await until_is(lambda: pool.waiting >= 4)
        await asyncio.sleep(0.2)
        await run(pool, times, "crowded")
    for each in spinning:
        each.cancel()
    await asyncio.gather(*spinning, return_exceptions=True)
    return times.median("crowded")


async def spin(pool: Pool) -> None:
    async with aclosing(pool.run(RunRequest(SPINNER), "spin")) as events:
        async for _ in events:
            pass
