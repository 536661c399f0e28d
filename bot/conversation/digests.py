"""Weekly digests: switched on by admins, drawn and posted on Mondays."""

import logging
from dataclasses import dataclass

from bot import board_chart
from bot.chat.platform_interface import Lost
from bot.conversation.request import Request
from bot.conversation.rounds.messages import RoundMessages
from bot.model.digests import Digest
from bot.phrases.digests import digest_bars, digest_card, digest_switch_card, digest_title
from bot.quizmaster.quizmaster import Quizmaster

log = logging.getLogger(__name__)


async def digest(request: Request) -> None:
    digests, place, switch = request.quizmaster.digests, request.place, request.arg("switch")
    if switch == "on":
        await digests.subscribe(place, request.now())
    elif switch == "off":
        await digests.unsubscribe(place)
    await request.reply.whisper(digest_switch_card(await digests.next_day(place)))


@dataclass
class PostDigests:
    quizmaster: Quizmaster
    messages: RoundMessages

    async def send(self) -> None:
        digests, now = self.quizmaster.digests, self.quizmaster.now
        while due := await digests.claim_due(self.messages.platforms, now()):
            for digest in due:
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
            platform = self.messages.platforms[digest.place.platform]
            posted = await platform.post(digest.place, card, digest.key)
            message_id = posted.message.id
        except Lost as lost:
            await self.messages.pause_and_warn(digest.place, lost)
        await self.quizmaster.digests.mark_posted(digest, message_id, self.quizmaster.now())
