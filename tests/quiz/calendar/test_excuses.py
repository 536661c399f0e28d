"""Days that are excused for everyone alike.

They are excused by our absence, by a daily that never came, by a date that never was.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.calendar.excuses import LONG_OUTAGE, Excuse, Excuses, Outage
from bot.quiz.calendar.local_days import DAY, GRACE, ZoneHistory

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
HOUR = timedelta(hours=1)


def away(first: timedelta, long: timedelta) -> Outage:
    return Outage(NOON + first, NOON + first + long)


@pytest.mark.parametrize(("minutes", "why"), [(59, None), (60, Excuse.AWAY), (600, Excuse.AWAY)])
def test_an_hour_s_absence_excuses_its_day(minutes: int, why: Excuse | None) -> None:
    assert (
        Excuses(ZoneHistory("UTC"), (away(timedelta(), timedelta(minutes=minutes)),)).excuse_for(
            MONDAY
        )
        is why
    )


def test_short_absences_add_up() -> None:
    half = timedelta(minutes=30)
    twice = Excuses(ZoneHistory("UTC"), (away(-8 * HOUR, half), away(3 * HOUR, half)))
    assert twice.excuse_for(MONDAY) is Excuse.AWAY


def test_an_absence_in_the_hours_of_grace_excuses_both_days_that_could_have_counted() -> None:
    night = Excuses(ZoneHistory("UTC"), (away(13 * HOUR, 2 * HOUR),))
    assert [night.excuse_for(MONDAY + n * DAY) for n in (-1, 0, 1, 2)] == [
        None,
        Excuse.AWAY,
        Excuse.AWAY,
        None,
    ]


def test_an_absence_excuses_each_member_s_own_day() -> None:
    outage = away(timedelta(hours=10), HOUR)  # 22 to 23 in UTC
    tokyo = Excuses(ZoneHistory("Asia/Tokyo"), (outage,))
    assert (
        Excuses(ZoneHistory("UTC"), (outage,)).excuse_for(MONDAY),
        tokyo.excuse_for(MONDAY),
    ) == (
        Excuse.AWAY,
        None,
    )
    assert tokyo.excuse_for(MONDAY + DAY) is Excuse.AWAY


def test_a_daily_that_was_never_posted_excuses_its_date() -> None:
    missed = Excuses(ZoneHistory("UTC"), missed=frozenset({MONDAY}))
    assert (missed.excuse_for(MONDAY), missed.excuse_for(MONDAY + DAY)) == (Excuse.MISSED, None)
    assert missed.is_excused(MONDAY)
    assert not missed.is_excused(MONDAY + DAY)


def test_a_date_that_a_change_of_zone_jumps_over_is_excused() -> None:
    calendar = ZoneHistory("Pacific/Pago_Pago").with_zone("Pacific/Kiritimati", NOON)
    skipped = [
        MONDAY + n * DAY for n in range(-1, 5) if Excuses(calendar).is_excused(MONDAY + n * DAY)
    ]
    assert len(skipped) == 1
    assert Excuses(calendar).excuse_for(skipped[0]) is Excuse.SKIPPED


@pytest.mark.parametrize(
    ("zone", "left", "excused"), [("Pacific/Fiji", 1, 1), ("Asia/Dubai", 9, 1), ("UTC", 13, 0)]
)
def test_a_date_of_which_a_change_of_zone_leaves_hardly_anything_is_excused(
    zone: str, left: int, excused: int
) -> None:
    calendar = ZoneHistory("Pacific/Pago_Pago").with_zone(zone, NOON)
    days = [MONDAY + n * DAY for n in range(-1, 5)]
    (short,) = [day for day in days if calendar.length_of(day) < timedelta(hours=22)]
    assert calendar.length_of(short) == timedelta(hours=left)
    assert [day for day in days if Excuses(calendar).is_excused(day)] == [short] * excused


@given(
    st.sampled_from(("UTC", "Asia/Tokyo", "America/New_York", "Europe/Berlin")),
    st.lists(st.tuples(st.integers(-5000, 5000), st.integers(1, 3000)), max_size=5),
)
def test_a_day_is_excused_where_the_minutes_of_absence_within_it_make_an_hour(
    zone: str, gaps: list[tuple[int, int]]
) -> None:
    """Counted minute by minute, over absences that do not overlap."""
    outages, end = [], -6000
    for begun, long in sorted(gaps):
        first = max(begun, end)
        outages.append(away(timedelta(minutes=first), timedelta(minutes=long)))
        end = first + long
    calendar = ZoneHistory(zone)
    first_minute, last = calendar.start_of(MONDAY), calendar.start_of(MONDAY + DAY) + GRACE
    minutes = range(int((last - first_minute) / timedelta(minutes=1)))
    instants = (first_minute + timedelta(minutes=n) for n in minutes)
    gone = sum(any(each.began_at <= at < each.ended_at for each in outages) for at in instants)
    assert Excuses(calendar, outages).is_excused(MONDAY) == (timedelta(minutes=gone) >= LONG_OUTAGE)
