"""The alarm clock: wakes for the earliest due row, and at least every half minute. The rows are the truth."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

PULSE = timedelta(seconds=30)
SOON = timedelta(milliseconds=200)
"""Between two rings at least: what is overdue and could not be done is never tried again in a tight circle."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Duty:
    """`due` reads when its next row is due, `ring` does whatever is due by now."""

    due: Callable[[], Awaitable[datetime | None]]
    ring: Callable[[], Awaitable[None]]


class Alarm:
    """Rings its bells one after the other, each when it is due; `woken` is set when rows change."""

    def __init__(
        self,
        bells: Sequence[Duty],
        woken: asyncio.Event,
        now: Callable[[], datetime],
        pulse: timedelta = PULSE,
    ) -> None:
        self._bells = tuple(bells)
        self._now = now
        self._woken = woken
        self._pulse = pulse

    async def ring(self) -> None:
        """Every bell, now."""
        for bell in self._bells:
            await bell.ring()

    async def run(self) -> None:
        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.start()
        clock = asyncio.get_running_loop().time
        try:
            while True:
                self._woken.clear()
                begun = clock()
                wait = await self._attend()
                at = datetime.now(scheduler.timezone) + wait
                scheduler.add_job(
                    self._woken.set,
                    "date",
                    run_date=at,
                    id="wake",
                    replace_existing=True,
                    misfire_grace_time=None,
                )
                await self._rest()
                await asyncio.sleep(max(0, begun + SOON.total_seconds() - clock()))
        finally:
            scheduler.shutdown(wait=False)

    async def _rest(self) -> None:
        """Until woken. The scheduler goes by the wall clock: where that is set back, it would sleep as much longer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pulse.total_seconds()):
                await self._woken.wait()

    async def _attend(self) -> timedelta:
        """Do what is due, and tell how long there is nothing to do."""
        return min([await self._attend_to(bell) for bell in self._bells], default=self._pulse)

    async def _attend_to(self, bell: Duty) -> timedelta:
        try:
            await bell.ring()
            due = await bell.due()
        except Exception:
            log.exception("a bell rang in vain; it rings again in half a minute")
            return self._pulse
        return self._pulse if due is None else min(self._pulse, max(SOON, due - self._now()))
