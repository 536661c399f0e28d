"""What every kind of round needs when it is opened."""

import random
from collections.abc import Sequence

from bot.errors import UserError
from bot.model.places import AnswerStyle
from bot.model.rounds import QuestionFilter, Round
from bot.quiz.files.bank import Bank
from bot.quiz.questions import Choices, Question
from bot.store.rounds import rounds
from bot.store.sql.database import Transaction


async def opened_by(tx: Transaction, act: str) -> Round | None:
    found = await rounds.by_act(tx, act)
    if found and found.status == "void":
        raise UserError("round_given_up")
    return found


def matching(bank: Bank, wanted: QuestionFilter) -> Sequence[Question]:
    questions = bank.matching(wanted.pack, wanted.level, wanted.kind)
    if not questions:
        raise UserError("no_question_fits")
    return questions


def random_variant(bank: Bank, question_id: str) -> Question:
    return bank.variant(question_id, random.getrandbits(32))


def answer_style(question: Question, chosen: AnswerStyle) -> AnswerStyle:
    """Reactions only where exactly one option is the answer."""
    is_one_option = isinstance(question.key, Choices) and not question.key.several
    return chosen if is_one_option else "buttons"
