"""Daily questions: posted when they are due, summed up when they are over."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from bot.chat.platform_interface import Lost
from bot.conversation.rounds.closing import CloseRounds
from bot.conversation.rounds.messages import post_key
from bot.model.daily import SHUT_OUT, Occurrence
from bot.model.rounds import Round
from bot.phrases.daily import daily_end_card
from bot.quizmaster.quizmaster import Quizmaster

log = logging.getLogger(__name__)


class DailyPosts:
    def __init__(self, quizmaster: Quizmaster, closing: CloseRounds) -> None:
        self._daily = quizmaster.daily
        self._now = quizmaster.now
        self._closing = closing
        self._messages = closing.messages
        self._platforms = closing.messages.platforms
        self._some_due = asyncio.Event()

    async def next_due(self) -> datetime | None:
        return await self._daily.claiming.next_due(self._now())

    async def claim(self) -> None:
        # Quick: the alarm does nothing else meanwhile.
        await self._daily.claiming.claim_due(self._now())

    async def start_posting(self) -> None:
        """Have `run` post what was claimed, as slowly as platforms are."""
        self._some_due.set()

    async def run(self) -> None:
        await self._daily.claiming.set_all_next_times(self._now())
        while True:
            await self._some_due.wait()
            self._some_due.clear()
            try:
                await self.post_due()
            except Exception:
                log.exception("daily questions could not be posted; the alarm tries again")

    async def post_due(self) -> None:
        """Sum up what has ended, then post what is due, unless another process is at it."""
        while ended := await self._daily.results.lease_for_results(self._platforms, self._now()):
            await asyncio.gather(*map(self._end, ended))
        while due := await self._daily.lease_due(self._platforms, self._now()):
            # One after the other: the question bag of a place goes by the order of the times.
            opened = [(occurrence, await self._open(occurrence)) for occurrence in due]
            await asyncio.gather(
                *(self._post(occurrence, asked) for occurrence, asked in opened if asked)
            )

    async def _open(self, occurrence: Occurrence) -> Round | None:
        with _failure_logged(occurrence, "opened"):
            return await self._daily.open(occurrence, self._now())
        return None

    async def _post(self, occurrence: Occurrence, asked: Round) -> None:
        with _failure_logged(occurrence, "posted"):
            try:
                # Where it was posted before a crash, its key finds that post.
                posted = await self._messages.post(asked)
                await self._daily.mark_posted(occurrence, asked, posted.message, posted.at)
            except Lost as lost:
                await self._daily.claiming.mark_missed(occurrence, SHUT_OUT, self._now())
                await self._messages.pause_and_warn(asked.place, lost)

    async def _end(self, occurrence: Occurrence) -> None:
        with _failure_logged(occurrence, "summed up"):
            asked = await self._daily.results.round_of(occurrence)
            await self._closing.close_card(asked)
            card = daily_end_card(await self._daily.results.read(asked))
            try:
                platform = self._platforms[asked.place.platform]
                await platform.post(asked.place, card, f"end of {post_key(asked)}")
            except Lost as lost:
                await self._messages.pause_and_warn(asked.place, lost)
            await self._daily.results.mark_announced(occurrence, asked)


@contextmanager
def _failure_logged(occurrence: Occurrence, act: str) -> Iterator[None]:
    try:
        yield
    except Exception:
        day, schedule = occurrence.day, occurrence.schedule_id
        log.exception("the question of %s, schedule %s, could not be %s", day, schedule, act)
