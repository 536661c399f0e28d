"""Local dates: which day it is for somebody, and which week and month a round counts for."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def period_keys(day: date) -> dict[str, str]:
    """The keys of the week, the month and all time that a local date belongs to."""
    year, week, _ = day.isocalendar()
    return {"week": f"{year}-W{week:02}", "month": f"{day:%Y-%m}", "all": ""}
