"""Days that nobody could have solved anything on: they neither count nor end a streak."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.quiz.calendar.local_days import ZoneHistory

AWAY = timedelta(hours=1)
"""So long an absence of ours within a day, its hours of grace included, excuses it."""

SHORT = timedelta(hours=12)
"""A date of which a change of zone leaves less than that is excused: nobody loses a streak by travelling."""


class Excuse(StrEnum):
    AWAY = "away"
    """The bot was not there."""
    MISSED = "missed"
    """A daily question of theirs was never posted."""
    SKIPPED = "skipped"
    """By a change of zone they never had this date, or hardly any of it."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which no process of ours ran."""

    began_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Excuses:
    """The rule, for one member: everyone is excused by it alike."""

    calendar: ZoneHistory
    outages: Sequence[Outage] = ()
    missed: Collection[date] = ()

    def why(self, day: date) -> Excuse | None:
        if self.calendar.lasts(day) < SHORT:
            return Excuse.SKIPPED
        if self._away(day) >= AWAY:
            return Excuse.AWAY
        return Excuse.MISSED if day in self.missed else None

    def __call__(self, day: date) -> bool:
        return self.why(day) is not None

    def _away(self, day: date) -> timedelta:
        if not self.outages:
            return timedelta()
        first, last = self.calendar.begins(day), self.calendar.closes(day)
        parts = (
            min(last, outage.ended_at) - max(first, outage.began_at) for outage in self.outages
        )
        return sum((part for part in parts if part > timedelta()), timedelta())
