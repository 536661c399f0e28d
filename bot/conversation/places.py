"""Admins setting how questions are asked."""

from bot.conversation.request import Turn
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

    async def settings(self, turn: Turn) -> None:
        args = turn.args
        room = await self._places.change(
            turn.event.place,
            args.get("zone"),
            args.get("speed"),
            args.get("answers"),
            args.get("admins"),
        )
        if args.get("zone"):
            await self._schedules.follow(turn.event.place, turn.event.at)
            await self._digests.follow(turn.event.place, turn.event.at)
        await turn.reply.whisper(said.settings(room, self._zone, changed=bool(args)))

    async def set(self, turn: Turn) -> None:
        """`set:speed:off`, from a button of the settings card."""
        chosen = {turn.word(1): turn.word(2)}
        room = await self._places.change(
            turn.event.place, None, chosen.get("speed"), chosen.get("answers")
        )
        await turn.reply.turn(said.settings(room, self._zone, changed=True))
