"""A storm of 10,000 answers to one question through the ledger, beside the same rows in bulk by the bare driver.

SQLite, synchronous=FULL, a durable commit before every acknowledgement: what a commit costs here is `fsync_ms`.
Storm and bulk take turns, medians are compared; then 500 answers a second for two seconds.
"""

import asyncio
import os
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import insert

from bot.quizmaster import rounds as rules
from bot.store import rounds
from bot.store.database import Database
from bot.store.ledger import Entry, Ledger
from bot.store.schema import upgrade
from bot.store.tables import players
from tests.bench import Findings, Goal
from tests.store.scene import NINE, Scene

STORM = 10_000
TURNS = 5
PACE = 500
BULK = 512
ROWS = (
    """
    insert into sittings (round_id, player_id, tries_used, hints_taken, points, share, solved, joined_at, finished_at)
    values (?, ?, 1, 0, 100, 1, 1, ?, ?)
    """,
    """
    insert into attempts (round_id, player_id, number, act, answer, share, points, gain, factors, at)
    values (?, ?, 1, ?, '["A"]', 1, 100, 100, '{}', ?)
    """,
    "insert into unfolded (round_id, player_id, number) values (?, ?, 1)",
)


@dataclass(frozen=True, slots=True)
class Storm:
    seconds: float
    waits: list[float]
    """How long each answer waited for its acknowledgement, in seconds."""


class Ground:
    """One database file with enough members; every storm has a round of its own."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.database = Database(f"sqlite+aiosqlite:///{file}")
        self.scene = Scene(self.database)

    async def prepare(self) -> None:
        await upgrade(self.database)
        async with self.database.act() as tx:
            await tx.execute(insert(players), [{"name": f"M{n}", "created_at": NINE} for n in range(STORM)])


async def storm(ground: Ground, acts: int, pace: float = 0.0) -> Storm:
    """So many answers at once, or so many a second."""
    round_id = await ground.scene.open_round()
    async with ground.database.look() as tx:
        asked = await rounds.find(tx, round_id)
    assert asked
    decide = rules._decision(asked, 1.0, NINE, "UTC")
    ledger = Ledger(ground.database, lambda: None)
    running = asyncio.create_task(ledger.run())
    began = time.perf_counter()

    async def one(number: int) -> float:
        if pace:
            await asyncio.sleep(max(0.0, began + number / pace - time.perf_counter()))
        sent = time.perf_counter()
        await ledger.submit(Entry(f"{round_id}:{number}", round_id, number + 1, "gates/gate", ("A",), NINE, decide))
        return time.perf_counter() - sent

    waits = await asyncio.gather(*(one(number) for number in range(acts)))
    seconds = time.perf_counter() - began
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await ground.scene.close_round(round_id)
    return Storm(seconds, sorted(waits))


async def bulk(ground: Ground) -> float:
    """The same rows, as fast as the bare driver writes them."""
    round_id = await ground.scene.open_round()
    await ground.scene.close_round(round_id)
    return await asyncio.to_thread(_write, ground.file, round_id)


def _write(file: Path, round_id: int) -> float:
    at = NINE.isoformat(sep=" ")
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("pragma synchronous=full")
    began = time.perf_counter()
    for start in range(1, STORM + 1, BULK):
        members = range(start, min(start + BULK, STORM + 1))
        connection.execute("begin immediate")
        connection.executemany(ROWS[0], [(round_id, member, at, at) for member in members])
        connection.executemany(ROWS[1], [(round_id, member, f"b{round_id}:{member}", at) for member in members])
        connection.executemany(ROWS[2], [(round_id, member) for member in members])
        connection.execute("commit")
    seconds = time.perf_counter() - began
    connection.close()
    return seconds


def fsync(folder: Path) -> float:
    """Milliseconds of one flush to the disk."""
    with (folder / "flushed").open("wb") as file:
        spent = []
        for _ in range(50):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            spent.append(time.perf_counter() - began)
    return 1000 * median(spent)


async def _measured(folder: Path) -> Findings:
    ground = Ground(folder / "ledger.db")
    await ground.prepare()
    await storm(ground, 500)
    turns = [(await storm(ground, STORM), await bulk(ground)) for _ in range(TURNS)]
    paced = await storm(ground, 2 * PACE, PACE)
    await ground.database.close()
    seconds, floor = median(turn[0].seconds for turn in turns), median(turn[1] for turn in turns)
    figures = {
        "answers_a_second": STORM / seconds,
        "bulk_a_second": STORM / floor,
        "ledger_vs_bulk": floor / seconds,
        "storm_p50_ms": 1000 * median(median(turn[0].waits) for turn in turns),
        "storm_p99_ms": 1000 * median(quantiles(turn[0].waits, n=100)[98] for turn in turns),
        "paced_p99_ms": 1000 * quantiles(paced.waits, n=100)[98],
        "fsync_ms": fsync(folder),
    }
    goals = {"storm_p99_ms": Goal(figures["storm_p99_ms"], 500), "paced_p99_ms": Goal(figures["paced_p99_ms"], 10)}
    return Findings(figures, {**goals, "ledger_vs_bulk": Goal(figures["ledger_vs_bulk"], 0.33, floor=True)})


def measure() -> Findings:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measured(Path(folder)))
