"""Local dates: which day it is for somebody, when it begins, and which week and month a round counts for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
GRACE = timedelta(hours=4)
"""For so long after its midnight a day can still be made to count."""


def local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def begins(day: date, zone: str) -> datetime:
    """The first instant of a local date; where the clocks skip midnight, or the whole day, the instant they do so."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def on_the_hour(day: date, hour: int, zone: str) -> datetime:
    """Where the clocks skip the hour, the one after it; where they show it twice, the first."""
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)


def next_monday(zone: str, hour: int, after: datetime) -> datetime:
    """When it is a Monday at this hour next."""
    day = local_day(after, zone)
    monday = day - timedelta(days=day.weekday())
    at = on_the_hour(monday, hour, zone)
    return at if at > after else on_the_hour(monday + 7 * DAY, hour, zone)


def period_keys(day: date) -> dict[str, str]:
    """The keys of the week, the month and all time that a local date belongs to."""
    return {"week": week_key(day), "month": f"{day:%Y-%m}", "all": ""}


def week_key(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


@dataclass(frozen=True, slots=True)
class ZoneChange:
    """A zone that somebody lives by from an instant on."""

    since: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class ZoneHistory:
    """Somebody's own days: by the zone they began in, then by those they moved to, the earliest first.

    Dates never run backwards: where a move would repeat a date, that day is longer; where it jumps over one, that
    date has no time in it.
    """

    home: str
    moves: tuple[ZoneChange, ...] = ()

    def day_of(self, at: datetime) -> date:
        day = local_day(at, self.zone_at(at))
        coming = next((move for move in self.moves if move.since > at), None)
        return min(day, local_day(coming.since, coming.zone)) if coming else day

    def zone_at(self, at: datetime) -> str:
        return next((move.zone for move in reversed(self.moves) if move.since <= at), self.home)

    def coming(self, at: datetime) -> tuple[date, str] | None:
        """The zone that is still to come into force, and the day from which on."""
        return next(
            ((self.day_of(move.since), move.zone) for move in self.moves if move.since > at), None
        )

    def begins(self, day: date) -> datetime:
        """The first instant that is this day or a later one."""
        zone, since = self.home, None
        for move in self.moves:
            first = _from(begins(day, zone), since)
            if first < move.since and day <= local_day(move.since, move.zone):
                return first
            zone, since = move.zone, move.since
        return _from(begins(day, zone), since)

    def closes(self, day: date) -> datetime:
        """Until when the day can be made to count."""
        return self.begins(day + DAY) + GRACE

    def lasts(self, day: date) -> timedelta:
        """How much time there is in the date: none where a move jumps over it."""
        return self.begins(day + DAY) - self.begins(day)

    def over(self, now: datetime) -> date:
        """The last day that can be made to count no more."""
        return self.day_of(now - GRACE) - DAY

    def countable(self, at: datetime) -> tuple[date, ...]:
        """The days that something solved now can count for: the first of them that does not count yet."""
        today, before = self.day_of(at), self.day_of(at - GRACE)
        return (before, today) if before < today else (today,)

    def next_at(self, hour: int, after: datetime) -> datetime:
        """When the clock shows this hour next."""
        day = self.day_of(after)
        while (at := on_the_hour(day, hour, self.zone_at(self.begins(day)))) <= after:
            day += DAY
        return at

    def moved(self, zone: str, at: datetime) -> "ZoneHistory":
        """A change of zone: from tomorrow on. One that has not come into force yet is replaced."""
        past = ZoneHistory(self.home, tuple(move for move in self.moves if move.since <= at))
        if zone == past.zone_at(at):
            return past
        tomorrow = past.day_of(at) + DAY
        since = max(past.begins(tomorrow), begins(tomorrow, zone))
        return ZoneHistory(self.home, (*past.moves, ZoneChange(since, zone)))


def _from(first: datetime, since: datetime | None) -> datetime:
    return max(first, since) if since else first
