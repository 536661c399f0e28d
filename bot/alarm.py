"""The alarm clock: runs timers when the next row of the database is due."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

LONGEST_WAIT = timedelta(seconds=30)
# What is overdue and cannot be done is not tried again in a tight circle.
SHORTEST_WAIT = timedelta(milliseconds=200)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timer:
    """`run` does everything that is due by now; `next_due` reads when there is more."""

    run: Callable[[], Awaitable[None]]
    next_due: Callable[[], Awaitable[datetime | None]] | None = None


class Alarm:
    def __init__(
        self,
        timers: Sequence[Timer],
        woken: asyncio.Event,
        now: Callable[[], datetime],
        longest_wait: timedelta = LONGEST_WAIT,
    ) -> None:
        self._timers = timers
        self._woken = woken
        self._now = now
        self._longest_wait = longest_wait

    async def run_timers(self) -> None:
        for timer in self._timers:
            await timer.run()

    async def run(self) -> None:
        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.start()
        clock = asyncio.get_running_loop().time
        try:
            while True:
                self._woken.clear()
                begun = clock()
                wait = await self._run_due()
                scheduler.add_job(
                    self._woken.set,
                    "date",
                    run_date=datetime.now(scheduler.timezone) + wait,
                    id="wake",
                    replace_existing=True,
                    misfire_grace_time=None,
                )
                await self._wait_until_woken()
                await asyncio.sleep(max(0, begun + SHORTEST_WAIT.total_seconds() - clock()))
        finally:
            scheduler.shutdown(wait=False)

    async def _wait_until_woken(self) -> None:
        # The scheduler waits too long where the machine's clock is set back: this does not.
        with suppress(TimeoutError):
            async with asyncio.timeout(self._longest_wait.total_seconds()):
                await self._woken.wait()

    async def _run_due(self) -> timedelta:
        waits = [await self._run_timer(timer) for timer in self._timers]
        return min(waits, default=self._longest_wait)

    async def _run_timer(self, timer: Timer) -> timedelta:
        try:
            await timer.run()
            due = await timer.next_due() if timer.next_due else None
        except Exception:
            log.exception("a timer failed; it runs again in half a minute")
            return self._longest_wait
        if due is None:
            return self._longest_wait
        return min(self._longest_wait, max(SHORTEST_WAIT, due - self._now()))
