"""Streaks: days in a row with something new solved. One law, told from the days that are stored."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.quiz.calendar.local_days import DAY

EARNED_BY, MOST = 7, 2
"""So many days in a row earn a freeze; so many can be held, and while they are no further one is earned."""


class Passed(StrEnum):
    """What became of a day on which nothing was solved."""

    EXCUSED = "excused"
    FROZEN = "frozen"
    ENDED = "ended"
    """No freeze was left, and the streak ended."""


@dataclass(frozen=True, slots=True)
class Lapse:
    """A day that passed with nothing solved, and how long the streak was by then."""

    day: date
    passed: Passed
    days: int


@dataclass(frozen=True, slots=True)
class Streak:
    days: int
    longest: int
    today: bool
    """Whether today already counts; if not, the streak still stands until the day is over."""
    freezes: int = 0
    to_freeze: int = EARNED_BY
    """Days until the next freeze is earned; none is while the most are held."""
    lapses: tuple[Lapse, ...] = ()
    """Every day that a streak passed over, or ended on."""


Excused = Callable[[date], bool]


def streak(
    lit: Collection[date], frozen: Collection[date], excused: Excused, over: date, today: date
) -> Streak:
    """The whole law.

    `lit` are the days that count, solved or repaired; `frozen` those that a freeze was used for; `over` is the last
    day that can be made to count no more. Clocks that jump back take nothing away: days already lit stand.
    """
    walk = _Walk(frozenset(frozen), excused)
    days = sorted(set(lit))
    for day, following in zip(days, [*days[1:], over + DAY], strict=True) if days else ():
        walk.solve()
        walk.wait(day + DAY, following)
    freezes, part = divmod(walk.saved, EARNED_BY)
    to_freeze = 0 if freezes == MOST else EARNED_BY - part
    return Streak(
        walk.days, walk.longest, today in set(lit), freezes, to_freeze, tuple(walk.lapses)
    )


@dataclass(slots=True)
class _Walk:
    """Through the days in their order."""

    frozen: frozenset[date]
    excused: Excused
    days: int = 0
    longest: int = 0
    saved: int = 0
    """Days put by for freezes; each takes its share out again."""
    lapses: list[Lapse] = field(default_factory=list)

    def solve(self) -> None:
        self.days += 1
        self.longest = max(self.longest, self.days)
        self.saved = min(EARNED_BY * MOST, self.saved + 1)

    def wait(self, day: date, until: date) -> None:
        """Days with nothing solved, for as long as there is a streak to keep."""
        while day < until and self.days:
            self._pass(day)
            day += DAY

    def _pass(self, day: date) -> None:
        if self.excused(day):
            passed = Passed.EXCUSED
        elif day in self.frozen or self.saved >= EARNED_BY:
            passed = Passed.FROZEN
            self.saved = max(0, self.saved - EARNED_BY)
        else:
            passed = Passed.ENDED
        self.lapses.append(Lapse(day, passed, self.days))
        if passed is Passed.ENDED:
            self.days = self.saved = 0
