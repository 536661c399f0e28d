"""Badges: what a member keeps for good."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.quiz.questions import Pack


@dataclass(frozen=True, slots=True)
class Badge:
    id: str
    title: str
    icon: str


MILESTONES = {
    7: Badge("streak:7", "A week in a row", "🔥"),
    30: Badge("streak:30", "Thirty days in a row", "🌙"),
    100: Badge("streak:100", "A hundred days in a row", "💯"),
    365: Badge("streak:365", "A year in a row", "🌍"),
}
"""What a streak of so many days earns."""


def pack_badge(pack: Pack) -> Badge:
    return Badge(badge_id(pack.name), pack.badge, pack.icon)


def badge_id(pack: str) -> str:
    return f"pack:{pack}"


def earned(badge: str, packs: Iterable[Pack]) -> Badge:
    """A badge as it is shown; one whose pack has been taken away is called after it."""
    known = {each.id: each for each in (*map(pack_badge, packs), *MILESTONES.values())}
    return known.get(badge) or Badge(
        badge, badge.partition(":")[2].replace("-", " ").capitalize(), "🏅"
    )


def deserves(solved: Sequence[bool], asked: int) -> bool:
    """A pack's badge is earned by every challenge right, none left out."""
    return len(solved) == asked and all(solved)


def milestones(days: int) -> tuple[Badge, ...]:
    """What a streak of this length has earned on its way."""
    return tuple(badge for length, badge in MILESTONES.items() if length <= days)
