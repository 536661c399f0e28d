"""10,000 schedules due in the same minute, by one alarm and by cron jobs.

One alarm claims them all; beside it stands one APScheduler cron job a place.

Both wake for the same instant and do the same work: one durable row for each schedule and local
date. The alarm claims sorted batches; a cron job claims its own. `idle` are cron jobs that do
nothing but note the time: the least that they could cost. Lag is the time from the due instant
until a date is claimed, and a stall the longest time in which the event loop attended to nothing
else. Each turn is a process of its own, they take turns, and medians are compared. Memory is what
the process grew by from before its schedules were there, in MiB.
"""

import asyncio
import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import insert

from bot.alarm import Alarm, Timer
from bot.identity import Place
from bot.model.daily import NewOccurrence
from bot.model.schedules import Schedule
from bot.quizmaster.daily.claiming import Claiming
from bot.store import daily, places
from bot.store.sql.database import Database, Transaction
from bot.store.sql.schema import upgrade
from bot.store.sql.tables.daily import schedules
from bot.store.sql.tables.people import players
from tests.bench import Findings, Goal
from tests.cores import core

FEW, MANY = 100, 10_000
TURNS = 3
WAYS = ("alarm", "cron", "idle")
DUE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SOON_S = 4.0
"""Seconds from the last preparation to the due instant."""
LATEST_S = 600
ROOT = Path(__file__).resolve().parents[2]
Figures = dict[str, float]


