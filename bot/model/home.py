"""A member’s home page."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.boards import BoardView
from bot.model.packs import PackOffer
from bot.model.profile import Profile
from bot.model.reminders import Reminder
from bot.model.rounds import Round


@dataclass(frozen=True, slots=True)
class HomePage:
    profile: Profile
    week: BoardView
    offers: tuple[PackOffer, ...]
    live: tuple[Round, ...]
    """What is asked in their community just now."""
    next_daily: datetime | None = None
    """When the next question comes by itself there."""
    reminder: Reminder | None = None
