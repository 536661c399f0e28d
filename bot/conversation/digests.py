"""Weekly digests: switched on by admins, drawn and posted on Mondays."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from bot import board_chart
from bot.chat.port import Lost, Platform
from bot.conversation.request import Request
from bot.conversation.rounds.messages import RoundMessages
from bot.model.digests import Digest
from bot.phrases.digests import digest_bars, digest_card, digest_switch_card, digest_title
from bot.quizmaster.core import Core
from bot.quizmaster.digests import Digests

log = logging.getLogger(__name__)


@dataclass
class DigestCommands:
    digests: Digests
    messages: RoundMessages
    platforms: Mapping[str, Platform]
    core: Core

    async def digest(self, request: Request) -> None:
        place, switch = request.place, request.arg("switch")
        if switch == "on":
            await self.digests.subscribe(place, self.core.now())
        elif switch == "off":
            await self.digests.unsubscribe(place)
        await request.reply.whisper(digest_switch_card(await self.digests.next_day(place)))

    async def send(self) -> None:
        """Post what is due, one digest after the other: each has its picture drawn first."""
        while digests := await self.digests.claim_due(self.platforms, self.core.now()):
            for digest in digests:
                try:
                    await self._post(digest)
                except Exception:
                    log.exception("digest %s could not be posted; it is tried again", digest.key)

    async def _post(self, digest: Digest) -> None:
        picture = None
        if digest.board.top:
            picture = await board_chart.draw(digest_title(digest), digest_bars(digest))
        card, message_id = digest_card(digest, picture), ""
        try:
            platform = self.platforms[digest.place.platform]
            posted = await platform.post(digest.place, card, digest.key)
            message_id = posted.message.id
        except Lost as lost:
            await self.messages.shut_out(digest.place, lost)
        await self.digests.mark_posted(digest, message_id, self.core.now())
