"""Days off, as lists of dates and as calendars, hostile ones too."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.quiz.holidays import LONGEST_NAME, MOST, Holiday, read


def ics(*events: str) -> str:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n"


def days(text: str) -> list[str]:
    return [each.day.isoformat() for each in read(text)]


def test_a_list_of_dates_and_spans_is_each_day_once_in_order() -> None:
    assert days("2026-12-31, 2026-12-25;2026-12-25\n2026-12-30..2027-01-01") == [
        "2026-12-25",
        "2026-12-30",
        "2026-12-31",
        "2027-01-01",
    ]


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("", "found no day"),
        ("christmas", "christmas is no date"),
        ("2026-02-30", "not in the calendar"),
        ("2026-12-31..2026-12-01", "no span"),
        ("2026-01-01..2027-06-01", "no span"),
        ("2026-1-1", "2026-1-1 is no date"),
        ("२०२६-12-25", "is no date"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR", "found no day"),
        (ics("DTSTART;VALUE=DATE:20261399"), "20261399 in that calendar is no date"),
        (ics("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20290101"), "no span"),
        (ics(*(f"DTSTART;VALUE=DATE:{year}0101\nDURATION:P300D" for year in range(2026, 2036))), f"more than {MOST}"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_remedy(text: str, remedy: str) -> None:
    with pytest.raises(UserError, match=remedy):
        read(text)


def test_a_calendar_gives_its_whole_days_with_their_names() -> None:
    text = ics(
        "DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY;LANGUAGE=en:Christmas\\, and\r\n  the day after",
        "DTSTART;VALUE=DATE:20261003\r\nSUMMARY:German Unity Day",
        "DTSTART;VALUE=DATE:20270501\r\nDURATION:P2D\r\nSUMMARY:May",
        "DTSTART;VALUE=DATE:20270601\r\nDURATION:P1W",
        "DTSTART:20261111T110000Z\r\nSUMMARY:A meeting",
        "DTSTART;VALUE=DATE:20261112\r\nSTATUS:CANCELLED\r\nSUMMARY:Called off",
        "SUMMARY:No day at all",
    )
    assert read(text)[:5] == (
        Holiday(date(2026, 10, 3), "German Unity Day"),
        Holiday(date(2026, 12, 25), "Christmas, and the day after"),
        Holiday(date(2026, 12, 26), "Christmas, and the day after"),
        Holiday(date(2027, 5, 1), "May"),
        Holiday(date(2027, 5, 2), "May"),
    )
    assert len(read(text)) == 5 + 7


def test_a_day_that_comes_back_every_year_is_kept_for_ten_more() -> None:
    assert days(ics("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY"))[-1] == "2036-12-25"
    assert days(ics("DTSTART;VALUE=DATE:20280229\nRRULE:FREQ=YEARLY")) == ["2028-02-29", "2032-02-29", "2036-02-29"]
    assert len(days(ics("DTSTART;VALUE=DATE:20280301\nRRULE:FREQ=WEEKLY"))) == 1


def test_an_end_before_its_beginning_is_one_day() -> None:
    assert days(ics("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261201")) == ["2026-12-25"]


def test_days_at_the_ends_of_the_calendar_are_read_like_any_others() -> None:
    assert days(ics("DTSTART:00010101\nDTEND:00010101")) == ["0001-01-01"]
    assert days(ics("DTSTART:99991231\nDURATION:P999W\nRRULE:FREQ=YEARLY")) == ["9999-12-31"]
    assert days("9999-12-31") == ["9999-12-31"]


def test_a_name_is_one_short_line_without_anything_unseen() -> None:
    (day,) = read(ics(f"DTSTART;VALUE=DATE:20261225\nSUMMARY:A\\nB\u202e\x07 {'x' * 500}"))
    assert day.name.startswith("A B xxx")
    assert len(day.name) == LONGEST_NAME


def test_nothing_after_the_last_end_and_no_lonely_end_counts() -> None:
    assert days("BEGIN:VCALENDAR\nEND:VEVENT\nDTSTART:20260101\n" + ics("DTSTART:20261225")) == ["2026-12-25"]


LINES = st.sampled_from(
    (
        "BEGIN:VEVENT|END:VEVENT|BEGIN:VCALENDAR|DTSTART;VALUE=DATE:20261225|DTEND:99991231|DTSTART:00010101|"
        "DURATION:P999W|RRULE:FREQ=YEARLY|SUMMARY:\\| folded|:|;|DTSTART;X=|DTSTART:99991231"
    ).split("|")
)


@given(st.text(max_size=200) | st.lists(LINES | st.text(max_size=20), max_size=40).map("\n".join))
def test_any_other_text_is_refused_in_words_or_read(text: str) -> None:
    for prefix in ("", "BEGIN:VCALENDAR\n"):
        try:
            found = read(prefix + text)
        except UserError:
            continue
        assert 0 < len(found) <= MOST
        assert [each.day for each in found] == sorted({each.day for each in found})
