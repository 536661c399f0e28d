"""Who plays: a player, and somebody arriving in a place."""

from dataclasses import dataclass
from datetime import datetime

from bot.identity import Person, Place
from bot.quiz.calendar.local_days import ZoneChange, ZoneHistory

SOMEBODY = "Somebody"
"""Who plays without a name that the platform told."""


@dataclass(frozen=True, slots=True)
class Player:
    id: int
    name: str
    zone: str | None
    name_hidden: bool
    zone_before: str | None = None
    zone_since: datetime | None = None
    """When their zone came or comes into force; before that the one before it holds."""

    def calendar(self, home: str) -> ZoneHistory:
        """Their days since the last change of zone; `home` is the zone of who chose none."""
        if self.zone is None or self.zone_since is None:
            return ZoneHistory(self.zone or home)
        return ZoneHistory(self.zone_before or home, (ZoneChange(self.zone_since, self.zone),))


@dataclass(frozen=True, slots=True)
class Arrival:
    """A person who acts in a place."""

    person: Person
    place: Place
    at: datetime
