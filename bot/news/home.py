"""What a member finds on the page that a platform keeps for them."""

from dataclasses import dataclass

from bot.news.boards import View
from bot.news.packs import Offer
from bot.news.people import Profile
from bot.store.rounds import Round


@dataclass(frozen=True, slots=True)
class Home:
    profile: Profile
    week: View
    offers: tuple[Offer, ...]
    live: tuple[Round, ...]
    """What is asked in their community just now."""
