"""Weekly digests: switched on by admins, drawn and posted on Mondays."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from bot import board_chart
from bot.chat.port import Lost, Platform
from bot.conversation.request import Request
from bot.conversation.rounds import RoundsTalk
from bot.model.digests import Digest
from bot.phrases import digests as said
from bot.quizmaster.digests import Digests

log = logging.getLogger(__name__)


class DigestsTalk:
    def __init__(
        self,
        digests: Digests,
        rounds: RoundsTalk,
        platforms: Mapping[str, Platform],
        now: Callable[[], datetime],
    ) -> None:
        self._digests = digests
        self._rounds = rounds
        self._platforms = platforms
        self._now = now

    async def digest(self, request: Request) -> None:
        place, switch = request.event.place, request.args.get("switch")
        if switch == "on":
            await self._digests.choose(place, self._now())
        elif switch == "off":
            await self._digests.stop(place)
        await request.reply.whisper(said.chosen(await self._digests.next_day(place)))

    async def send(self) -> None:
        """Whatever is due, one after the other: each has its picture drawn first."""
        while taken := await self._digests.take(self._platforms, self._now()):
            for week in taken:
                try:
                    await self._post(week)
                except Exception:
                    log.exception(
                        "the digest %s could not be posted; a later look tries again", week.key
                    )

    async def _post(self, week: Digest) -> None:
        picture = (
            await board_chart.drawn(said.title(week), said.bars(week)) if week.board.top else None
        )
        message = ""
        try:
            platform = self._platforms[week.place.platform]
            message = (
                await platform.post(week.place, said.digest(week, picture), week.key)
            ).message.id
        except Lost as lost:
            await self._rounds.shut_out(week.place, lost)
        await self._digests.posted(week, message, self._now())
