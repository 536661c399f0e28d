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
}  # By the days in a row that earn them.


def pack_badge(pack: Pack) -> Badge:
    return Badge(pack_badge_id(pack.name), pack.badge, pack.icon)


def pack_badge_id(pack: str) -> str:
    return f"pack:{pack}"


def find_badge(badge_id: str, packs: Iterable[Pack]) -> Badge | None:
    """None if its pack has been taken away."""
    badges = (*map(pack_badge, packs), *MILESTONES.values())
    return next((badge for badge in badges if badge.id == badge_id), None)


def shown_badge(badge_id: str, packs: Iterable[Pack]) -> Badge:
    name = badge_id.partition(":")[2].replace("-", " ").capitalize()
    return find_badge(badge_id, packs) or Badge(badge_id, name, "🏅")


def deserves_badge(solved: Sequence[bool], asked: int) -> bool:
    return len(solved) == asked and all(solved)


def milestones_reached(days: int) -> tuple[Badge, ...]:
    return tuple(badge for length, badge in MILESTONES.items() if length <= days)
