"""What there is to tell of packs."""

from dataclasses import dataclass

from bot.quiz.questions import Pack, Question
from bot.store.packs import Take
from bot.store.rounds import Given, Sitting


@dataclass(frozen=True, slots=True)
class Offer:
    """A pack as a member finds it: what they reached so far, and where they left off."""

    pack: Pack
    best: int
    latest: int
    """The id of the take that they began last, 0 where there is none: the next one comes after it."""
    has_badge: bool
    under_way: Take | None
    reached: int


@dataclass(frozen=True, slots=True)
class Line:
    """One challenge in the summary of a take."""

    question: Question
    given: Given | None
    sitting: Sitting


@dataclass(frozen=True, slots=True)
class Summary:
    take: Take
    pack: Pack | None
    """None where the pack has been taken out of the bank since."""
    lines: tuple[Line, ...]
    best: int
    has_badge: bool
