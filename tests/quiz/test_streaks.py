"""Streaks: days in a row, told the same by counting one by one."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.streaks import Streak, streak

TODAY = date(2026, 3, 2)


def ago(*days: int) -> set[date]:
    return {TODAY - timedelta(days=each) for each in days}


def test_nobody_starts_with_a_streak() -> None:
    assert streak([], TODAY) == Streak(0, 0, today=False)


def test_today_counts_at_once() -> None:
    assert streak(ago(0, 1, 2), TODAY) == Streak(3, 3, today=True)


def test_a_streak_stands_until_today_is_over() -> None:
    assert streak(ago(1, 2), TODAY) == Streak(2, 2, today=False)
    assert streak(ago(2, 3), TODAY) == Streak(0, 2, today=False)


def test_the_longest_is_kept_when_it_ends() -> None:
    assert streak(ago(0, 5, 6, 7, 8), TODAY) == Streak(1, 4, today=True)


def test_a_streak_goes_over_the_end_of_a_month_and_a_leap_day() -> None:
    assert streak([date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)], date(2028, 3, 1)).days == 3


def counted(offsets: set[int]) -> Streak:
    """The same by walking through a calendar, a box a day; today is box 0, the past is counted upwards."""
    boxes = [offset in offsets for offset in range(-1, 42)]
    runs, now = [0], 0
    for box in reversed(boxes):
        now = now + 1 if box else 0
        runs.append(now)
    today, yesterday = runs[-2], runs[-3]
    return Streak(today if boxes[1] else yesterday, max(runs), today=boxes[1])


@given(st.sets(st.integers(0, 40)))
def test_a_streak_is_what_a_calendar_shows(offsets: set[int]) -> None:
    assert streak(list(ago(*offsets)), TODAY) == counted(offsets)


@given(st.sets(st.integers(0, 40), min_size=1), st.data())
def test_another_day_never_shortens_a_streak(offsets: set[int], data: st.DataObject) -> None:
    more = offsets | {data.draw(st.integers(0, 40))}
    before, after = streak(ago(*offsets), TODAY), streak(ago(*more), TODAY)
    assert (before.days, before.longest) <= (after.days, after.longest)
    assert before.longest <= after.longest
