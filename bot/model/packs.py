"""A member’s walk through a pack, and its summary."""

from dataclasses import dataclass
from datetime import datetime

from bot.identity import Place
from bot.model.rounds import Attempt, Sitting
from bot.quiz.questions import Pack, Question


@dataclass(frozen=True, slots=True)
class Take:
    id: int
    player_id: int
    place_id: int
    place: Place
    pack: str
    digests: tuple[str, ...]
    """The wordings of the challenges, in their order."""
    started_at: datetime
    finished_at: datetime | None
    right: int


@dataclass(frozen=True, slots=True)
class PackOffer:
    """A pack as a member finds it: what they reached so far, and where they left off."""

    pack: Pack
    best: int
    latest: int
    """The id of the take that they began last; 0 where there is none."""
    has_badge: bool
    under_way: Take | None
    reached: int


@dataclass(frozen=True, slots=True)
class PackLine:
    """One challenge in the summary of a take."""

    question: Question
    given: Attempt | None
    sitting: Sitting


@dataclass(frozen=True, slots=True)
class PackSummary:
    take: Take
    pack: Pack | None
    """None where the pack has been taken out of the bank since."""
    lines: tuple[PackLine, ...]
    best: int
    has_badge: bool
