"""Rounds: who may see them, and what each needs to be opened."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.errors import UserError
from bot.identity import Place
from bot.model.people import Player
from bot.model.places import AnswerStyle
from bot.model.rounds import QuestionFilter, Round
from bot.quiz.files.bank import Bank
from bot.quiz.questions import Choices, Question
from bot.store import links
from bot.store.rounds import rounds, sittings
from bot.store.sql.database import Transaction

GRACE = timedelta(seconds=2)  # How late an act may be: a network is nobody's fault.


async def get(tx: Transaction, round_id: int) -> Round:
    found = await rounds.find(tx, round_id)
    if found is None or found.status == "void":
        raise UserError("round_gone")
    return found


async def get_visible(tx: Transaction, round_id: int, player: Player, place: Place) -> Round:
    return check_visible(await get(tx, round_id), player, place)


def check_visible(round_: Round, player: Player, place: Place) -> Round:
    if round_.owner is not None and round_.owner != player.id:
        raise UserError("round_of_another")
    if round_.owner is None and round_.place != place:
        raise UserError("round_elsewhere")
    return round_


def is_late(round_: Round, at: datetime) -> bool:
    return round_.closes_at is not None and at > round_.closes_at + GRACE


async def record_answer_seen(tx: Transaction, round_: Round, player: Player, at: datetime) -> None:
    """Whoever sees the key gets no points for the same question for a while."""
    if round_.is_over:
        player_id = await links.lock_current_id(tx, player.id)
        await sittings.add_late_visitor(tx, round_.id, player_id, at)


async def find_by_act(tx: Transaction, act: str) -> Round | None:
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
