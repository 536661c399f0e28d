"""A reminder that is on its way to somebody."""

from dataclasses import dataclass
from datetime import date

from bot.identity import Person, Place
from bot.store.reminders import OpenDaily


@dataclass(frozen=True, slots=True)
class Letter:
    player_id: int
    day: date
    person: Person
    place: Place
    dailies: tuple[OpenDaily, ...]

    @property
    def key(self) -> str:
        return f"remind:{self.player_id}:{self.day}"
