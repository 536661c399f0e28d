"""A storm of 10,000 answers to one question through the ledger, beside a bare bulk insert.

The bulk is the same rows by the bare driver.

SQLite, synchronous=FULL, a durable commit before every acknowledgement: what a commit costs here is
`fsync_ms`. A storm, the bulk, and some answers with a transaction each, recorded by the same
function, take turns; medians are compared. Then 500 answers a second come for two seconds, as
often.

The bulk knows its rows beforehand. The ledger decides each answer in Python and wakes the task that
waits for it: a storm that is decided and told but not written is `talk_a_second`. Were the rows
written at the bulk's own speed on top, the ledger would reach `reachable_vs_bulk`, which is a third
of the bulk where a flush is quick and a half where it is slow. The ledger also reads what it
decides on, about as many rows as it writes; so half of that third, 0.15 of the bulk, is asked for.
"""

import asyncio
import gc
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import insert

from bot.model.rounds import Sitting
from bot.quiz.calendar.local_days import ZoneHistory
from bot.quizmaster.rounds.answers import decision_maker
from bot.store.rounds import rounds
from bot.store.rounds.ledger import Ledger, Waiting, record
from bot.store.rounds.submissions import Decision, RecordedAttempt, SittingState, Submission
from bot.store.sql.database import Database
from bot.store.sql.schema import upgrade
from bot.store.sql.tables.people import players
from tests.bench import Findings, Goal
from tests.store.scene import NINE, Scene

STORM = 10_000
TURNS = 5
PACE = 500
EACH = 300
BULK = 512
ROWS = (
    """
    insert into sittings (
        round_id, player_id, tries_used, hints_taken, points, share, solved, joined_at, finished_at
    )
    values (?, ?, 1, 0, 100, 1, 1, ?, ?)
    """,
    """
    insert into attempts (
        round_id, player_id, number, act, answer, share, points, gain, factors, at
    )
    values (?, ?, 1, ?, '["A"]', 1, 100, 100, ?, ?)
    """,
    "insert into uncounted_attempts (round_id, player_id, number) values (?, ?, 1)",
)
FACTORS = '{"worth": 100, "share": 1.0, "number": 1, "hints": 0, "speed": 0, "pays": "yes"}'


@dataclass(frozen=True, slots=True)
class Storm:
    seconds: float
    waits: list[float]
    """How long each answer waited for its acknowledgement, in seconds."""


class Talk(Ledger):
    """Decides and tells, and writes nothing."""

    async def _settle(self, batch: Sequence[Waiting]) -> None:
        for entry, future in batch:
            decision = entry.decide(SittingState(Sitting(*entry.key), is_open=True))
            assert isinstance(decision, Decision)
            future.set_result(RecordedAttempt(1, decision, Sitting(*entry.key)))


class Ground:
    """One database file with enough members; every storm has a round of its own."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.database = Database(f"sqlite+aiosqlite:///{file}")
        self.scene = Scene(self.database)

    async def prepare(self) -> None:
        await upgrade(self.database)
        async with self.database.transaction() as tx:
            await tx.execute(
                insert(players), [{"name": f"M{n}", "created_at": NINE} for n in range(STORM)]
            )


async def opened(ground: Ground) -> Callable[[int], Submission]:
    """A round, and each member's right answer in it."""
    round_id = await ground.scene.open_round()
    async with ground.database.reading() as tx:
        asked = await rounds.find(tx, round_id)
    assert asked
    decide = decision_maker(asked, 1.0, NINE, ZoneHistory("UTC").countable(NINE))
    return lambda member: Submission(
        f"{round_id}:{member}", round_id, member, "gates/gate", ("A",), NINE, decide
    )


async def storm(ground: Ground, acts: int, pace: float = 0.0, kind: type[Ledger] = Ledger) -> Storm:
    """So many answers at once, or so many a second."""
    answer = await opened(ground)
    ledger = kind(ground.database, lambda: None)
    running = asyncio.create_task(ledger.run())
    began = time.perf_counter()

    async def one(member: int) -> float:
        if pace:
            await asyncio.sleep(max(0.0, began + member / pace - time.perf_counter()))
        sent = time.perf_counter()
        await ledger.submit(answer(member))
        return time.perf_counter() - sent

    waits = await asyncio.gather(*(one(member) for member in range(1, acts + 1)))
    seconds = time.perf_counter() - began
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await ground.scene.close_round(answer(1).round_id)
    return Storm(seconds, sorted(waits))


async def each(ground: Ground) -> float:
    """Seconds for an answer that has its transaction to itself."""
    answer = await opened(ground)
    began = time.perf_counter()
    for member in range(1, EACH + 1):
        async with ground.database.transaction() as tx:
            await record(tx, [answer(member)])
    seconds = time.perf_counter() - began
    await ground.scene.close_round(answer(1).round_id)
    return seconds / EACH


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
        connection.executemany(
            ROWS[1], [(round_id, member, f"{round_id}:{member}", FACTORS, at) for member in members]
        )
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


@dataclass(frozen=True, slots=True)
class Turn:
    storm: Storm
    talk: float
    bulk: float
    each: float
    """Seconds an answer; the others are seconds in all."""


async def taken(ground: Ground) -> Turn:
    talk = (await storm(ground, STORM, kind=Talk)).seconds
    return Turn(await storm(ground, STORM), talk, await bulk(ground), await each(ground))


async def _measured(folder: Path) -> Findings:
    ground = Ground(folder / "ledger.db")
    await ground.prepare()
    await storm(ground, EACH)
    gc.freeze()  # as the bot does when all its parts stand
    turns = [await taken(ground) for _ in range(TURNS)]
    paced = [await storm(ground, 2 * PACE, PACE) for _ in range(TURNS)]
    await ground.database.close()
    figures = {
        **_rates(turns),
        **_waits("storm", [turn.storm for turn in turns]),
        **_waits("paced", paced),
        "fsync_ms": fsync(folder),
    }
    return Findings(figures, _goals(figures))


def _rates(turns: Sequence[Turn]) -> dict[str, float]:
    group = STORM / median(turn.storm.seconds for turn in turns)
    talk, floor = (
        STORM / median(getattr(turn, name) for turn in turns) for name in ("talk", "bulk")
    )
    alone = 1 / median(turn.each for turn in turns)
    return {
        "answers_a_second": group,
        "bulk_a_second": floor,
        "talk_a_second": talk,
        "each_a_second": alone,
        "ledger_vs_bulk": group / floor,
        "reachable_vs_bulk": talk / (talk + floor),
        "each_vs_group": alone / group,
    }


def _waits(name: str, storms: Sequence[Storm]) -> dict[str, float]:
    return {
        f"{name}_p50_ms": 1000 * median(median(one.waits) for one in storms),
        f"{name}_p99_ms": 1000 * median(quantiles(one.waits, n=100)[98] for one in storms),
    }


def _goals(figures: dict[str, float]) -> dict[str, Goal]:
    most = {"each_vs_group": 0.1, "storm_p99_ms": 500.0, "paced_p99_ms": 10.0}
    goals = {name: Goal(figures[name], bound) for name, bound in most.items()}
    return {**goals, "ledger_vs_bulk": Goal(figures["ledger_vs_bulk"], 0.15, floor=True)}


def measure() -> Findings:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measured(Path(folder)))
