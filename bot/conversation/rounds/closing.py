"""Rounds whose time is up: missed reactions are counted, and the result is shown."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

from bot.chat.platform_interface import Lost
from bot.conversation.rounds.messages import RoundMessages
from bot.model.rounds import Round
from bot.quizmaster.quizmaster import Quizmaster

log = logging.getLogger(__name__)


@dataclass
class CloseRounds:
    quizmaster: Quizmaster
    messages: RoundMessages

    async def close_due(self) -> None:
        now = self.quizmaster.now()
        unsettled = await self._read_reactions_of_ended(now)
        over = await self.quizmaster.rounds.closing.close_due(now, unsettled)
        here = [asked for asked in over if asked.place.platform in self.messages.platforms]
        await asyncio.gather(*(self._show_end(asked, now) for asked in here))
        await self.quizmaster.packs.finish_all_done(now)

    async def _show_end(self, asked: Round, now: datetime) -> None:
        try:
            async with self.messages.lock(asked.id):
                if asked.message:
                    await self.messages.edit(asked.message, await self.messages.last_card(asked))
            await self.quizmaster.rounds.closing.mark_announced(asked, now)
        except Exception:
            log.exception("the end of round %s could not be shown; the alarm tries again", asked.id)

    async def close_card(self, asked: Round) -> None:
        """On a daily question's own card, where that card is still near."""
        async with self.messages.lock(asked.id):
            if asked.message and self.messages.is_recent(asked):
                await self.messages.edit(asked.message, await self.messages.last_card(asked))

    async def catch_up(self, platform: str) -> None:
        """After the bot was away from a platform."""
        for asked in await self.quizmaster.rounds.by_reaction(platform):
            await self._settle(asked)

    async def _read_reactions_of_ended(self, now: datetime) -> set[int]:
        """Those whose reactions could not be read must wait."""
        unsettled = set()
        for platform in self.messages.platforms:
            for asked in await self.quizmaster.rounds.by_reaction(platform):
                if asked.closes_at and asked.closes_at <= now and not await self._settle(asked):
                    unsettled.add(asked.id)
        return unsettled

    async def _settle(self, asked: Round) -> bool:
        if asked.message is None or asked.closes_at is None:
            return True
        platform = self.messages.platforms[asked.place.platform]
        reactions = self.messages.card(asked).reactions
        try:
            await platform.read_missed_reactions(asked.message, reactions, asked.closes_at)
        except Lost as lost:
            await self.messages.pause_and_warn(asked.place, lost)
        except Exception:
            log.exception("reactions under round %s could not be read; tried again", asked.id)
            return False
        return True
