"""How a question was voted on."""

from dataclasses import dataclass

from bot.quiz.questions import Question
from bot.store.feedback import Votes


@dataclass(frozen=True, slots=True)
class Poll:
    question: Question
    votes: Votes
