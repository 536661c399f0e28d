"""Asking everyone in a place a question."""

from dataclasses import dataclass
from datetime import timedelta

from bot.chat.port import Lost, Posted
from bot.conversation.request import Request
from bot.conversation.rounds.messages import RoundMessages, post_key
from bot.model.rounds import QuestionFilter, Round
from bot.quizmaster.core import Core
from bot.quizmaster.rounds.rounds import Rounds

DRIFT = timedelta(seconds=1.5)
"""A card whose end is further off than this from the true one is redrawn."""


@dataclass
class AskRounds:
    rounds: Rounds
    messages: RoundMessages
    core: Core

    async def challenge(self, request: Request) -> None:
        asked = await self.rounds.live.open(
            request.act, request.place, wish_of(request), request.at
        )
        try:
            card = self.messages.card(asked)
            posted = await request.reply.show(card, key=post_key(asked))
        except Exception as error:
            await self.give_up(asked, error)
            raise
        await self.start(asked, posted)

    async def give_up(self, asked: Round, error: Exception) -> None:
        """What could not be posted leaves the place free for the next question."""
        await self.rounds.live.drop(asked, self.core.now())
        if isinstance(error, Lost):
            await self.messages.shut_out(asked.place, error)

    async def start(self, asked: Round, posted: Posted) -> None:
        """Start the clocks of a round that is posted; its end was a guess until then."""
        opened = await self.rounds.live.mark_posted(asked.id, posted.message, posted.at)
        if opened.status != "open" or not opened.closes_at or not asked.closes_at:
            return
        if abs(opened.closes_at - asked.closes_at) > DRIFT:
            await self.messages.edit(posted.message, self.messages.card(opened))


def wish_of(request: Request) -> QuestionFilter:
    if request.words:
        return QuestionFilter.decoded(request.word(1))
    return QuestionFilter(
        request.args.get("pack"), request.args.get("level"), request.args.get("kind")
    )
