"""Streaks: days in a row, told the same by walking a calendar box by box."""

from collections.abc import Collection
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.streaks import EARNED_BY, MOST, Lapse, LapseOutcome, Streak, streak_of

TODAY = date(2026, 3, 2)
YESTERDAY = TODAY - timedelta(days=1)
LONG = 60


def ago(*days: int) -> set[date]:
    return {TODAY - timedelta(days=each) for each in days}


def told(
    counting: Collection[date],
    frozen: Collection[date] = (),
    excused: Collection[date] = (),
    over: date = YESTERDAY,
    today: date = TODAY,
) -> Streak:
    return streak_of(counting, frozen, frozenset(excused).__contains__, over, today)


def test_nobody_starts_with_a_streak() -> None:
    assert told([]) == Streak(0, 0, today=False)


def test_today_counts_at_once() -> None:
    assert told(ago(0, 1, 2)) == Streak(3, 3, today=True, to_freeze=4)


def test_a_streak_stands_until_today_is_over() -> None:
    assert told(ago(1, 2)).days == 2
    assert told(ago(2, 3)).lapses == (Lapse(YESTERDAY, LapseOutcome.ENDED, 2),)


def test_yesterday_is_waited_for_while_its_grace_lasts() -> None:
    assert told(ago(2, 3), over=TODAY - timedelta(days=2)).days == 2


def test_the_longest_is_kept_when_it_ends() -> None:
    ended = told(ago(0, 5, 6, 7, 8))
    assert (ended.days, ended.longest) == (1, 4)


def test_seven_days_earn_a_freeze_and_fourteen_two_and_no_more_are_held() -> None:
    assert [told(ago(*range(n))).freezes for n in (6, 7, 13, 14, 40)] == [0, 1, 1, 2, 2]
    assert [told(ago(*range(n))).to_freeze for n in (6, 7, 13, 14, 40)] == [1, 7, 1, 0, 0]


def test_a_freeze_covers_one_day_by_itself_and_the_next_day_needs_another() -> None:
    week = ago(*range(3, 10))
    covered = told(week)
    assert (covered.days, [lapse.outcome for lapse in covered.lapses]) == (
        0,
        [LapseOutcome.FROZEN, LapseOutcome.ENDED],
    )
    one = told(ago(0, *range(2, 9)))
    assert (one.days, one.freezes, one.lapses) == (
        8,
        0,
        (Lapse(YESTERDAY, LapseOutcome.FROZEN, 7),),
    )


def test_an_excused_day_costs_nothing_and_counts_for_nothing() -> None:
    away = told(ago(0, 4, 5), excused=ago(1, 2, 3))
    assert (away.days, away.freezes) == (3, 0)
    assert {lapse.outcome for lapse in away.lapses} == {LapseOutcome.EXCUSED}


def test_a_freeze_that_was_used_comes_back_when_its_day_is_repaired_or_excused() -> None:
    week, gap = ago(0, *range(2, 9)), ago(1)
    assert told(week, frozen=gap).freezes == 0
    assert (told(week | gap, frozen=gap).freezes, told(week, frozen=gap, excused=gap).freezes) == (
        1,
        1,
    )


def test_a_freeze_that_is_written_down_stands() -> None:
    """Whatever the days before it look like by now."""
    assert told(ago(0, 2), frozen=ago(1)).days == 2


def test_a_clock_that_jumps_back_takes_nothing_away() -> None:
    days = ago(0, 1, 2)
    earlier = TODAY - timedelta(days=2)
    assert told(days, over=earlier - timedelta(days=1), today=earlier).days == 3


def test_a_streak_goes_over_the_end_of_a_month_and_a_leap_day() -> None:
    leap = [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]
    assert told(leap, over=leap[1], today=leap[2]).days == 3
    missed = told([leap[0], leap[2]], over=leap[1], today=leap[2])
    assert (missed.days, missed.lapses) == (1, (Lapse(leap[1], LapseOutcome.ENDED, 1),))


def counted(counting: set[int], frozen: set[int], excused: set[int]) -> tuple[int, int, int]:
    """The same by a box a day, from the past to yesterday (1) and today (0).

    It gives days, longest, freezes.
    """
    days = longest = saved = 0
    for box in range(LONG, -1, -1):
        if box in counting:
            days, saved = days + 1, min(saved + 1, 14)
        elif box == 0 or box in excused or not days:
            continue
        elif box in frozen or saved > 6:
            saved = saved - 7 if saved > 6 else 0
        else:
            days = saved = 0
        longest = max(longest, days)
    return days, longest, saved // 7


boxes = st.sets(st.integers(0, LONG))
busy = st.sets(st.integers(0, LONG), max_size=12).map(lambda gaps: set(range(LONG + 1)) - gaps)


@given(
    boxes | busy,
    st.sets(st.integers(1, LONG), max_size=4),
    st.sets(st.integers(1, LONG), max_size=6),
)
def test_a_streak_is_what_a_calendar_shows(
    counting: set[int], frozen: set[int], excused: set[int]
) -> None:
    found = told(ago(*counting), ago(*frozen), ago(*excused))
    assert (found.days, found.longest, found.freezes) == counted(counting, frozen, excused)
    assert found.today == (0 in counting)


@given(boxes | busy, boxes, st.data())
def test_another_day_or_excuse_never_takes_anything_away(
    counting: set[int], excused: set[int], draw: st.DataObject
) -> None:
    day = draw.draw(st.integers(0, LONG))
    before = told(ago(*counting), excused=ago(*excused))
    for after in (
        told(ago(*counting, day), excused=ago(*excused)),
        told(ago(*counting), excused=ago(*excused, *([day] if day not in counting else []))),
    ):
        assert after.days >= before.days
        assert after.longest >= before.longest
        assert (
            after.freezes * EARNED_BY - after.to_freeze
            >= before.freezes * EARNED_BY - before.to_freeze
            or (after.freezes == MOST)
        )


@given(busy)
def test_writing_down_the_freezes_that_were_used_changes_nothing(counting: set[int]) -> None:
    before = told(ago(*counting))
    used = [lapse.day for lapse in before.lapses if lapse.outcome is LapseOutcome.FROZEN]
    assert told(ago(*counting), frozen=used) == before
