"""Days on which no schedule of a place asks."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from bot.identity import Place
from bot.model.schedules import DaysOff
from bot.quiz.calendar.holidays import Holiday, parse_holidays
from bot.quiz.calendar.local_days import local_day
from bot.quizmaster.core import Core
from bot.store import daily, places, schedules


@dataclass(frozen=True, slots=True)
class Holidays:
    core: Core

    async def list(self, place: Place, now: datetime) -> DaysOff:
        async with self.core.act() as tx:
            settings = await places.get_or_add(tx, place)
            today = local_day(now, settings.zone or self.core.zone)
            found = await schedules.holidays_since(tx, [settings.id], today)
        return DaysOff(tuple(Holiday(day, name) for (_, day), name in sorted(found.items())))

    async def change(
        self, place: Place, text: str, now: datetime, *, remove: bool = False
    ) -> DaysOff:
        async with self.core.act() as tx:
            settings = await places.get_or_add(tx, place)
        today = local_day(now, settings.zone or self.core.zone)
        # A large calendar takes long to read, and keeps nobody waiting in its thread.
        parsed = await asyncio.to_thread(parse_holidays, text, today)
        days = [each.day for each in parsed.days]
        async with self.core.act() as tx:
            if remove:
                changed = await schedules.remove_holidays(tx, settings.id, days)
                is_late = False
            else:
                changed = len(days)
                await schedules.add_holidays(tx, settings.id, parsed.days)
                is_late = today in days and await daily.is_asked_on(tx, settings.id, today)
        kept = (await self.list(place, now)).days
        return DaysOff(kept, changed, taken_back=remove, skipped=parsed.skipped, too_late=is_late)