def resident() -> float:
    """MiB of this process that lie in memory now."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


class Watched(Database):
    """Tells how many schedules each transaction claimed, once it is committed."""

    claimed = 0

    def watch(self, turn: "Turn") -> None:
        self.turn = turn

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with super().transaction() as tx:
            yield tx
        count, self.claimed = self.claimed, 0
        if count:
            self.turn.note(count)


@dataclass(slots=True)
class Turn:
    """One way, once. Its clock is set so that the schedules are due in a moment."""

    count: int
    lags: list[float] = field(default_factory=list)
    stall: float = 0.0
    done: asyncio.Event = field(default_factory=asyncio.Event)
    shift: timedelta = timedelta()
    """From the real clock to the one that the schedules live by."""

    def begin(self) -> datetime:
        """The real instant at which they are due."""
        at = datetime.now(UTC) + timedelta(seconds=SOON_S)
        self.shift = DUE - at
        return at

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def note(self, count: int = 1) -> None:
        self.lags += [(self.now() - DUE).total_seconds()] * count
        if len(self.lags) == self.count:
            self.done.set()

    async def feel(self) -> None:
        """How long the loop delays a task that wakes every millisecond.

        It is measured from the due instant on.
        """
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            if self.now() > DUE:
                self.stall = max(self.stall, now - last)
            last = now


class Counted(Claiming):
    async def _claim(self, tx: Transaction, found: Sequence[Schedule], now: datetime) -> None:
        await super()._claim(tx, found, now)
        assert isinstance(self.core.database, Watched)
        self.core.database.claimed += len(found)


async def by_alarm(database: Watched, turn: Turn) -> asyncio.Task[None]:
    """As the bot does it."""
    claiming = Counted(core(database))
    turn.begin()
    timer = Timer(lambda: claiming.claim_due(turn.now()), lambda: claiming.next_due(turn.now()))
    return asyncio.create_task(Alarm([timer], asyncio.Event(), turn.now).run())


async def by_cron(database: Watched, turn: Turn, *, idle: bool) -> AsyncIOScheduler:
    """One job a place, in memory, with no job thrown away for being late."""
    one_at_a_time = asyncio.Lock()  # or thousands would wait for a connection until they give up

    async def fire(number: int) -> None:
        if not idle:
            claim = NewOccurrence(number, DUE.date(), "due", "", DUE, DUE + timedelta(hours=1))
            async with one_at_a_time, database.transaction() as tx:
                await daily.claim(tx, [claim])
        turn.note()

    scheduler = AsyncIOScheduler(timezone="UTC")
    jobs = [(scheduler.add_job, number) for number in range(1, turn.count + 1)]
    scheduler.start(paused=True)
    at = (datetime.now(UTC) + timedelta(seconds=SOON_S + turn.count / 2000)).replace(microsecond=0)
    for add, number in jobs:
        trigger = CronTrigger(hour=at.hour, minute=at.minute, second=at.second, timezone="UTC")
        add(fire, trigger, args=[number], misfire_grace_time=None)
    assert datetime.now(UTC) < at, "adding the jobs took longer than there was time"
    turn.shift = DUE - at
    scheduler.resume()
    return scheduler


async def prepare(database: Database, count: int) -> None:
    await upgrade(database)
    async with database.transaction() as tx:
        room = await places.get_or_add(tx, Place("paper", "club", "hall"))
        await tx.execute(insert(players), [{"name": "Owner", "created_at": DUE}])
        what = {
            "place_id": room.id,
            "player_id": 1,
            "cron": "0 9 * * *",
            "packs": [],
            "levels": [],
            "minutes": 60,
        }
        when = {"created_at": DUE, "next_day": DUE.date(), "next_at": DUE}
        await tx.execute(
            insert(schedules), [{**what, **when, "act": f"act {n}"} for n in range(count)]
        )


async def take_turn(way: str, count: int, folder: Path) -> Figures:
    database = Watched(f"sqlite+aiosqlite:///{folder / 'alarm.db'}")
    await prepare(database, count)
    turn = Turn(count)
    database.watch(turn)
    gc.collect()
    before = resident()
    going = await (
        by_alarm(database, turn) if way == "alarm" else by_cron(database, turn, idle=way == "idle")
    )
    feeling = asyncio.create_task(turn.feel())
    async with asyncio.timeout(LATEST_S):
        await turn.done.wait()
    grown = resident() - before
    await asyncio.sleep(0.05)  # the one who feels comes last, after a crowd
    feeling.cancel()
    if isinstance(going, AsyncIOScheduler):
        going.shutdown(wait=False)
    else:
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)
    await database.close()
    lags = {"lag_p50_ms": 1000 * median(turn.lags), "lag_max_ms": 1000 * max(turn.lags)}
    return {**lags, "stall_ms": 1000 * turn.stall, "mb": grown}


def in_a_process(way: str, count: int) -> Figures:
    program = [sys.executable, "-m", "tests.bench.alarm", way, str(count)]
    run = subprocess.run(
        program, cwd=ROOT, check=True, capture_output=True, text=True, timeout=LATEST_S
    )
    figures: Figures = json.loads(run.stdout.splitlines()[-1])
    return figures


def measure() -> Findings:
    found: dict[tuple[str, int], list[Figures]] = {
        (way, count): [] for count in (FEW, MANY) for way in WAYS
    }
    for _ in range(TURNS):
        for (way, count), turns in found.items():
            turns.append(in_a_process(way, count))
    figures = {
        f"{way}_{count}_{name}": median(each[name] for each in turns)
        for (way, count), turns in found.items()
        for name in turns[0]
    }
    figures |= _ratios(figures)
    return Findings(
        figures,
        {name: Goal(figures[name], 0.2) for name in ("lag_vs_cron_jobs", "stall_vs_cron_jobs")},
    )


def _ratios(figures: Figures) -> Figures:
    def share(of: str, by: str, name: str) -> float:
        return figures[f"{of}_{name}"] / figures[f"{by}_{name}"]

    alarm, cron, idle = (f"{way}_{MANY}" for way in WAYS)
    return {
        "lag_vs_cron_jobs": share(alarm, cron, "lag_p50_ms"),
        "stall_vs_cron_jobs": share(alarm, cron, "stall_ms"),
        "lag_vs_idle_jobs": share(alarm, idle, "lag_p50_ms"),
        "stall_vs_idle_jobs": share(alarm, idle, "stall_ms"),
        "memory_vs_cron_jobs": share(alarm, cron, "mb"),
        "lag_growth": share(alarm, f"alarm_{FEW}", "lag_p50_ms"),
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        told = asyncio.run(take_turn(sys.argv[1], int(sys.argv[2]), Path(folder)))
    sys.stdout.write(json.dumps(told) + "\n")
