"""When a schedule asks: local dates made instants, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.quiz.calendar.cron import (
    DueTime,
    due_by,
    due_times,
    local_instant,
    next_due_time,
    parse_cron,
    upcoming,
)
from bot.quiz.calendar.local_days import local_day
from tests.refusing import refused

ZONES = (
    "UTC Europe/Berlin America/New_York Asia/Tokyo Asia/Kolkata Asia/Kathmandu "
    "Australia/Lord_Howe Africa/Cairo Pacific/Apia Pacific/Kiritimati Pacific/Chatham "
    "America/Nuuk America/Sao_Paulo Asia/Tehran Africa/Casablanca"
).split()
DAILY = "0 9 * * *"
MOMENTS = st.integers(0, 10 * 365 * 86400).map(
    lambda seconds: at("2020-01-01") + timedelta(seconds=seconds)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def days(cron: str, first: str, most: int = 5, zone: str = "UTC") -> list[str]:
    found = []
    for fire in due_times(cron, zone, date.fromisoformat(first)):
        found.append(fire.day.isoformat())
        if len(found) == most:
            break
    return found


# Clock changes


@pytest.mark.parametrize(
    ("zone", "day", "wall", "when"),
    [
        (
            "Europe/Berlin",
            "2026-03-29",
            "02:30",
            "2026-03-29 01:30",
        ),  # it does not exist: 03:30 by the new clock
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25 00:30"),  # it exists twice: the first
        ("Europe/Berlin", "2026-03-29", "09:00", "2026-03-29 07:00"),
        ("Europe/Berlin", "2026-03-28", "09:00", "2026-03-28 08:00"),
        (
            "Australia/Lord_Howe",
            "2026-10-04",
            "02:15",
            "2026-10-03 15:45",
        ),  # half an hour is skipped
        (
            "America/Nuuk",
            "2026-03-28",
            "23:30",
            "2026-03-29 01:30",
        ),  # the last hour of a day is skipped
        ("Africa/Cairo", "2026-04-24", "00:30", "2026-04-23 22:30"),  # midnight itself is skipped
    ],
)
def test_a_time_that_the_clocks_skip_or_repeat_is_one_instant(
    zone: str, day: str, wall: str, when: str
) -> None:
    assert local_instant(date.fromisoformat(day), time.fromisoformat(wall), zone) == at(when)


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Apia", "2011-12-30"), ("Pacific/Kwajalein", "1993-08-21")]
)
def test_a_date_that_a_zone_left_out_asks_nothing(zone: str, day: str) -> None:
    gone = date.fromisoformat(day)
    assert local_instant(gone, time(9), zone) is None
    assert [
        fire.day for fire in upcoming(DAILY, zone, at(f"{day} 00:00") - timedelta(days=2), 9)
    ].count(gone) == 0


def test_a_daily_over_a_clock_change_comes_at_the_same_hour_by_the_wall() -> None:
    found = upcoming("30 2 * * *", "Europe/Berlin", at("2026-10-23 12:00"), 4)
    wall = [fire.at.astimezone(ZoneInfo("Europe/Berlin")).strftime("%d %H:%M %z") for fire in found]
    assert wall == ["24 02:30 +0200", "25 02:30 +0200", "26 02:30 +0100", "27 02:30 +0100"]


@given(
    st.sampled_from(ZONES),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
)
def test_of_each_date_there_is_one_instant_in_the_order_of_the_dates(
    zone: str, wall: time, first: date
) -> None:
    found = upcoming(f"{wall.minute} {wall.hour} * * *", zone, at(f"{first} 00:00"), 40)
    assert len({fire.day for fire in found}) == len(found) == 40
    for one, following in pairwise(found):
        assert timedelta(hours=20) <= following.at - one.at <= timedelta(hours=28)
        assert one.day < following.day
    for fire in found:
        shown = fire.at.astimezone(ZoneInfo(zone))
        assert abs(shown.replace(tzinfo=None) - datetime.combine(fire.day, wall)) <= timedelta(
            hours=1
        )


@given(
    st.sampled_from(ZONES),
    MOMENTS,
    st.lists(st.integers(-3 * 86400, 5 * 86400), max_size=30),
)
def test_a_clock_that_jumps_asks_no_date_twice(zone: str, now: datetime, steps: list[int]) -> None:
    """As the ticker works.

    What is due is claimed by its date, and the next lies after the last that was claimed.
    """
    claimed: list[date] = []
    following = next_due_time(DAILY, zone, now)
    for step in steps:
        now += timedelta(seconds=step)
        assert following
        if following.at > now:
            continue
        new = due_by(DAILY, zone, following.day, now)
        claimed += [fire.day for fire in new]
        following = next_due_time(DAILY, zone, now, new[-1].day)
    assert claimed == sorted(set(claimed))
    assert not claimed or (claimed[-1] - claimed[0]).days == len(claimed) - 1, (
        "none was left out either"
    )


@given(st.sampled_from(ZONES), st.sampled_from(ZONES), st.integers(0, 48))
def test_a_zone_that_changes_asks_no_date_twice_and_goes_on(old: str, new: str, hours: int) -> None:
    now = at("2026-03-27 00:00")
    first = next_due_time(DAILY, old, now)
    assert first
    now = first.at + timedelta(hours=hours)
    done = [fire.day for fire in due_by(DAILY, old, first.day, now)]
    following = next_due_time(DAILY, new, now, done[-1])
    assert following
    assert following.day > done[-1]
    assert now < following.at <= now + timedelta(hours=24 + 26)


# Cron lines


@pytest.mark.parametrize(
    ("cron", "first", "dates"),
    [
        (
            "0 9 * * 1-5",
            "2026-11-20",
            "11-20 11-23 11-24 11-25 11-26",
        ),  # from Friday on: cron's 1 is Monday
        ("0 9 * * mon,wed", "2026-11-20", "11-23 11-25 11-30 12-02 12-07"),
        ("0 9 * * 0", "2026-11-20", "11-22 11-29 12-06 12-13 12-20"),
        ("0 9 * * 7", "2026-11-20", "11-22 11-29 12-06 12-13 12-20"),
        ("0 9 * * 5-7", "2026-11-20", "11-20 11-21 11-22 11-27 11-28"),
        ("0 9 1,15 * *", "2026-10-02", "10-15 11-01 11-15 12-01 12-15"),
        ("0 9 */10 * *", "2026-11-01", "11-01 11-11 11-21 12-01 12-11"),
        ("0 9 20/5 nov *", "2026-11-01", "11-20 11-25 11-30"),
        (
            "0 9 13 * fri",
            "2026-11-01",
            "11-06 11-13 11-20 11-27 12-04",
        ),  # either kind of day is enough
        ("0 9 1 1-2/1 *", "2027-01-01", "01-01 02-01"),
    ],
)
def test_a_cron_line_falls_on_the_dates_that_cron_gives_it(
    cron: str, first: str, dates: str
) -> None:
    found = [day[5:] for day in days(cron, first)]
    assert found[: len(dates.split())] == dates.split()


def test_the_leap_day_comes_every_four_years_and_after_1900_s_kind_in_eight() -> None:
    assert days("0 9 29 2 *", "2026-01-01", 2) == ["2028-02-29", "2032-02-29"]
    assert days("0 9 29 2 *", "2096-02-28", 2) == ["2096-02-29", "2104-02-29"]


@pytest.mark.parametrize(
    ("cron", "remedy"),
    [
        ("", "five parts"),
        ("0 9 * *", "five parts"),
        ("0 9 * * * *", "five parts"),
        ("* 9 * * *", "a second schedule"),
        ("0 9,17 * * *", "a second schedule"),
        ("0 */2 * * *", "a second schedule"),
        ("60 9 * * *", "no minute 60: it is a number from 0 to 59"),
        ("0 24 * * *", "no hour 24: it is a number from 0 to 23"),
        ("0 ９ * * *", "a second schedule"),
        ("0 9 32 * *", "cannot read 32"),
        ("0 9 0 * *", "cannot read 0"),
        ("0 9 * 13 *", "cannot read 13"),
        ("0 9 * * 8", "cannot read 8"),
        ("0 9 * * fri-mon", "cannot read fri-mon"),
        ("0 9 * * mon-", "cannot read mon-"),
        ("0 9 */0 * *", "cannot read"),
        ("0 9 */x * *", "cannot read"),
        ("0 9 1,,2 * *", "cannot read"),
        ("0 9 30 2 *", "never comes"),
        ("0 9 31 4,6 *", "never comes"),
    ],
)
def test_a_line_that_is_no_schedule_is_refused_with_the_remedy(cron: str, remedy: str) -> None:
    with refused(remedy):
        parse_cron(cron)


@given(
    st.text(max_size=40)
    | st.lists(st.text("0123456789*,-/LW#?monfri ", max_size=8), max_size=7).map(" ".join)
)
def test_any_other_text_is_refused_in_words_or_read(cron: str) -> None:
    try:
        read = parse_cron(cron)
    except UserError:
        return
    assert any(read.falls_on(date(2024, 1, 1) + timedelta(days=n)) for n in range(366 * 9))


def test_nothing_is_due_before_its_instant_and_all_of_a_long_absence_afterwards() -> None:
    first = date(2026, 3, 2)
    assert due_by(DAILY, "UTC", first, at("2026-03-02 08:59:59")) == []
    assert due_by(DAILY, "UTC", first, at("2026-03-02 09:00")) == [
        DueTime(first, at("2026-03-02 09:00"))
    ]
    assert len(due_by(DAILY, "UTC", first, at("2027-03-02 09:00"))) == 366


def test_dates_end_where_the_calendar_does() -> None:
    assert list(due_times(DAILY, "UTC", date.max - timedelta(days=1))) == []
    assert upcoming(DAILY, "UTC", datetime(9999, 12, 30, tzinfo=UTC), 3) == []
    assert len(due_by(DAILY, "UTC", date(9999, 12, 20), datetime(9999, 12, 31, tzinfo=UTC))) == 9


@given(st.sampled_from(ZONES), MOMENTS)
def test_the_next_one_is_the_first_that_lies_ahead(zone: str, now: datetime) -> None:
    found = next_due_time("15 6 * * *", zone, now)
    assert found
    before = due_by("15 6 * * *", zone, local_day(now, zone) - timedelta(days=3), now)
    assert before[-1].at <= now < found.at
    assert (found.day - before[-1].day).days == 1
