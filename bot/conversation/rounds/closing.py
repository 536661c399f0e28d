"""Rounds whose time is up: closed, and their result shown."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.chat.card import Card
from bot.conversation.rounds.messages import RoundMessages
from bot.conversation.rounds.missed_reactions import MissedReactions
from bot.conversation.rounds.private import PrivateRounds
from bot.model.rounds import Round
from bot.phrases.rounds.verdict import result_card
from bot.quizmaster.core import Core
from bot.quizmaster.packs import Packs
from bot.quizmaster.rounds.rounds import Rounds

EDITABLE = timedelta(hours=1)
"""An older public card is left as it is: nobody reads so far up, and platforms frown on edits."""
log = logging.getLogger(__name__)


@dataclass
class CloseRounds:
    rounds: Rounds
    packs: Packs
    messages: RoundMessages
    private: PrivateRounds
    reactions: MissedReactions
    core: Core

    async def close_due(self) -> None:
        now = self.core.now()
        unsettled = await self.reactions.settle_over(now)
        over = await self.rounds.closing.close_due(now, unsettled)
        here = [asked for asked in over if asked.place.platform in self.messages.platforms]
        await asyncio.gather(*(self._show_end(asked, now) for asked in here))
        await self.packs.finish_all_done(now)

    async def _show_end(self, asked: Round, now: datetime) -> None:
        try:
            async with self.messages.lock(asked.id):
                if asked.message:
                    await self.messages.edit(asked.message, await self.last_card(asked))
            await self.rounds.closing.mark_announced(asked, now)
        except Exception:
            log.exception("the end of round %s could not be shown; the alarm tries again", asked.id)

    async def last_card(self, asked: Round) -> Card:
        if asked.owner is not None:
            return await self.private.card(asked)
        result = await self.rounds.closing.result(asked)
        return result_card(result, self.rounds.figure(asked.question))

    async def close_card(self, asked: Round) -> None:
        """Show on a daily question's own card that it is over, where that card is still near."""
        async with self.messages.lock(asked.id):
            if asked.message and self.is_near(asked):
                await self.messages.edit(asked.message, await self.last_card(asked))

    def is_near(self, asked: Round) -> bool:
        return self.core.now() - asked.opened_at < EDITABLE
