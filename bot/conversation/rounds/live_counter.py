"""The counter on a public card: many changes, few edits, the latest one wins."""

import asyncio
import logging

from bot.conversation.rounds.closing import CloseRounds
from bot.conversation.rounds.messages import RoundMessages
from bot.quizmaster.rounds.rounds import Rounds

log = logging.getLogger(__name__)


class LiveCounter:
    """Redraws the cards that were touched, each at most once in `pause` seconds."""

    def __init__(
        self, rounds: Rounds, messages: RoundMessages, closing: CloseRounds, pause: float
    ) -> None:
        self._rounds = rounds
        self._messages = messages
        self._closing = closing
        self._pause = pause
        self._touched: set[int] = set()
        self._some_touched = asyncio.Event()

    def touch(self, round_id: int) -> None:
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
        """Another process draws too, perhaps something newer: then it is drawn once more."""
        asked, tally = drawn = await self._rounds.tally(round_id)
        if asked.status != "open" or not asked.message or not self._closing.is_near(asked):
            return
        if await self._messages.places.is_paused(asked.place):
            return
        await self._messages.edit(asked.message, self._messages.card(asked, tally))
        newest, _ = now = await self._rounds.tally(round_id)
        if newest.status != "open":
            await self._messages.edit(asked.message, await self._closing.last_card(newest))
        elif now != drawn:
            self.touch(round_id)
