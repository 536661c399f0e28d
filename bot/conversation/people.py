"""Members asking about themselves."""

from collections.abc import Callable
from datetime import datetime

from bot.conversation.request import Request
from bot.model.profile import Profile
from bot.phrases import people as said
from bot.phrases import points as points_said
from bot.quizmaster.people import People
from bot.quizmaster.reminders import Reminders


class PeopleTalk:
    def __init__(self, people: People, reminders: Reminders, now: Callable[[], datetime]) -> None:
        self._people = people
        self._reminders = reminders
        self._now = now

    async def me(self, request: Request) -> None:
        """Change what is named, then show the whole."""
        zone, name = request.args.get("zone"), request.args.get("name")
        if zone:
            await self._people.set_zone(request.player, zone, request.event.at)
            await self._reminders.follow(request.player, request.event.at)
        if name:
            await self._people.hide_name(request.player, hidden=name == "hidden")
        await request.reply.whisper(said.profile(await self._profile(request)))

    async def why(self, request: Request) -> None:
        """One score explained, or the list to choose from."""
        if request.words[1:]:
            await request.reply.whisper(
                points_said.why(await self._people.why(request.player, request.number(1)))
            )
        else:
            await request.reply.whisper(points_said.scores((await self._profile(request)).recent))

    async def _profile(self, request: Request) -> Profile:
        return await self._people.profile(request.player, self._now())
