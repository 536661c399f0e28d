"""The messages of rounds: posted once, edited, and given up where the bot is shut out."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from bot.chat.card import Card
from bot.chat.port import Lost, Platform, Posted
from bot.identity import MessageRef, Place
from bot.model.rounds import Round, RoundProgress
from bot.phrases.places import shut_out_card
from bot.phrases.rounds.question import question_card
from bot.quizmaster.core import Core
from bot.quizmaster.places import Places
from bot.quizmaster.rounds.rounds import Rounds

log = logging.getLogger(__name__)


@dataclass
class RoundMessages:
    rounds: Rounds
    places: Places
    platforms: Mapping[str, Platform]
    core: Core
    _locks: WeakValueDictionary[int, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def lock(self, round_id: int) -> asyncio.Lock:
        """Held while a card is drawn: no late counter may replace the result."""
        return self._locks.setdefault(round_id, asyncio.Lock())

    def card(self, asked: Round, tally: RoundProgress | None = None) -> Card:
        return question_card(asked, self.rounds.figure(asked.question), tally)

    async def post(self, asked: Round) -> Posted:
        platform = self.platforms[asked.place.platform]
        return await platform.post(asked.place, self.card(asked), post_key(asked))

    async def edit(self, message: MessageRef, card: Card) -> None:
        try:
            await self.platforms[message.place.platform].edit(message, card)
        except Lost as lost:
            await self.shut_out(message.place, lost)

    async def shut_out(self, place: Place, lost: Lost) -> None:
        """Ask nothing there any more, and warn somebody who can mend it, once."""
        log.warning("shut out of %s: %s", place, lost)
        if await self.places.pause(place, self.core.now()):
            await self.platforms[place.platform].warn(place, shut_out_card(place.channel))


def post_key(asked: Round) -> str:
    """The same from every process, so that a round is posted once."""
    return f"round:{asked.id}"
