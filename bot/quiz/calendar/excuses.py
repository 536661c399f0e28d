"""Days on which nobody could solve anything, so no streak ends."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.quiz.calendar.local_days import ZoneHistory

LONG_OUTAGE = timedelta(hours=1)  # Within a day and its hours of grace.
# What a change of zone leaves of a date: nobody loses a streak by travelling.
SHORT_DAY = timedelta(hours=12)


class Excuse(StrEnum):
    AWAY = "away"  # The bot did not run.
    MISSED = "missed"  # A daily question of theirs was never posted.
    SKIPPED = "skipped"  # By a change of zone they never had this date, or hardly any of it.


@dataclass(frozen=True, slots=True)
class Outage:
    began_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Excuses:
    calendar: ZoneHistory
    outages: Sequence[Outage] = ()
    missed: Collection[date] = ()

    def is_excused(self, day: date) -> bool:
        return self.excuse_for(day) is not None

    def excuse_for(self, day: date) -> Excuse | None:
        if self.calendar.length_of(day) < SHORT_DAY:
            return Excuse.SKIPPED
        if self._outage_on(day) >= LONG_OUTAGE:
            return Excuse.AWAY
        return Excuse.MISSED if day in self.missed else None

    def _outage_on(self, day: date) -> timedelta:
        total = timedelta()
        if self.outages:
            start = self.calendar.start_of(day)
            end = self.calendar.countable_until(day)
            for outage in self.outages:
                part = min(end, outage.ended_at) - max(start, outage.began_at)
                total += max(part, timedelta())
        return total
