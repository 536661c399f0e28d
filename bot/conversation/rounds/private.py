"""Rounds of one member: practice, and challenges of a pack."""

from dataclasses import dataclass

from bot.chat.card import Button, Card
from bot.conversation.request import Request
from bot.model.rounds import Round
from bot.phrases.packs import next_challenge
from bot.phrases.rounds.question import after_practice, own_question_card
from bot.phrases.rounds.verdict import missed_card, verdict_card
from bot.quiz.questions import Choices
from bot.quizmaster.packs import Packs
from bot.quizmaster.rounds.answers import verdict_again
from bot.quizmaster.rounds.rounds import Rounds


@dataclass
class PrivateRounds:
    rounds: Rounds
    packs: Packs

    async def show(self, request: Request, asked: Round) -> None:
        posted = await request.answer(await self.card(asked))
        await self.rounds.set_message(asked.id, posted.message)

    async def card(self, asked: Round) -> Card:
        figure = self.rounds.figure(asked.question)
        sitting, given = await self.rounds.answers.so_far(asked, asked.owner or 0)
        if sitting.finished_at is None and asked.status == "open":
            key = asked.question.key
            tried = [letter for answer in given for letter in answer.answer]
            several = isinstance(key, Choices) and key.several
            return own_question_card(asked, figure, sitting, () if several else tuple(tried))
        onward = await self.onward(asked)
        if given and (sitting.solved or sitting.tries_used >= asked.tries):
            return verdict_card(verdict_again(asked, sitting, given[-1]), onward, figure)
        return missed_card(asked, sitting, onward, figure)

    async def onward(self, asked: Round) -> tuple[Button, ...]:
        if asked.take_id is not None and asked.position is not None:
            last = asked.position + 1 == await self.packs.length(asked.take_id)
            return (next_challenge(asked.take_id, asked.position, last=last),)
        return after_practice(asked.question_filter) if asked.mode == "practice" else ()
