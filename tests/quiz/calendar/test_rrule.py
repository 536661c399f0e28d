"""How dates come again, held against another reader of the same rules.

What would have to be guessed is refused.
"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import takewhile

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.calendar.rrule import WEEKDAYS, Frequency, WorkLimit, occurrences, parse_rrule
from tests.refusing import refused

LAST = date(2033, 12, 31)

FIRSTS = st.dates(date(2019, 1, 1), date(2028, 12, 31))
PLAIN = st.sampled_from(WEEKDAYS)
NUMBERED = st.tuples(st.sampled_from(("1", "2", "4", "5", "-1", "-2")), PLAIN).map("".join)
PARTS = {
    "INTERVAL": st.integers(1, 5).map(str),
    "COUNT": st.integers(1, 30).map(str),
    "UNTIL": st.dates(date(2020, 1, 1), LAST).map(lambda day: f"{day:%Y%m%d}"),
    "BYMONTH": st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True).map(
        lambda n: ",".join(map(str, n))
    ),
    "BYMONTHDAY": st.lists(
        st.sampled_from((1, 13, 29, 30, 31, -1, -30)), min_size=1, max_size=3, unique=True
    ).map(lambda n: ",".join(map(str, n))),
    # Of both kinds in one rule the other reader takes only the days that are of both.
    "BYDAY": st.one_of(
        *(st.lists(kind, min_size=1, max_size=3, unique=True) for kind in (PLAIN, NUMBERED))
    ).map(",".join),
}


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Parts in any combination that the standard allows: a count or an end, not both."""
    names = draw(st.sets(st.sampled_from(sorted(PARTS)), max_size=4))
    if {"COUNT", "UNTIL"} <= names:
        names.remove("UNTIL")
    given_parts = [f"{name}={draw(PARTS[name])}" for name in sorted(names)]
    return ";".join((f"FREQ={draw(st.sampled_from(sorted(Frequency)))}", *given_parts))


def read_by_another(first: date, rule: str) -> Iterator[date]:
    every = rrulestr(rule, dtstart=datetime(first.year, first.month, first.day))  # noqa: DTZ001 (dates have no zone)
    return takewhile(lambda day: day <= LAST, (each.date() for each in every))


@given(first=FIRSTS, rule=rules(), since=FIRSTS)
def test_what_is_understood_is_read_as_another_reads_it(
    first: date, rule: str, since: date
) -> None:
    try:
        read = parse_rrule(rule)
    except ValueError:
        return
    ours = list(occurrences(first, read, since, LAST, WorkLimit()))
    assert ours == [day for day in read_by_another(first, rule) if day >= since]


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYSETPOS=1",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=YEARLY;BYEASTER=1",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;UNTIL=20261399",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "FREQ=YEARLY;BYDAY=1MO;BYMONTHDAY=1",
    ],
)
def test_what_would_have_to_be_guessed_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_rrule(rule)


def test_a_rule_that_never_comes_true_ends_the_patience() -> None:
    with refused("repeats too much"):
        list(
            occurrences(
                date(1, 1, 1),
                parse_rrule("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=1"),
                LAST,
                date(9998, 12, 31),
                WorkLimit(),
            )
        )
