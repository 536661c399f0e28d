"""Admins setting how questions are asked."""

from dataclasses import dataclass

from bot.conversation.request import Request
from bot.phrases.places import settings_card
from bot.quizmaster.core import Core
from bot.quizmaster.digests import Digests
from bot.quizmaster.places import Places
from bot.quizmaster.schedules.schedules import Schedules


@dataclass
class PlaceCommands:
    places: Places
    schedules: Schedules
    digests: Digests
    core: Core

    async def settings(self, request: Request) -> None:
        place, args = request.place, request.args
        zone = args.get("zone")
        settings = await self.places.change(
            place, zone, args.get("speed"), args.get("answers"), args.get("admins")
        )
        if zone:
            await self.schedules.follow_zone(place, request.at)
            await self.digests.follow_zone(place, request.at)
        card = settings_card(settings, self.core.zone, changed=bool(args))
        await request.reply.whisper(card)

    async def set(self, request: Request) -> None:
        """`set:speed:off`, from a button of the settings card."""
        chosen = {request.word(1): request.word(2)}
        settings = await self.places.change(
            request.place, None, chosen.get("speed"), chosen.get("answers")
        )
        await request.reply.replace(settings_card(settings, self.core.zone, changed=True))
