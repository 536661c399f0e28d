"""Who plays: a player, and somebody arriving in a place."""

from dataclasses import dataclass
from datetime import datetime

from bot.identity import Person, Place
from bot.quiz.calendar.local_days import ZoneChange, ZoneHistory

SOMEBODY = "Somebody"


@dataclass(frozen=True, slots=True)
class Player:
    id: int
    name: str
    zone: str | None
    name_hidden: bool
    zone_before: str | None = None
    zone_since: datetime | None = None  # until then `zone_before` holds

    def calendar(self, home: str) -> ZoneHistory:
        if self.zone is None or self.zone_since is None:
            return ZoneHistory(self.zone or home)
        return ZoneHistory(self.zone_before or home, (ZoneChange(self.zone_since, self.zone),))


@dataclass(frozen=True, slots=True)
class Arrival:
    person: Person
    place: Place
    at: datetime
