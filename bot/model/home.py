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
    live: tuple[Round, ...]  # in their community
    next_daily: datetime | None = None
    reminder: Reminder | None = None
