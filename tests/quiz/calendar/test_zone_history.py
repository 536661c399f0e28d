"""A member's own days: across changes of zone, of the clocks, and of the date line."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.calendar.local_days import DAY, GRACE, ZoneChange, ZoneHistory, next_monday, week_key

HOUR = timedelta(hours=1)
BLINK = timedelta(microseconds=1)
WEST, EAST = "Pacific/Pago_Pago", "Pacific/Kiritimati"  # 11 hours behind UTC, and 14 before it
ZONES = (
    WEST,
    "America/New_York",
    "UTC",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Pacific/Chatham",
    EAST,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_a_new_zone_holds_from_tomorrow_on() -> None:
    calendar = ZoneHistory("UTC").with_zone("Asia/Tokyo", at("2026-03-02 16:00"))
    assert calendar.day_of(at("2026-03-02 23:59")) == day(
        "2026-03-02"
    )  # although Tokyo has the third
    assert calendar.day_of(at("2026-03-03 00:00")) == day("2026-03-03")
    assert calendar.day_of(at("2026-03-03 15:00")) == day("2026-03-04")  # midnight in Tokyo


def test_a_zone_further_west_makes_today_s_successor_a_long_day() -> None:
    calendar = ZoneHistory("Asia/Tokyo").with_zone("America/New_York", at("2026-03-02 06:00"))
    tomorrow = day("2026-03-03")
    assert (calendar.start_of(tomorrow), calendar.start_of(tomorrow + DAY)) == (
        at("2026-03-02 15:00"),
        at("2026-03-04 05:00"),
    )
    assert calendar.day_of(at("2026-03-02 14:59")) == day("2026-03-02")
    assert {calendar.day_of(at("2026-03-02 15:00") + n * HOUR) for n in range(38)} == {tomorrow}


def test_eastwards_across_the_date_line_a_date_is_lost_and_has_no_time_in_it() -> None:
    calendar = ZoneHistory(WEST).with_zone(EAST, at("2026-03-02 20:00"))
    assert calendar.day_of(at("2026-03-03 10:59")) == day("2026-03-02")
    assert calendar.day_of(at("2026-03-03 11:00")) == day("2026-03-04")
    assert [bool(calendar.length_of(day(f"2026-03-0{n}"))) for n in (2, 3, 4)] == [
        True,
        False,
        True,
    ]


def test_westwards_across_the_date_line_no_date_comes_back() -> None:
    calendar = ZoneHistory(EAST).with_zone(WEST, at("2026-03-02 05:00"))
    days = [calendar.day_of(at("2026-03-02 05:00") + n * HOUR) for n in range(60)]
    assert days == sorted(days)
    assert days.count(day("2026-03-03")) == 49


def test_a_change_of_mind_on_the_same_day_replaces_the_change() -> None:
    noon = at("2026-03-02 12:00")
    calendar = ZoneHistory("UTC").with_zone("Asia/Tokyo", noon)
    assert calendar.with_zone("Europe/Berlin", noon + HOUR).changes == (
        ZoneChange(at("2026-03-03 00:00"), "Europe/Berlin"),
    )
    assert calendar.with_zone("UTC", noon + HOUR) == ZoneHistory("UTC")


def test_a_date_that_a_whole_country_skipped_has_no_time_in_it() -> None:
    assert not ZoneHistory("Pacific/Apia").length_of(day("2011-12-30"))


@pytest.mark.parametrize(
    ("instant", "days"),
    [
        ("2026-03-02 03:59", ("2026-03-01", "2026-03-02")),
        ("2026-03-02 04:00", ("2026-03-02",)),
        ("2028-03-01 01:00", ("2028-02-29", "2028-03-01")),
    ],
)
def test_for_four_hours_what_is_solved_can_count_for_the_day_before(
    instant: str, days: tuple[str, ...]
) -> None:
    assert ZoneHistory("UTC").countable(at(instant)) == tuple(map(day, days))


@pytest.mark.parametrize(
    ("instant", "countable"),
    [("2026-03-29 02:59", 2), ("2026-03-29 03:01", 1), ("2026-10-25 01:59", 2)],
)
def test_the_hours_of_grace_are_hours_that_pass_whatever_the_clocks_show(
    instant: str, countable: int
) -> None:
    """In Berlin the night of March has an hour less on its clocks, and that of October one more."""
    assert len(ZoneHistory("Europe/Berlin").countable(at(instant))) == countable


changes = st.lists(st.tuples(st.integers(0, 24 * 40), st.sampled_from(ZONES)), max_size=6)


def travelled(home: str, hours: list[tuple[int, str]]) -> ZoneHistory:
    calendar = ZoneHistory(home)
    for hour, zone in sorted(hours):
        calendar = calendar.with_zone(zone, at("2026-03-01 00:30") + hour * HOUR)
    return calendar


@given(st.sampled_from(ZONES), changes)
def test_wherever_somebody_travels_their_dates_never_run_backwards(
    home: str, hours: list[tuple[int, str]]
) -> None:
    calendar = travelled(home, hours)
    days = [calendar.day_of(at("2026-03-01 00:30") + n * HOUR / 2) for n in range(48 * 50)]
    assert days == sorted(days)


@given(st.sampled_from(ZONES), changes, st.integers(0, 50))
def test_a_day_begins_where_the_one_before_ends(
    home: str, hours: list[tuple[int, str]], n: int
) -> None:
    calendar, one = travelled(home, hours), day("2026-03-01") + n * DAY
    first = calendar.start_of(one)
    assert calendar.day_of(first - BLINK) < one <= calendar.day_of(first)
    assert bool(calendar.length_of(one)) == (calendar.day_of(first) == one)


@given(st.sampled_from(ZONES), changes, st.integers(0, 24 * 50))
def test_a_day_is_over_when_nothing_can_count_for_it_any_more(
    home: str, hours: list[tuple[int, str]], hour: int
) -> None:
    calendar, now = travelled(home, hours), at("2026-03-01 00:30") + hour * HOUR
    over = calendar.last_finished_day(now)
    assert calendar.countable_until(over) <= now < calendar.countable_until(over + DAY)
    assert min(calendar.countable(now)) == calendar.day_of(now - GRACE) > over
    assert calendar.countable(now)[-1] == calendar.day_of(now)


@given(st.sampled_from(ZONES), changes, st.integers(0, 24 * 40), st.sampled_from(ZONES))
def test_a_change_of_zone_touches_no_day_up_to_today(
    home: str, hours: list[tuple[int, str]], hour: int, zone: str
) -> None:
    before, now = (
        travelled(home, [each for each in hours if each[0] <= hour]),
        at("2026-03-01 00:30") + hour * HOUR,
    )
    settled = ZoneHistory(home, tuple(move for move in before.changes if move.since <= now))
    after = before.with_zone(zone, now)
    today = settled.day_of(now)
    assert after.day_of(now) == today
    assert after.start_of(today + DAY) == settled.start_of(today + DAY)
    assert [after.start_of(today - n * DAY) for n in range(5)] == [
        settled.start_of(today - n * DAY) for n in range(5)
    ]


@given(st.sampled_from(ZONES), st.lists(st.sampled_from(ZONES), min_size=1, max_size=30))
def test_whoever_changes_zones_every_day_lives_through_no_more_dates_than_days(
    home: str, zones: list[str]
) -> None:
    """But for the one by which two places of the world lie apart."""
    calendar, begin = ZoneHistory(home), at("2026-03-01 12:00")
    for n, zone in enumerate(zones):
        calendar = calendar.with_zone(zone, begin + n * DAY)
    for n in range(len(zones) + 3):
        assert calendar.day_of(begin + n * DAY) <= calendar.day_of(begin) + (n + 2) * DAY


@pytest.mark.parametrize(
    ("zone", "hour", "after", "at_"),
    [
        ("UTC", 19, "2026-03-02 18:59", "2026-03-02 19:00"),
        ("UTC", 19, "2026-03-02 19:00", "2026-03-03 19:00"),
        (
            "Europe/Berlin",
            2,
            "2026-03-28 12:00",
            "2026-03-29 01:00",
        ),  # there is no two o'clock: at three
        (
            "Europe/Berlin",
            2,
            "2026-10-24 12:00",
            "2026-10-25 00:00",
        ),  # it is two o'clock twice: at the first
        ("Asia/Tokyo", 0, "2028-02-28 16:00", "2028-02-29 15:00"),
    ],
)
def test_an_hour_comes_once_a_day(zone: str, hour: int, after: str, at_: str) -> None:
    assert ZoneHistory(zone).next_hour(hour, at(after)) == at(at_)


@given(st.sampled_from(ZONES), changes, st.integers(0, 24 * 45), st.integers(0, 23))
def test_an_hour_that_comes_next_is_at_most_a_long_day_away(
    home: str, hours: list[tuple[int, str]], n: int, hour: int
) -> None:
    calendar, now = travelled(home, hours), at("2026-03-01 00:30") + n * HOUR
    assert now < calendar.next_hour(hour, now) <= now + timedelta(hours=75)


@pytest.mark.parametrize(
    ("zone", "after", "at_"),
    [
        ("UTC", "2026-03-02 08:59", "2026-03-02 09:00"),
        ("UTC", "2026-03-02 09:00", "2026-03-09 09:00"),
        ("Asia/Tokyo", "2026-03-08 12:00", "2026-03-09 00:00"),
        ("Europe/Berlin", "2026-03-24 12:00", "2026-03-30 07:00"),
    ],
)
def test_monday_morning_comes_once_a_week(zone: str, after: str, at_: str) -> None:
    assert next_monday(zone, 9, at(after)) == at(at_)


def test_a_zone_that_is_still_to_come_is_told_with_its_day() -> None:
    calendar = ZoneHistory("UTC").with_zone("Asia/Tokyo", at("2026-03-02 16:00"))
    assert calendar.next_zone(at("2026-03-02 23:00")) == (day("2026-03-03"), "Asia/Tokyo")
    assert calendar.next_zone(at("2026-03-03 00:00")) is None
    assert week_key(day("2027-01-01")) == "2026-W53"
