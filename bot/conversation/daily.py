"""Questions that come by themselves: posted when they are due, summed up when they are over."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.chat.port import Lost, Platform
from bot.conversation.rounds import RoundsTalk, key_of
from bot.model.daily import SHUT_OUT, Occurrence
from bot.model.rounds import Round
from bot.phrases import daily as said
from bot.quizmaster.daily import Daily

log = logging.getLogger(__name__)


class DailyTalk:
    def __init__(
        self,
        daily: Daily,
        rounds: RoundsTalk,
        platforms: Mapping[str, Platform],
        now: Callable[[], datetime],
    ) -> None:
        self._daily = daily
        self._rounds = rounds
        self._platforms = platforms
        self._now = now
        self._come = asyncio.Event()

    async def ring(self) -> None:
        """Claim what is due; quick, for other bells wait behind it."""
        await self._daily.claim(self._now())

    async def wake(self) -> None:
        """What was claimed is to be posted, and what was closed meanwhile told; that takes as long as platforms take."""
        self._come.set()

    async def due(self) -> datetime | None:
        return await self._daily.next_due(self._now())

    async def run(self) -> None:
        await self._daily.plan_all(self._now())
        while True:
            await self._come.wait()
            self._come.clear()
            try:
                await self.work()
            except Exception:
                log.exception("the dailies could not be looked after; the alarm tries again")

    async def work(self) -> None:
        """Tell every end, then post every question, that nobody else is at."""
        while ended := await self._daily.ended(self._platforms, self._now()):
            await asyncio.gather(*map(self._tell, ended))
        while due := await self._daily.take(self._platforms, self._now()):
            opened = [(each, await self._open(each)) for each in due]
            await asyncio.gather(*(self._post(each, asked) for each, asked in opened if asked))

    async def _open(self, occurrence: Occurrence) -> Round | None:
        """One after the other: what a place's bag gives follows the order of the times."""
        try:
            return await self._daily.open(occurrence, self._now())
        except Exception:
            log.exception(
                "the question of %s, schedule %s, could not be opened",
                occurrence.day,
                occurrence.schedule_id,
            )
            return None

    async def _post(self, occurrence: Occurrence, asked: Round) -> None:
        """Once: whoever finds a post that was made and not marked gets that one for its key."""
        try:
            platform = self._platforms[asked.place.platform]
            posted = await platform.post(asked.place, self._rounds.card(asked), key_of(asked))
            await self._daily.posted(occurrence, asked, posted.message, posted.at)
        except Lost as lost:
            await self._daily.missed(occurrence, SHUT_OUT, self._now())
            await self._rounds.shut_out(asked.place, lost)
        except Exception:
            log.exception(
                "the question of %s, schedule %s, could not be posted",
                occurrence.day,
                occurrence.schedule_id,
            )

    async def _tell(self, occurrence: Occurrence) -> None:
        """As a message of its own: the question stands far above by now."""
        try:
            asked = await self._daily.round_of(occurrence)
            await self._rounds.close_card(asked)
            await self._sum_up(asked)
            await self._daily.told(occurrence, asked)
        except Exception:
            log.exception(
                "the end of %s, schedule %s, could not be told",
                occurrence.day,
                occurrence.schedule_id,
            )

    async def _sum_up(self, asked: Round) -> None:
        card = said.end(await self._daily.summed_up(asked))
        try:
            await self._platforms[asked.place.platform].post(
                asked.place, card, f"end of {key_of(asked)}"
            )
        except Lost as lost:
            await self._rounds.shut_out(asked.place, lost)
