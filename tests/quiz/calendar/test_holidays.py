"""Days off, as lists of dates and as calendars.

They have the shapes that calendars have out in the world, and hostile ones.
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.phrases.say import explain
from bot.phrases.sentences.schedules import skipped_holidays
from bot.quiz.calendar.holidays import (
    MOST,
    Holiday,
    ParsedHolidays,
    decode_calendar,
    parse_holidays,
)
from bot.quiz.calendar.ics import LONGEST_NAME, SkippedReason
from tests.refusing import refused

TODAY = date(2026, 3, 2)


def ics(*events: str) -> str:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n"


def days(text: str, today: date = TODAY) -> list[str]:
    return [each.day.isoformat() for each in parse_holidays(text, today).days]


def left(reading: ParsedHolidays) -> dict[SkippedReason, int]:
    return {each.reason: each.count for each in reading.skipped}


def test_a_list_of_dates_and_spans_is_each_day_once_in_order() -> None:
    assert days("2026-12-31, 2026-12-25;2026-12-25\n2026-12-30..2027-01-01") == [
        "2026-12-25",
        "2026-12-30",
        "2026-12-31",
        "2027-01-01",
    ]


def test_of_a_list_the_days_that_are_over_are_left_out_and_told() -> None:
    reading = parse_holidays("2026-03-01..2026-03-03", TODAY)
    assert [each.day for each in reading.days] == [TODAY, date(2026, 3, 3)]
    assert left(reading) == {SkippedReason.OVER: 1}


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("", "found no day"),
        ("2026-03-01", "1 \\(2026-03-01\\) left out because it is over"),
        ("christmas", "christmas is no date"),
        ("2026-02-30", "not in the calendar"),
        ("2026-12-31..2026-12-01", "no span"),
        ("2026-01-01..2027-06-01", "no span"),
        ("2026-1-1", "2026-1-1 is no date"),
        ("२०२६-12-25", "is no date"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR", "found no day"),
        (
            ics("DTSTART;VALUE=DATE:20261399\nSUMMARY:Odd"),
            "1 \\(Odd\\) left out because it has no date",
        ),
        (
            ics("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20290101"),
            "lasts longer than 366 days",
        ),
        (
            ics(*(f"DTSTART;VALUE=DATE:{year}0101\nDURATION:P300D" for year in range(2027, 2037))),
            f"more than {MOST}",
        ),
        (ics("DTSTART;VALUE=DATE:20260401\nRRULE:FREQ=DAILY\nDURATION:P300D"), "repeats too much"),
        (ics("DTSTART;VALUE=DATE:00010101\nRRULE:FREQ=DAILY;COUNT=900000"), "repeats too much"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_remedy(text: str, remedy: str) -> None:
    with refused(remedy):
        parse_holidays(text, TODAY)


def test_a_calendar_gives_its_whole_days_with_their_names_and_tells_what_was_left_out() -> None:
    text = ics(
        (
            "DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\n"
            "SUMMARY;LANGUAGE=en:Christmas\\, and\r\n  the day after"
        ),
        "DTSTART;VALUE=DATE:20261003\r\nSUMMARY:German Unity Day",
        "DTSTART;VALUE=DATE:20270501\r\nDURATION:P2D\r\nSUMMARY:May",
        "DTSTART;VALUE=DATE:20270601\r\nDURATION:P1W",
        "DTSTART:20261111T110000Z\r\nSUMMARY:A meeting",
        "DTSTART;VALUE=DATE:20261112\r\nSTATUS:CANCELLED\r\nSUMMARY:Called off",
        "SUMMARY:No day at all",
        "DTSTART;VALUE=DATE:20250101\r\nSUMMARY:Last year",
        "DTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20290101\r\nSUMMARY:A sabbatical",
    )
    reading = parse_holidays(text, TODAY)
    assert reading.days[:5] == (
        Holiday(date(2026, 10, 3), "German Unity Day"),
        Holiday(date(2026, 12, 25), "Christmas, and the day after"),
        Holiday(date(2026, 12, 26), "Christmas, and the day after"),
        Holiday(date(2027, 5, 1), "May"),
        Holiday(date(2027, 5, 2), "May"),
    )
    assert len(reading.days) == 5 + 7
    assert left(reading) == dict.fromkeys(
        (
            SkippedReason.HOURS,
            SkippedReason.CANCELLED,
            SkippedReason.UNREADABLE,
            SkippedReason.OVER,
            SkippedReason.LONG,
        ),
        1,
    )
    assert [each.names for each in reading.skipped if each.reason is SkippedReason.HOURS] == [
        ("A meeting",)
    ]


def test_what_was_left_out_is_told_in_a_sentence_with_a_few_names() -> None:
    meetings = ics(
        "DTSTART:20261225",
        *(f"DTSTART:20261111T110000Z\r\nSUMMARY:Meeting {n}" for n in range(4)),
        "DTSTART:2026",
    )
    assert [skipped_holidays(each) for each in parse_holidays(meetings, TODAY).skipped] == [
        (
            "4 (Meeting 0, Meeting 1, Meeting 2 …) left out because they have hours, and only "
            "whole days are days off."
        ),
        "1 left out because it has no date that I can read.",
    ]


# As they come from the calendars of the world


GOOGLE = """BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
CALSCALE:GREGORIAN
X-WR-CALNAME:Holidays in Germany
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260403
DTEND;VALUE=DATE:20260404
DTSTAMP:20260101T000000Z
UID:20260403_abc@google.com
CLASS:PUBLIC
DESCRIPTION:Public holiday
SUMMARY:Good Friday
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260508
DTEND;VALUE=DATE:20260509
UID:20260508_abc@google.com
DESCRIPTION:Observance\\nTo hide observances\\, go to Google Calendar Setting
 s > Holidays in Germany
