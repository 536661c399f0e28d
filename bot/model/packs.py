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
    digests: tuple[str, ...]  # the wordings of its challenges, in their order
    started_at: datetime
    finished_at: datetime | None
    right: int


@dataclass(frozen=True, slots=True)
class PackOffer:
    pack: Pack
    best: int
    latest: int  # the id of the take begun last; 0: none
    has_badge: bool
    under_way: Take | None
    reached: int


@dataclass(frozen=True, slots=True)
class PackLine:
    question: Question
    given: Attempt | None
    sitting: Sitting


@dataclass(frozen=True, slots=True)
class PackSummary:
    take: Take
    pack: Pack | None  # None: not in the bank any more
    lines: tuple[PackLine, ...]
    best: int
    has_badge: bool
