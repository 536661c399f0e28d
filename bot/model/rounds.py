"""What came of a question: an answer judged, hints shown, a proof, the end."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from bot.model.streaks import Counted
from bot.quiz.files.proofs import Shown
from bot.quiz.judging.judge import Answer
from bot.quiz.judging.points import Factors
from bot.quiz.questions import Question
from bot.store.ledger import Refusal
from bot.store.people import Player
from bot.store.rounds import Round, Sitting


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer came to. `refusal` says why it was not taken; then it cost nothing."""

    round: Round
    answer: Answer
    sitting: Sitting
    refusal: Refusal | None = None
    share: float = 0.0
    factors: Factors | None = None
    note: str = ""
    counted: Counted | None = None
    """What it did to the member's streak, where it made a day count."""

    @property
    def tries_left(self) -> int:
        return 0 if self.finished else self.round.tries - self.sitting.tries_used

    @property
    def finished(self) -> bool:
        return self.sitting.finished_at is not None


@dataclass(frozen=True, slots=True)
class Hints:
    """The hints a member has seen in a round, and what the last one cost (nothing once the sitting is over)."""

    round: Round
    shown: tuple[str, ...]
    free: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """A question's proof, and what it showed when it was last run."""

    question: Question
    seen: Shown | None


@dataclass(frozen=True, slots=True)
class Result:
    """How a round ended: who chose what, who solved it, and who was first."""

    round: Round
    joined: int
    solved: int
    chosen: Counter[str]
    first: Player | None
    first_after: timedelta | None