SUMMARY:Victory Day
END:VEVENT
END:VCALENDAR
"""

APPLE = """BEGIN:VCALENDAR
VERSION:2.0
X-APPLE-LANGUAGE:en
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZNAME:EDT
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:thanksgiving
DTSTART;VALUE=DATE:20201126
SUMMARY;LANGUAGE=en:Thanksgiving
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH
X-APPLE-UNIVERSAL-ID:1
BEGIN:VALARM
TRIGGER:-PT15H
DURATION:PT15M
REPEAT:2
DTSTART:19990101
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:memorial
DTSTART;VALUE=DATE:19710531
SUMMARY:Memorial Day
RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO
END:VEVENT
END:VCALENDAR
"""

OUTLOOK = """BEGIN:VCALENDAR
METHOD:PUBLISH
BEGIN:VEVENT
DTSTART;TZID="W. Europe: Standard Time":20261224T000000
DTEND;TZID="W. Europe: Standard Time":20261226T000000
SUMMARY:Company closed
X-MICROSOFT-CDO-ALLDAYEVENT:TRUE
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID="W. Europe: Standard Time":20261221T090000
DTEND;TZID="W. Europe: Standard Time":20261221T170000
SUMMARY:Workshop
END:VEVENT
END:VCALENDAR
"""


def test_google_s_calendars_are_read() -> None:
    reading = parse_holidays(GOOGLE, TODAY)
    assert reading.days == (
        Holiday(date(2026, 4, 3), "Good Friday"),
        Holiday(date(2026, 5, 8), "Victory Day"),
    )
    assert reading.skipped == ()


def test_apple_s_days_move_as_their_rules_say_and_neither_zones_nor_alarms_are_days_off() -> None:
    assert days(APPLE) == [
        "2026-05-25", "2026-11-26", "2027-05-31", "2027-11-25", "2028-05-29", "2028-11-23",
        "2029-05-28", "2029-11-22", "2030-05-27", "2030-11-28", "2031-05-26", "2031-11-27",
    ]  # fmt: skip


def test_outlook_s_days_from_midnight_to_midnight_are_whole_ones() -> None:
    reading = parse_holidays(OUTLOOK, TODAY)
    assert [each.day.isoformat() for each in reading.days] == ["2026-12-24", "2026-12-25"]
    assert left(reading) == {SkippedReason.HOURS: 1}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART:20261225T000000Z\nDTEND:20261226T000000Z", ["2026-12-25"]),
        ("DTSTART:20261225T000000\nDURATION:PT48H", ["2026-12-25", "2026-12-26"]),
        ("DTSTART:20261225T000000\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE", ["2026-12-25"]),
        (
            "DTSTART:20261225T000000\nDTEND:20261225T000000\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
            ["2026-12-25"],
        ),
        ("DTSTART:20261225\nDTEND:20261225", ["2026-12-25"]),
        ("DTSTART:20261225\nDTEND:20261201", ["2026-12-25"]),
        ("DTSTART:20261225\nDURATION:PT0S", ["2026-12-25"]),
        ("DTSTART:20261225\nDURATION:nonsense", ["2026-12-25"]),
        (
            "DTSTART:20260227\nDTEND:20260304",
            ["2026-03-02", "2026-03-03"],
        ),  # what is over of it is over
    ],
)
def test_a_whole_day_is_one_however_it_is_written(event: str, expected: list[str]) -> None:
    assert days(ics(event)) == expected


@pytest.mark.parametrize(
    "event",
    [
        "DTSTART:20261225T000000",
        "DTSTART:20261225T000000\nDTEND:20261225T000000",
        "DTSTART:20261225T000000\nDTEND:20261225T120000",
        "DTSTART:20261225T120000\nDTEND:20261227T120000",
        "DTSTART:20261225T120000\nDURATION:P1D",
        "DTSTART:20261225T000000\nDURATION:PT30H",
    ],
)
def test_hours_are_no_day_off(event: str) -> None:
    assert left(parse_holidays(ics(event, "DTSTART:20261231"), TODAY)) == {SkippedReason.HOURS: 1}


# Again and again


def test_a_day_that_comes_back_every_year_is_written_out_for_five_however_long_ago_it_began() -> (
    None
):
    yearly = [f"{year}-12-25" for year in range(2026, 2032)]
    for first in ("20261225", "19700101\nEXDATE:19700101\nRDATE:20261225", "19701225", "00011225"):
        rule = (
            "RRULE:FREQ=YEARLY"
            if first.endswith("1225") and "\n" not in first
            else "RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25"
        )
        assert days(ics(f"DTSTART;VALUE=DATE:{first}\n{rule}")) == yearly
    assert days(ics("DTSTART;VALUE=DATE:20280229\nRRULE:FREQ=YEARLY"), date(2027, 1, 1)) == [
        "2028-02-29",
        "2032-02-29",
    ]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=YEARLY;UNTIL=20271231T225959Z", "2026-04-06 2027-04-06"),
        ("FREQ=YEARLY;COUNT=2;", "2026-04-06 2027-04-06"),
        ("FREQ=YEARLY;INTERVAL=2", "2026-04-06 2028-04-06 2030-04-06"),
        ("FREQ=YEARLY;BYDAY=1MO,-1FR;COUNT=3", "2026-04-06 2026-12-25 2027-01-04 2027-12-31"),
        ("FREQ=YEARLY;BYMONTHDAY=-1;COUNT=3", "2026-04-06 2026-04-30 2026-05-31 2026-06-30"),
        ("FREQ=YEARLY;BYMONTH=5,6;BYMONTHDAY=1;COUNT=2", "2026-04-06 2026-05-01 2026-06-01"),
        ("FREQ=MONTHLY;COUNT=3", "2026-04-06 2026-05-06 2026-06-06"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;UNTIL=20270101", "2026-04-06 2026-11-13"),
        ("FREQ=MONTHLY;BYMONTH=7;UNTIL=20281231", "2026-04-06 2026-07-06 2027-07-06 2028-07-06"),
        ("FREQ=WEEKLY;COUNT=3", "2026-04-06 2026-04-13 2026-04-20"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=4",
            "2026-04-06 2026-04-10 2026-04-20 2026-04-24",
        ),
        ("FREQ=WEEKLY;BYMONTH=4;UNTIL=20260520", "2026-04-06 2026-04-13 2026-04-20 2026-04-27"),
        ("FREQ=WEEKLY;WKST=SU;COUNT=2", "2026-04-06 2026-04-13"),
        ("FREQ=DAILY;COUNT=2", "2026-04-06 2026-04-07"),
        ("FREQ=DAILY;BYDAY=SA;BYMONTHDAY=1,-1;BYMONTH=5,8;UNTIL=20261231", "2026-04-06 2026-08-01"),
    ],
)
def test_a_rule_is_written_out(rule: str, expected: str) -> None:
    """Its own date counts in any case."""
    assert days(ics(f"DTSTART;VALUE=DATE:20260406\nRRULE:{rule}")) == expected.split()


def test_what_was_counted_from_long_ago_is_counted_on() -> None:
    assert days(ics("DTSTART;VALUE=DATE:20200406\nRRULE:FREQ=YEARLY;COUNT=8")) == [
        "2026-04-06",
        "2027-04-06",
    ]
    assert days(ics("DTSTART;VALUE=DATE:20200405\nRRULE:FREQ=DAILY;INTERVAL=1000")) == [
        "2028-06-22",
        "2031-03-19",
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "RRULE:FREQ=HOURLY",
        "RRULE:FREQ=YEARLY;BYEASTER=0",
        "RRULE:FREQ=YEARLY;BYSETPOS=1;BYDAY=MO",
        "RRULE:FREQ=YEARLY;INTERVAL=0",
        "RRULE:FREQ=YEARLY;INTERVAL=x",
        "RRULE:FREQ=YEARLY;COUNT=-1",
        "RRULE:FREQ=YEARLY;UNTIL=tomorrow",
        "RRULE:FREQ=YEARLY;BYMONTH=13",
        "RRULE:FREQ=YEARLY;BYMONTH=-1",
        "RRULE:FREQ=YEARLY;BYMONTHDAY=0",
        "RRULE:FREQ=YEARLY;BYDAY=XX",
        "RRULE:FREQ=WEEKLY;BYDAY=1MO",
        "RRULE:FREQ=YEARLY;BYMONTHDAY=13;BYDAY=2FR",
        "RRULE:FREQ=WEEKLY;BYMONTHDAY=1",
        "RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "RRULE:FREQ=YEARLY\nRRULE:FREQ=MONTHLY",
        "EXRULE:FREQ=YEARLY",
    ],
)
def test_of_what_comes_again_in_an_unknown_way_only_its_own_date_is_taken_and_that_is_told(
    rule: str,
) -> None:
    reading = parse_holidays(ics(f"DTSTART;VALUE=DATE:20260406\n{rule}"), TODAY)
    assert [each.day for each in reading.days] == [date(2026, 4, 6)]
    assert left(reading) == {SkippedReason.REPEATS: 1}


def test_single_dates_of_a_series_are_left_out_added_and_moved() -> None:
    series = (
        "UID:s\nDTSTART;VALUE=DATE:20260406\nRRULE:FREQ=YEARLY\n"
        "EXDATE;VALUE=DATE:20270406,20280406\nEXDATE:20299999\n"
        "RDATE;VALUE=DATE:20260501\nSUMMARY:Spring"
    )
    moved = "UID:s\nRECURRENCE-ID;VALUE=DATE:20290406\nDTSTART;VALUE=DATE:20290409\nSUMMARY:Later"
    gone = "UID:s\nRECURRENCE-ID;VALUE=DATE:20300406\nDTSTART;VALUE=DATE:20300406\nSTATUS:CANCELLED"
    other = "UID:t\nDTSTART;VALUE=DATE:20310406\nSUMMARY:Other"
    reading = parse_holidays(ics(moved, series, gone, other), TODAY)
    assert [(each.day.isoformat(), each.name) for each in reading.days] == [
        ("2026-04-06", "Spring"),
        ("2026-05-01", "Spring"),
        ("2029-04-09", "Later"),
        ("2031-04-06", "Spring"),
    ]


def test_days_at_the_ends_of_the_calendar_are_read_like_any_others() -> None:
    first, last = date.min, date(9999, 1, 1)
    assert days(ics("DTSTART:00010101\nDTEND:00010101\nDURATION:P9D"), first) == ["0001-01-01"]
    assert days(ics("DTSTART:00010101\nDURATION:P9D"), first)[-1] == "0001-01-09"
    assert days(ics("DTSTART:99991231\nDURATION:P50W\nRRULE:FREQ=WEEKLY"), last) == ["9999-12-31"]
    assert days("9999-12-31") == ["9999-12-31"]


def test_a_name_is_one_short_line_without_anything_unseen() -> None:
    (day,) = parse_holidays(
        ics(f"DTSTART;VALUE=DATE:20261225\nSUMMARY:A\\nB\u202e\x07 {'x' * 500}"), TODAY
    ).days
    assert day.name.startswith("A B xxx")
    assert len(day.name) == LONGEST_NAME


def test_only_what_stands_in_an_event_itself_counts() -> None:
    stray = (
        "BEGIN:VCALENDAR\nEND:VEVENT\nDTSTART:20260401\nBEGIN:VTODO\nDTSTART:20260402\nEND:VTODO\n"
    )
    odd = "BEGIN:VEVENT\nDTSTART:20260403\nEND:VCALENDAR\nno line at all\n"
    assert days(stray + odd + ics("DTSTART:20261225")) == ["2026-12-25"]


# Files


def test_a_file_is_read_in_the_letters_it_was_written_in() -> None:
    text = ics("DTSTART;VALUE=DATE:20261003\nSUMMARY:Tag der Einheit für alle")
    for data in (
        text.encode(),
        text.encode("utf-8-sig"),
        text.encode("utf-16"),
        text.encode("latin-1"),
    ):
        assert parse_holidays(decode_calendar(data), TODAY).days == (
            Holiday(date(2026, 10, 3), "Tag der Einheit für alle"),
        )


def test_a_line_that_was_folded_in_the_middle_of_a_letter_is_put_together() -> None:
    data = (
        ics("DTSTART;VALUE=DATE:20261003\nSUMMARY:Für alle")
        .encode()
        .replace("ü".encode(), b"\xc3\r\n \xbc")
    )
    assert parse_holidays(decode_calendar(data), TODAY).days == (
        Holiday(date(2026, 10, 3), "Für alle"),
    )


def test_a_file_that_is_no_calendar_is_refused() -> None:
    for data in (b"", b"\x89PNG\x00", b"2026-12-25", b"\xff\xfe"):
        with refused("is no calendar"):
            decode_calendar(data)


LINES = st.sampled_from(
    (
        "BEGIN:VEVENT|END:VEVENT|BEGIN:VALARM|END:VALARM|BEGIN:VCALENDAR|"
        "DTSTART;VALUE=DATE:20261225|DTEND:99991231|"
        "DTSTART:00010101|DURATION:P999W|RRULE:FREQ=YEARLY|RRULE:FREQ=WEEKLY;BYDAY=MO,SU|"
        "RRULE:FREQ=MONTHLY;BYDAY=-1FR|"
        "RRULE:FREQ=DAILY;INTERVAL=999999|RRULE:FREQ=YEARLY;COUNT=3;BYMONTHDAY=31|UID:a|"
        "RECURRENCE-ID:20261225|"
        'EXDATE:20261225,x|RDATE:20261226|SUMMARY:\\| folded|'
        ':|;|DTSTART;X=|DTSTART;X="|DTSTART:99991231'
    ).split("|")
)  # fmt: skip


@given(st.text(max_size=200) | st.lists(LINES | st.text(max_size=20), max_size=40).map("\n".join))
def test_any_other_text_is_refused_in_words_or_read(text: str) -> None:
    for prefix in ("", "BEGIN:VCALENDAR\n"):
        try:
            found = parse_holidays(prefix + text, TODAY).days
        except UserError:
            continue
        assert 0 < len(found) <= MOST
        assert [each.day for each in found] == sorted({each.day for each in found})
        assert found[0].day >= TODAY


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_words_or_are_text(data: bytes) -> None:
    for prefix in (b"", b"BEGIN:VCALENDAR\n", b"\xff\xfe"):
        try:
            assert isinstance(decode_calendar(prefix + data), str)
        except UserError as error:
            assert "no calendar" in explain(error)
