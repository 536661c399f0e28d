"""What there is to tell of accounts that are joined."""

from dataclasses import dataclass
from datetime import datetime

from bot.store.people import Player


@dataclass(frozen=True, slots=True)
class Code:
    words: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Joined:
    """The member that two players have become."""

    player: Player
    until: datetime
    """Until when it can be undone."""
