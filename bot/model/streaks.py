"""What there is to tell of a streak."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.quiz.badges import Badge
from bot.quiz.calendar.excuses import Why
from bot.quiz.streaks import Lapse, Streak
from bot.store.people import Player
from bot.store.streaks import Past, Repair


@dataclass(frozen=True, slots=True)
class Counted:
    """What an answer that made a day count did to the streak, and what happened to it unseen."""

    day: date
    today: date
    streak: Streak
    badges: tuple[Badge, ...]
    lapses: tuple[Lapse, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's streak with everything that explains it."""

    player: Player
    past: Past
    streak: Streak
    excused: Mapping[date, Why]
    repairs: tuple[Repair, ...]
    now: datetime
    home: str
    """The zone of whoever chose none."""
    badges: tuple[Badge, ...] = ()
    """Milestones that were reached only now, as by a repair."""

    @property
    def today(self) -> date:
        return self.past.calendar.day_of(self.now)
