"""The messages of rounds: drawn, posted once, edited, and given up where the bot is shut out."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from weakref import WeakValueDictionary

from bot.chat.card import Button, Card
from bot.chat.platform_interface import Lost, Platform, Posted
from bot.conversation.request import Request
from bot.identity import MessageRef, Place
from bot.model.rounds import Round, RoundProgress
from bot.phrases.packs import next_challenge
from bot.phrases.places import shut_out_card
from bot.phrases.rounds.question import after_practice_buttons, own_question_card, question_card
from bot.phrases.rounds.verdict import missed_card, result_card, verdict_card
from bot.quiz.questions import Choices
from bot.quizmaster.quizmaster import Quizmaster
from bot.quizmaster.rounds.answers import verdict_again

# An older public card is left as it is: nobody reads so far up, and platforms frown on edits.
EDITABLE = timedelta(hours=1)
log = logging.getLogger(__name__)


@dataclass
class RoundMessages:
    quizmaster: Quizmaster
    platforms: Mapping[str, Platform]
    _locks: WeakValueDictionary[int, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def lock(self, round_id: int) -> asyncio.Lock:
        """Held while a card is drawn: no late counter may replace the result."""
        return self._locks.setdefault(round_id, asyncio.Lock())

    def is_recent(self, asked: Round) -> bool:
        return self.quizmaster.now() - asked.opened_at < EDITABLE

    def card(self, asked: Round, tally: RoundProgress | None = None) -> Card:
        return question_card(asked, self.quizmaster.rounds.figure(asked.question), tally)

    async def last_card(self, asked: Round) -> Card:
        if asked.owner is not None:
            return await private_round_card(self.quizmaster, asked)
        rounds = self.quizmaster.rounds
        return result_card(await rounds.closing.result(asked), rounds.figure(asked.question))

    async def post(self, asked: Round) -> Posted:
        platform = self.platforms[asked.place.platform]
        return await platform.post(asked.place, self.card(asked), post_key(asked))

    async def edit(self, message: MessageRef, card: Card) -> None:
        try:
            await self.platforms[message.place.platform].edit(message, card)
        except Lost as lost:
            await self.pause_and_warn(message.place, lost)

    async def pause_and_warn(self, place: Place, lost: Lost) -> None:
        # Ask nothing there any more, and warn somebody who can mend it, once.
        log.warning("shut out of %s: %s", place, lost)
        if await self.quizmaster.places.pause(place, self.quizmaster.now()):
            await self.platforms[place.platform].warn(place, shut_out_card(place.channel))


def post_key(asked: Round) -> str:
    # The same from every process, so that a round is posted once.
    return f"round:{asked.id}"


async def show_own(request: Request, asked: Round) -> None:
    posted = await request.answer(await private_round_card(request.quizmaster, asked))
    await request.quizmaster.rounds.set_message(asked.id, posted.message)


async def private_round_card(quizmaster: Quizmaster, asked: Round) -> Card:
    # Of a round of one member: practice, or a challenge of a pack.
    figure = quizmaster.rounds.figure(asked.question)
    sitting, given = await quizmaster.rounds.answers.sitting_and_attempts(asked, asked.owner or 0)
    if sitting.finished_at is None and asked.status == "open":
        key = asked.question.key
        tried = [letter for answer in given for letter in answer.answer]
        several = isinstance(key, Choices) and key.several
        return own_question_card(asked, figure, sitting, () if several else tuple(tried))
    onward = await next_step_buttons(quizmaster, asked)
    if given and (sitting.solved or sitting.tries_used >= asked.tries):
        return verdict_card(verdict_again(asked, sitting, given[-1]), onward, figure)
    return missed_card(asked, sitting, onward, figure)


async def next_step_buttons(quizmaster: Quizmaster, asked: Round) -> tuple[Button, ...]:
    if asked.take_id is not None and asked.position is not None:
        last = asked.position + 1 == await quizmaster.packs.length(asked.take_id)
        return (next_challenge(asked.take_id, asked.position, last=last),)
    return after_practice_buttons(asked.question_filter) if asked.mode == "practice" else ()


class LiveCounter:
    """Redraws the cards that were touched, each at most once in `pause` seconds."""

    def __init__(self, quizmaster: Quizmaster, messages: RoundMessages, pause: float) -> None:
        self._quizmaster = quizmaster
        self._messages = messages
        self._pause = pause
        self._touched: set[int] = set()
        self._some_touched = asyncio.Event()

    def request_redraw(self, round_id: int) -> None:
        self._touched.add(round_id)
        self._some_touched.set()

    async def run(self) -> None:
        while True:
            await self._some_touched.wait()
            self._some_touched.clear()
            touched = sorted(self._touched)
            self._touched.clear()
            await asyncio.gather(*map(self._redraw, touched))
            await asyncio.sleep(self._pause)

    async def _redraw(self, round_id: int) -> None:
        try:
            async with self._messages.lock(round_id):
                await self._draw(round_id)
        except Exception:
            log.exception("the counter of round %s could not be redrawn", round_id)

    async def _draw(self, round_id: int) -> None:
        asked, tally = drawn = await self._quizmaster.rounds.tally(round_id)
        if asked.status != "open" or not asked.message or not self._messages.is_recent(asked):
            return
        if await self._quizmaster.places.is_paused(asked.place):
            return
        await self._messages.edit(asked.message, self._messages.card(asked, tally))
        # Another process draws too, perhaps something newer: then it is drawn once more.
        newest, _ = now = await self._quizmaster.rounds.tally(round_id)
        if newest.status != "open":
            await self._messages.edit(asked.message, await self._messages.last_card(newest))
        elif now != drawn:
            self.request_redraw(round_id)
