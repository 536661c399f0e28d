"""Local dates: which day it is where somebody lives, and when it begins.

Also which week and month that is.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.calendar.local_days import day_start, local_day, period_keys


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", "2026-03-01"),
        ("Europe/Berlin", "2026-03-02"),
        ("America/New_York", "2026-03-01"),
        ("Pacific/Kiritimati", "2026-03-02"),
        ("Pacific/Pago_Pago", "2026-03-01"),
    ],
)
def test_the_same_instant_is_another_day_elsewhere(zone: str, day: str) -> None:
    assert local_day(at("2026-03-01 23:30"), zone).isoformat() == day


def test_east_and_west_of_the_date_line_lie_two_dates_apart() -> None:
    instant = at("2026-03-02 10:30")
    assert local_day(instant, "Pacific/Kiritimati") - local_day(
        instant, "Pacific/Pago_Pago"
    ) == timedelta(days=2)


@pytest.mark.parametrize(
    ("first", "last", "day", "hours"),
    [
        ("2026-03-28 23:00", "2026-03-29 21:59", "2026-03-29", 23),  # clocks go forward
        ("2026-10-24 22:00", "2026-10-25 22:59", "2026-10-25", 25),  # and back
    ],
)
def test_a_day_on_which_the_clocks_change_is_still_one_day(
    first: str, last: str, day: str, hours: int
) -> None:
    within = [at(first) + timedelta(minutes=minutes) for minutes in range(0, 60 * hours, 30)]
    assert {local_day(instant, "Europe/Berlin").isoformat() for instant in (*within, at(last))} == {
        day
    }
    assert local_day(at(first) - timedelta(minutes=1), "Europe/Berlin") < date.fromisoformat(day)
    assert local_day(at(last) + timedelta(minutes=1), "Europe/Berlin") > date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "week", "month"),
    [
        ("2026-03-02", "2026-W10", "2026-03"),
        ("2027-01-01", "2026-W53", "2027-01"),  # a Friday belongs to the old year's last week
        ("2027-01-04", "2027-W01", "2027-01"),
        ("2025-12-29", "2026-W01", "2025-12"),  # a Monday day_start the new year's first
    ],
)
def test_a_week_is_the_calendar_s_own_over_new_year(day: str, week: str, month: str) -> None:
    assert period_keys(date.fromisoformat(day)) == {"week": week, "month": month, "all": ""}


@given(st.dates(date(1900, 1, 1), date(2999, 1, 1)))
def test_seven_days_from_monday_share_a_week_and_the_next_has_another(day: date) -> None:
    monday = day - timedelta(days=day.weekday())
    weeks = [period_keys(monday + timedelta(days=n))["week"] for n in range(8)]
    assert len(set(weeks[:7])) == 1
    assert weeks[0] < weeks[7]


@pytest.mark.parametrize(
    ("day", "zone", "first"),
    [
        ("2026-03-02", "Europe/Berlin", "2026-03-01 23:00"),
        (
            "2026-04-24",
            "Africa/Cairo",
            "2026-04-23 22:00",
        ),  # its midnight is skipped: the day day_start at one o'clock
        (
            "2026-11-01",
            "America/Havana",
            "2026-11-01 04:00",
        ),  # its midnight comes twice: the first one counts
        ("2011-12-30", "Pacific/Apia", "2011-12-30 10:00"),  # the whole day was skipped
        ("2011-12-31", "Pacific/Apia", "2011-12-30 10:00"),
    ],
)
def test_a_day_begins_with_its_first_instant(day: str, zone: str, first: str) -> None:
    assert day_start(date.fromisoformat(day), zone) == at(first)
