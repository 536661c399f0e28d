"""Reactions that the bot may have missed: each is answered before its round closes."""

import logging
from dataclasses import dataclass
from datetime import datetime

from bot.chat.port import Lost
from bot.conversation.rounds.messages import RoundMessages
from bot.model.rounds import Round
from bot.quizmaster.rounds.rounds import Rounds

log = logging.getLogger(__name__)


@dataclass
class MissedReactions:
    rounds: Rounds
    messages: RoundMessages

    async def catch_up(self, platform: str) -> None:
        """After the bot was away from a platform."""
        for asked in await self.rounds.by_reaction(platform):
            await self._settle(asked)

    async def settle_over(self, now: datetime) -> set[int]:
        """Look under the rounds whose time is up; those that could not be read must wait."""
        unsettled = set()
        for platform in self.messages.platforms:
            for asked in await self.rounds.by_reaction(platform):
                if asked.closes_at and asked.closes_at <= now and not await self._settle(asked):
                    unsettled.add(asked.id)
        return unsettled

    async def _settle(self, asked: Round) -> bool:
        """Whether all reactions under a round are handed in."""
        if asked.message is None or asked.closes_at is None:
            return True
        platform, emoji = (
            self.messages.platforms[asked.place.platform],
            self.messages.card(asked).reactions,
        )
        try:
            await platform.settle(asked.message, emoji, asked.closes_at)
        except Lost as lost:
            await self.messages.shut_out(asked.place, lost)
        except Exception:
            log.exception("reactions under round %s could not be read; tried again", asked.id)
            return False
        return True
