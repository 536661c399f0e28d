"""Local dates: which day it is in a zone, and when it begins."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import UserError

DAY = timedelta(days=1)
GRACE = timedelta(hours=4)  # For so long after its midnight a day can still be made to count.


def local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def day_start(day: date, zone: str) -> datetime:
    return at_hour(day, 0, zone)


def at_hour(day: date, hour: int, zone: str) -> datetime:
    """The next hour, if clocks skip it; the first, if they show it twice."""
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)


def next_monday(zone: str, hour: int, after: datetime) -> datetime:
    day = local_day(after, zone)
    monday = day - timedelta(days=day.weekday())
    at = at_hour(monday, hour, zone)
    return at if at > after else at_hour(monday + 7 * DAY, hour, zone)


def period_keys(day: date) -> dict[str, str]:
    return {"week": week_key(day), "month": f"{day:%Y-%m}", "all": ""}


def week_key(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


@dataclass(frozen=True, slots=True)
class ZoneChange:
    since: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class ZoneHistory:
    """Dates never run backwards: a change makes a day longer, or leaves no time in it."""

    home: str
    changes: tuple[ZoneChange, ...] = ()

    def day_of(self, at: datetime) -> date:
        day = local_day(at, self.zone_at(at))
        change = self._next_change(at)
        return min(day, local_day(change.since, change.zone)) if change else day

    def zone_at(self, at: datetime) -> str:
        past = (change.zone for change in reversed(self.changes) if change.since <= at)
        return next(past, self.home)

    def _next_change(self, at: datetime) -> ZoneChange | None:
        return next((change for change in self.changes if change.since > at), None)

    def next_zone(self, at: datetime) -> tuple[date, str] | None:
        change = self._next_change(at)
        return (self.day_of(change.since), change.zone) if change else None

    def start_of(self, day: date) -> datetime:
        """The first instant that is this day or a later one."""
        zone = self.home
        since: datetime | None = None
        for change in self.changes:
            start = _not_before(since, day_start(day, zone))
            if start < change.since and day <= local_day(change.since, change.zone):
                return start
            zone = change.zone
            since = change.since
        return _not_before(since, day_start(day, zone))

    def countable_until(self, day: date) -> datetime:
        return self.start_of(day + DAY) + GRACE

    def length_of(self, day: date) -> timedelta:
        return self.start_of(day + DAY) - self.start_of(day)

    def last_finished_day(self, now: datetime) -> date:
        """The last day that can no longer be made to count."""
        return self.day_of(now - GRACE) - DAY

    def countable(self, at: datetime) -> tuple[date, ...]:
        """An answer now counts for the first of these that does not count yet."""
        today = self.day_of(at)
        before = self.day_of(at - GRACE)
        return (before, today) if before < today else (today,)

    def next_hour(self, hour: int, after: datetime) -> datetime:
        day = self.day_of(after)
        while (at := at_hour(day, hour, self.zone_at(self.start_of(day)))) <= after:
            day += DAY
        return at

    def with_zone(self, zone: str, at: datetime) -> "ZoneHistory":
        """Takes effect tomorrow, instead of any change still to come."""
        past = ZoneHistory(self.home, tuple(each for each in self.changes if each.since <= at))
        if zone == past.zone_at(at):
            return past
        tomorrow = past.day_of(at) + DAY
        since = max(past.start_of(tomorrow), day_start(tomorrow, zone))
        return ZoneHistory(self.home, (*past.changes, ZoneChange(since, zone)))


def _not_before(since: datetime | None, at: datetime) -> datetime:
    return max(at, since) if since else at


def known_zone(zone: str) -> str:
    names = {name.casefold(): name for name in available_timezones()}
    name = names.get(zone.strip().casefold())
    if name is None:
        raise UserError("unknown_zone")
    return name
