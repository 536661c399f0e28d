"""Streaks: days in a row with something new solved."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise

from bot.quiz.calendar.local_days import DAY

EARNED_BY = 7  # Days in a row that earn a freeze.
MOST = 2  # Freezes that can be held. While they are, no further one is earned.


class LapseOutcome(StrEnum):
    EXCUSED = "excused"
    FROZEN = "frozen"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Lapse:
    day: date
    outcome: LapseOutcome
    days: int


@dataclass(frozen=True, slots=True)
class Streak:
    days: int
    longest: int
    today: bool  # if not, the streak still stands until the day is over
    freezes: int = 0
    to_freeze: int = EARNED_BY  # days; 0 while the most are held
    lapses: tuple[Lapse, ...] = ()


def streak_of(
    counted: Collection[date],
    frozen: Collection[date],
    is_excused: Callable[[date], bool],
    last_over: date,
    today: date,
) -> Streak:
    """Clocks that jump back take nothing away."""
    counter = _StreakCounter(frozenset(frozen), is_excused)
    days = sorted(set(counted))
    if days:
        for day, following in pairwise([*days, last_over + DAY]):
            counter.count()
            counter.pass_days(day + DAY, following)
    freezes, part = divmod(counter.saved, EARNED_BY)
    return Streak(
        counter.days,
        counter.longest,
        today in days,
        freezes,
        0 if freezes == MOST else EARNED_BY - part,
        tuple(counter.lapses),
    )


@dataclass(slots=True)
class _StreakCounter:
    frozen: frozenset[date]
    is_excused: Callable[[date], bool]
    days: int = 0
    longest: int = 0
    saved: int = 0  # days towards freezes; using one takes its share out again
    lapses: list[Lapse] = field(default_factory=list)

    def count(self) -> None:
        self.days += 1
        self.longest = max(self.longest, self.days)
        self.saved = min(EARNED_BY * MOST, self.saved + 1)

    def pass_days(self, day: date, until: date) -> None:
        while day < until and self.days:
            self._record_lapse(day)
            day += DAY

    def _record_lapse(self, day: date) -> None:
        if self.is_excused(day):
            outcome = LapseOutcome.EXCUSED
        elif day in self.frozen or self.saved >= EARNED_BY:
            outcome = LapseOutcome.FROZEN
            self.saved = max(0, self.saved - EARNED_BY)
        else:
            outcome = LapseOutcome.ENDED
        self.lapses.append(Lapse(day, outcome, self.days))
        if outcome is LapseOutcome.ENDED:
            self.days = 0
            self.saved = 0
