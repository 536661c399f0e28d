"""What a member finds on the page that a platform keeps for them."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.boards import View
from bot.model.packs import Offer
from bot.model.people import Profile
from bot.store.reminders import Reminder
from bot.store.rounds import Round


@dataclass(frozen=True, slots=True)
class Home:
    profile: Profile
    week: View
    offers: tuple[Offer, ...]
    live: tuple[Round, ...]
    """What is asked in their community just now."""
    next_daily: datetime | None = None
    """When the next question comes by itself there."""
    reminder: Reminder | None = None
