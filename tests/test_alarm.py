"""The alarm clock rings in time, whatever goes wrong and whatever is done to the clock."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from apscheduler.schedulers import base

from bot.alarm import PULSE, SOON, Alarm, Duty
from bot.quizmaster.daily import LEASE

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DEADLINE_S = 10
SHORT = timedelta(milliseconds=50)


def now() -> datetime:
    return datetime.now(UTC)


async def never() -> datetime | None:
    return None


class Ears:
    """Count how often a bell has rung."""

    def __init__(self) -> None:
        self.rung: list[datetime] = []
        self._come = asyncio.Event()

    async def ring(self) -> None:
        self.rung.append(now())
        self._come.set()

    async def hear(self, times: int) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while len(self.rung) < times:
                self._come.clear()
                await self._come.wait()


@asynccontextmanager
async def going(
    *bells: Duty, woken: asyncio.Event | None = None, pulse: timedelta = timedelta(hours=1)
) -> AsyncIterator[None]:
    running = asyncio.create_task(Alarm(bells, woken or asyncio.Event(), now, pulse).run())
    yield
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_it_rings_at_the_start_and_when_the_next_row_is_due() -> None:
    ears, at = Ears(), now() + timedelta(seconds=0.5)

    async def due() -> datetime | None:
        return at if now() < at else None

    async with going(Duty(due, ears.ring)):
        await ears.hear(2)
    assert ears.rung[0] < at <= ears.rung[1]


async def test_it_rings_when_rows_change() -> None:
    ears, woken = Ears(), asyncio.Event()
    async with going(Duty(never, ears.ring), woken=woken):
        for times in (1, 2, 3):
            await ears.hear(times)
            woken.set()


async def fail() -> None:
    raise LookupError("no such bell")


async def fail_to_tell() -> datetime | None:
    raise LookupError("no such row")


@pytest.mark.parametrize(("due", "ring"), [(never, fail), (fail_to_tell, None)])
async def test_a_bell_that_fails_keeps_no_other_from_ringing_and_rings_again(
    due: Callable[[], Awaitable[datetime | None]],
    ring: Callable[[], Awaitable[None]] | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first, second = Ears(), Ears()
    async with going(Duty(due, ring or first.ring), Duty(never, second.ring), pulse=SHORT):
        await second.hear(2)
    assert "a bell rang in vain" in caplog.text
    assert ring or len(first.rung) >= 2


async def test_a_clock_that_is_set_back_delays_no_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's clock shows an hour less from the first ring on; rows are looked at as often as ever."""
    ears = Ears()
    async with going(Duty(never, ears.ring), pulse=SHORT):
        await ears.hear(1)
        monkeypatch.setattr(base, "datetime", Earlier)
        await ears.hear(4)


class Earlier(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Earlier":
        return super().now(tz) - timedelta(hours=1)


def quiet(at: datetime | None) -> Duty:
    """A bell whose next row is due then."""

    async def due() -> datetime | None:
        return at

    return Duty(due, Ears().ring)


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
    alarm = Alarm(
        [quiet(None), quiet(due), quiet(NOON + timedelta(hours=1))], asyncio.Event(), lambda: NOON
    )
    assert await alarm._attend() == waits


def test_what_a_dead_process_left_is_found_within_a_minute() -> None:
    assert timedelta(minutes=1) > LEASE + PULSE
