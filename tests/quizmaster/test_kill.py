"""Real processes at one database, one of them killed between its claim and its post."""

import asyncio
import signal
import sys
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.app import build
from bot.identity import Person, Place
from bot.model.schedules import WantedSchedule
from bot.quizmaster.daily.claiming import LEASE
from bot.quizmaster.schedules.schedules import Schedules
from bot.settings.settings import ROOT
from bot.store.sql.database import Database
from bot.store.sql.tables.daily import occurrences
from tests.conftest import Clock
from tests.cores import core
from tests.players import add_player
from tests.stories.paper import NAME, PaperPlatform
from tests.stories.questions import bank

PLACES = 30
DEADLINE_S = 60


async def until_stuck(
    url: str, questions: Path, now: datetime
) -> tuple[asyncio.subprocess.Process, list[str]]:
    """A process that has claimed all that was due and is about to post some of it."""
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "tests.quizmaster.hanging_process",
            url,
            str(questions),
            now.isoformat(),
        ),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    async with asyncio.timeout(DEADLINE_S):
        return process, [(await process.stdout.readline()).decode().strip()]


async def kill(process: asyncio.subprocess.Process) -> list[str]:
    with suppress(ProcessLookupError):  # the other one had taken everything, so it was done
        process.send_signal(signal.SIGKILL)
    said, _ = await process.communicate()
    return said.decode().splitlines()


async def test_what_killed_processes_left_is_posted_once_within_a_minute(
    database: Database, database_url: str, clock: Clock, tmp_path: Path
) -> None:
    questions = tmp_path / "questions"
    asked = bank(questions)
    keeper = Schedules(core(database, asked))
    async with database.transaction() as tx:
        owner = await add_player(tx, Person(NAME, "owner", "Owner"), clock.now())
    for n in range(PLACES):
        await keeper.add(
            f"add {n}",
            owner,
            Place(NAME, "club", f"room {n}"),
            WantedSchedule(at="10:00"),
            clock.now(),
        )
    due = datetime(2026, 3, 2, 10, tzinfo=UTC)

    started = [until_stuck(database_url, questions, due) for _ in range(2)]
    told: list[str] = []
    for process, lines in await asyncio.gather(*started):
        told += lines + await kill(process)
    begun = Counter(line.split(" round:")[0] for line in told if line)
    assert begun, "they were killed while they posted"
    assert set(begun.values()) == {1}, "two processes at once were never about the same one"

    clock.advance((due - clock.now()).total_seconds() + 1)
    platform = PaperPlatform(clock.now)
    bot = build(database, lambda: asked, {NAME: platform}, "UTC", clock.now)
    await bot.daily.claim()
    await bot.daily.post_due()
    assert len(platform.sheets) == PLACES - await leased(database), (
        "what they had not taken is posted at once"
    )
    clock.advance(LEASE.total_seconds())
    assert LEASE + timedelta(seconds=30) < timedelta(minutes=1)
    await bot.daily.claim()
    await bot.daily.post_due()
    channels = Counter(sheet.message.place.channel for sheet in platform.sheets.values())
    assert channels == {f"room {n}": 1 for n in range(PLACES)}
    assert await leased(database) == 0


async def leased(database: Database) -> int:
    async with database.reading() as tx:
        return len(
            (await tx.execute(select(occurrences).where(occurrences.c.state == "due"))).all()
        )
