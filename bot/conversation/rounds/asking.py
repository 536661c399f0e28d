"""Questions for everyone in a place, or for one member; after a crash they are asked again."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.chat.platform_interface import Lost, Posted
from bot.conversation.request import Request
from bot.conversation.rounds.messages import LiveCounter, RoundMessages, post_key, show_own
from bot.model.rounds import Round
from bot.quizmaster.quizmaster import Quizmaster
from bot.quizmaster.rounds.rounds import POST_WITHIN

DRIFT = timedelta(seconds=1.5)  # A card whose end is further off from the true one is redrawn.
RETRY_S = 10.0
STALE = timedelta(seconds=15)  # What was claimed so long ago and is not posted was left behind.
log = logging.getLogger(__name__)


async def practice(request: Request) -> None:
    asked = await request.quizmaster.practice.open(
        request.act, request.player, request.place, request.question_filter, request.at
    )
    await show_own(request, asked)


@dataclass
class AskRounds:
    quizmaster: Quizmaster
    messages: RoundMessages
    counter: LiveCounter

    async def challenge(self, request: Request) -> None:
        asked = await self.quizmaster.rounds.live.open(
            request.act, request.place, request.question_filter, request.at
        )
        try:
            card = self.messages.card(asked)
            posted = await request.reply.show(card, key=post_key(asked))
        except Exception as error:
            await self._give_up(asked, error)
            raise
        await self._start(asked, posted)

    async def _give_up(self, asked: Round, error: Exception) -> None:
        # What could not be posted leaves the place free for the next question.
        await self.quizmaster.rounds.live.drop(asked, self.quizmaster.now())
        if isinstance(error, Lost):
            await self.messages.pause_and_warn(asked.place, error)

    async def _start(self, asked: Round, posted: Posted) -> None:
        # Start the clocks of a round that is posted; its end was a guess until then.
        live = self.quizmaster.rounds.live
        opened = await live.mark_posted(asked.id, posted.message, posted.at)
        if opened.status != "open" or not opened.closes_at or not asked.closes_at:
            return
        if abs(opened.closes_at - asked.closes_at) > DRIFT:
            await self.messages.edit(posted.message, self.messages.card(opened))

    async def find_left_over(self, age: timedelta = timedelta()) -> list[Round]:
        """At the start this is read before anybody can ask for more."""
        claimed = await self.quizmaster.rounds.live.unposted(self.quizmaster.now(), age)
        return [asked for asked in claimed if asked.place.platform in self.messages.platforms]

    async def recover(self, left_over: Sequence[Round]) -> None:
        await asyncio.gather(*map(self._recover, left_over))
        for round_id in await self.quizmaster.rounds.live.open_ids():
            self.counter.request_redraw(round_id)

    async def _recover(self, asked: Round) -> None:
        while True:
            try:
                await self._post(asked)
            except Exception as error:
                log.exception("round %s could not be posted after a restart", asked.id)
                too_late = asked.opened_at < self.quizmaster.now() - POST_WITHIN
                if too_late or isinstance(error, Lost):
                    await self._give_up(asked, error)
                    return
                await asyncio.sleep(RETRY_S)
            else:
                return

    async def post_stale(self) -> None:
        for asked in await self.find_left_over(STALE):
            try:
                await self._post(asked)
            except Exception:
                log.exception("round %s could not be posted; the alarm tries again", asked.id)

    async def _post(self, asked: Round) -> None:
        # Where it was posted before, its key finds that post.
        await self._start(asked, await self.messages.post(asked))
