"""Admins setting how questions are asked."""

from bot.conversation.request import Request
from bot.phrases import places as said
from bot.quizmaster.digests import Digests
from bot.quizmaster.places import Places
from bot.quizmaster.schedules import Schedules


class PlacesTalk:
    def __init__(self, places: Places, schedules: Schedules, digests: Digests, zone: str) -> None:
        self._places = places
        self._schedules = schedules
        self._digests = digests
        self._zone = zone

    async def settings(self, request: Request) -> None:
        args = request.args
        room = await self._places.change(
            request.event.place,
            args.get("zone"),
            args.get("speed"),
            args.get("answers"),
            args.get("admins"),
        )
        if args.get("zone"):
            await self._schedules.follow(request.event.place, request.event.at)
            await self._digests.follow(request.event.place, request.event.at)
        await request.reply.whisper(said.settings(room, self._zone, changed=bool(args)))

    async def set(self, request: Request) -> None:
        """`set:speed:off`, from a button of the settings card."""
        chosen = {request.word(1): request.word(2)}
        room = await self._places.change(
            request.event.place, None, chosen.get("speed"), chosen.get("answers")
        )
        await request.reply.replace(said.settings(room, self._zone, changed=True))
