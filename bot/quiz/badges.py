"""Badges: what a member keeps for good."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.quiz.questions import Pack


@dataclass(frozen=True, slots=True)
class Badge:
    id: str
    title: str
    icon: str


def pack_badge(pack: Pack) -> Badge:
    return Badge(f"pack:{pack.name}", pack.badge, pack.icon)


def deserves(solved: Sequence[bool], asked: int) -> bool:
    """A pack's badge is earned by every challenge right, none left out."""
    return len(solved) == asked and all(solved)
