"""The alarm clock: it rings when something is due, when it is woken, and every half minute in any case."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.alarm import PULSE, SOON, Alarm, Bell
from bot.quizmaster.daily import LEASE

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DEADLINE_S = 10


class Rung:
    """A bell that tells when it rings."""

    def __init__(self, due: datetime | None = None, *, broken: bool = False) -> None:
        self.at, self.broken, self.times = due, broken, 0
        self._again = asyncio.Event()

    @property
    def bell(self) -> Bell:
        return Bell(self.due, self.ring)

    async def due(self) -> datetime | None:
        return self.at

    async def ring(self) -> None:
        self.times += 1
        self._again.set()
        if self.broken:
            raise OSError("the database is away")

    async def rings(self, times: int) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while self.times < times:
                self._again.clear()
                await self._again.wait()


def clock() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def running(*rung: Rung) -> AsyncIterator[asyncio.Event]:
    woken = asyncio.Event()
    alarm = asyncio.create_task(Alarm([each.bell for each in rung], woken, clock).run())
    yield woken
    alarm.cancel()
    await asyncio.gather(alarm, return_exceptions=True)


async def test_it_rings_at_the_start_and_when_something_is_due() -> None:
    due = clock() + timedelta(milliseconds=500)
    rung = Rung(due)
    async with running(rung):
        await rung.rings(2)
    assert clock() >= due


async def test_whoever_changes_rows_wakes_it_at_once() -> None:
    rung = Rung()
    async with running(rung) as woken:
        await rung.rings(1)
        woken.set()
        await rung.rings(2)


async def test_a_bell_that_breaks_keeps_no_other_from_ringing(caplog: pytest.LogCaptureFixture) -> None:
    broken, whole = Rung(broken=True), Rung(clock() + timedelta(milliseconds=300))
    async with running(broken, whole):
        await whole.rings(2)
        await broken.rings(2)
    assert "a bell rang in vain" in caplog.text


@pytest.mark.parametrize(
    ("due", "waits"),
    [
        (None, PULSE),
        (NOON + timedelta(seconds=5), timedelta(seconds=5)),
        (NOON + timedelta(days=400), PULSE),  # or the clock jumped back a year
        (NOON - timedelta(days=400), SOON),  # overdue, and still not done: not in a tight circle
    ],
)
async def test_it_waits_until_the_earliest_and_never_longer_than_half_a_minute(
    due: datetime | None, waits: timedelta
) -> None:
    alarm = Alarm([Rung().bell, Rung(due).bell, Rung(NOON + timedelta(hours=1)).bell], asyncio.Event(), lambda: NOON)
    assert await alarm._attend() == waits


def test_what_a_dead_process_left_is_found_within_a_minute() -> None:
    assert timedelta(minutes=1) > LEASE + PULSE
