"""A member’s streak and what explains it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.model.people import Player
from bot.quiz.badges import Badge
from bot.quiz.calendar.excuses import Excuse, Excuses
from bot.quiz.calendar.local_days import DAY, ZoneHistory
from bot.quiz.streaks import Lapse, LapseOutcome, Streak, streak_of


@dataclass(frozen=True, slots=True)
class Repair:
    day: date
    by: Player
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StreakHistory:
    player_id: int
    counted: frozenset[date]
    frozen: frozenset[date]
    excuses: Excuses

    @property
    def calendar(self) -> ZoneHistory:
        return self.excuses.calendar

    def streak(self, now: datetime) -> Streak:
        return streak_of(
            self.counted,
            self.frozen,
            self.excuses.is_excused,
            self.calendar.last_finished_day(now),
            self.calendar.day_of(now),
        )


@dataclass(slots=True)
class RecentDays:
    player: Player
    counted: set[date] = field(default_factory=set)
    lapses: dict[date, LapseOutcome] = field(default_factory=dict)

    def is_settled(self, over: date) -> bool:
        stands = True
        day = min(self.counted)
        while day <= over:
            if day not in self.counted and stands and day not in self.lapses:
                return False
            stands = day in self.counted or (stands and self.lapses[day] is not LapseOutcome.ENDED)
            day += DAY
        return True


@dataclass(frozen=True, slots=True)
class UnseenLapse:
    player_id: int
    lapse: Lapse
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class StreakNews:
    day: date
    today: date
    streak: Streak
    badges: tuple[Badge, ...]
    lapses: tuple[Lapse, ...]


@dataclass(frozen=True, slots=True)
class StreakView:
    player: Player
    history: StreakHistory
    streak: Streak
    excused: Mapping[date, Excuse]
    repairs: tuple[Repair, ...]
    now: datetime
    home: str  # the zone of whoever chose none
    badges: tuple[Badge, ...] = ()  # milestones reached only now, as by a repair

    @property
    def today(self) -> date:
        return self.history.calendar.day_of(self.now)
