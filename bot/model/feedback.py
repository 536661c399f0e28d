"""Votes and reports on questions."""

from dataclasses import dataclass
from datetime import datetime

from bot.quiz.questions import Question


@dataclass(frozen=True, slots=True)
class Votes:
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class Report:
    id: int
    question: str
    reason: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class QuestionVotes:
    question: Question
    votes: Votes
