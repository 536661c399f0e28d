"""Rounds that were claimed and not posted: a crash or a failure came between."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.chat.port import Lost
from bot.conversation.rounds.asking import AskRounds
from bot.conversation.rounds.live_counter import LiveCounter
from bot.conversation.rounds.messages import RoundMessages
from bot.model.rounds import Round
from bot.quizmaster.core import Core
from bot.quizmaster.rounds.rounds import POST_WITHIN, Rounds

RETRY_S = 10.0
STALE = timedelta(seconds=15)
"""A round that was claimed this long ago and is not posted was left behind."""
log = logging.getLogger(__name__)


@dataclass
class RecoverRounds:
    rounds: Rounds
    asking: AskRounds
    messages: RoundMessages
    counter: LiveCounter
    core: Core

    async def find_left_over(self, age: timedelta = timedelta()) -> list[Round]:
        """At the start this is read before anybody can ask for more."""
        claimed = await self.rounds.live.unposted(self.core.now(), age)
        return [asked for asked in claimed if asked.place.platform in self.messages.platforms]

    async def recover(self, left_over: Sequence[Round]) -> None:
        await asyncio.gather(*map(self._recover, left_over))
        for round_id in await self.rounds.live.open_ids():
            self.counter.touch(round_id)

    async def _recover(self, asked: Round) -> None:
        while True:
            try:
                await self._post(asked)
            except Exception as error:
                log.exception("round %s could not be posted after a restart", asked.id)
                if isinstance(error, Lost) or asked.opened_at < self.core.now() - POST_WITHIN:
                    await self.asking.give_up(asked, error)
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
        """Where it was posted before, its key finds that post."""
        await self.asking.start(asked, await self.messages.post(asked))
