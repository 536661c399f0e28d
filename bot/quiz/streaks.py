"""Streaks: days in a row with something new solved."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Streak:
    days: int
    longest: int
    today: bool
    """Whether today already counts; if not, the streak still stands until the day is over."""


def streak(days: Collection[date], today: date) -> Streak:
    done = frozenset(days)
    last = today if today in done else today - DAY
    return Streak(_run_up_to(last, done), _longest(done), today in done)


def _longest(done: frozenset[date]) -> int:
    ends = (day for day in done if day + DAY not in done)
    return max((_run_up_to(end, done) for end in ends), default=0)


def _run_up_to(day: date, done: frozenset[date]) -> int:
    length = 0
    while day in done:
        length += 1
        day -= DAY
    return length
