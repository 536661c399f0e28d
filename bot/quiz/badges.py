"""Badges: what a member keeps for good."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.quiz.questions import Pack


@dataclass(frozen=True, slots=True)
class Badge:
    id: str
    title: str
    icon: str


def pack_badge(pack: Pack) -> Badge:
    return Badge(badge_id(pack.name), pack.badge, pack.icon)


def badge_id(pack: str) -> str:
    return f"pack:{pack}"


def earned(badge: str, packs: Iterable[Pack]) -> Badge:
    """A badge as it is shown; one whose pack has been taken away is called after it."""
    known = {each.id: each for each in map(pack_badge, packs)}
    return known.get(badge) or Badge(badge, badge.partition(":")[2].replace("-", " ").capitalize(), "🏅")


def deserves(solved: Sequence[bool], asked: int) -> bool:
    """A pack's badge is earned by every challenge right, none left out."""
    return len(solved) == asked and all(solved)
