"""The alarm clock runs timers in time, whatever goes wrong and whatever is done to the clock."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from apscheduler.schedulers import base

from bot.alarm import LONGEST_WAIT, SHORTEST_WAIT, Alarm, Timer
from bot.quizmaster.daily.claiming import LEASE

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DEADLINE_S = 10
SHORT = timedelta(milliseconds=50)


def now() -> datetime:
    return datetime.now(UTC)


async def never() -> datetime | None:
    return None


class Runs:
    """Count how often a timer ran."""

    def __init__(self) -> None:
        self.times: list[datetime] = []
        self._come = asyncio.Event()

    async def run(self) -> None:
        self.times.append(now())
        self._come.set()

    async def wait_for(self, times: int) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while len(self.times) < times:
                self._come.clear()
                await self._come.wait()


@asynccontextmanager
async def going(
    *timers: Timer, woken: asyncio.Event | None = None, longest_wait: timedelta = timedelta(hours=1)
) -> AsyncIterator[None]:
    running = asyncio.create_task(Alarm(timers, woken or asyncio.Event(), now, longest_wait).run())
    yield
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_it_runs_at_the_start_and_when_the_next_row_is_due() -> None:
    runs, at = Runs(), now() + timedelta(seconds=0.5)

    async def due() -> datetime | None:
        return at if now() < at else None

    async with going(Timer(runs.run, due)):
        await runs.wait_for(2)
    assert runs.times[0] < at <= runs.times[1]


async def test_it_runs_when_rows_change() -> None:
    runs, woken = Runs(), asyncio.Event()
    async with going(Timer(runs.run, never), woken=woken):
        for times in (1, 2, 3):
            await runs.wait_for(times)
            woken.set()


async def fail() -> None:
    raise LookupError("no such timer")


async def fail_to_tell() -> datetime | None:
    raise LookupError("no such row")


@pytest.mark.parametrize(("due", "run"), [(never, fail), (fail_to_tell, None)])
async def test_a_timer_that_fails_keeps_no_other_from_running_and_runs_again(
    due: Callable[[], Awaitable[datetime | None]],
    run: Callable[[], Awaitable[None]] | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first, second = Runs(), Runs()
    async with going(Timer(run or first.run, due), Timer(second.run), longest_wait=SHORT):
        await second.wait_for(2)
    assert "a timer failed" in caplog.text
    assert run or len(first.times) >= 2


async def test_a_clock_that_is_set_back_delays_no_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's clock shows an hour less from the first run on.

    Rows are looked at as often as ever.
    """
    runs = Runs()
    async with going(Timer(runs.run, never), longest_wait=SHORT):
        await runs.wait_for(1)
        monkeypatch.setattr(base, "datetime", Earlier)
        await runs.wait_for(4)


class Earlier(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Earlier":
        return super().now(tz) - timedelta(hours=1)


def quiet(at: datetime | None) -> Timer:
    """A timer whose next row is due then."""

    async def due() -> datetime | None:
        return at

    return Timer(Runs().run, due)


@pytest.mark.parametrize(
    ("due", "waits"),
    [
        (None, LONGEST_WAIT),
        (NOON + timedelta(seconds=5), timedelta(seconds=5)),
        (NOON + timedelta(days=400), LONGEST_WAIT),  # or the clock jumped back a year
        (
            NOON - timedelta(days=400),
            SHORTEST_WAIT,
        ),  # overdue, and still not done: not in a tight circle
    ],
)
async def test_it_waits_until_the_earliest_and_never_longer_than_half_a_minute(
    due: datetime | None, waits: timedelta
) -> None:
    alarm = Alarm(
        [quiet(None), quiet(due), quiet(NOON + timedelta(hours=1))], asyncio.Event(), lambda: NOON
    )
    assert await alarm._run_due() == waits


def test_what_a_dead_process_left_is_found_within_a_minute() -> None:
    assert timedelta(minutes=1) > LEASE + LONGEST_WAIT
