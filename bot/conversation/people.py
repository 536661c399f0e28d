"""Members asking about themselves."""

from collections.abc import Callable
from datetime import datetime

from bot.conversation.request import Turn
from bot.model.people import Profile
from bot.phrases import people as said
from bot.phrases import points as points_said
from bot.quizmaster.people import People
from bot.quizmaster.reminders import Reminders


class PeopleTalk:
    def __init__(self, people: People, reminders: Reminders, now: Callable[[], datetime]) -> None:
        self._people = people
        self._reminders = reminders
        self._now = now

    async def me(self, turn: Turn) -> None:
        """Change what is named, then show the whole."""
        zone, name = turn.args.get("zone"), turn.args.get("name")
        if zone:
            await self._people.set_zone(turn.player, zone, turn.event.at)
            await self._reminders.follow(turn.player, turn.event.at)
        if name:
            await self._people.hide_name(turn.player, hidden=name == "hidden")
        await turn.reply.whisper(said.profile(await self._profile(turn)))

    async def why(self, turn: Turn) -> None:
        """One score explained, or the list to choose from."""
        if turn.words[1:]:
            await turn.reply.whisper(
                points_said.why(await self._people.why(turn.player, turn.number(1)))
            )
        else:
            await turn.reply.whisper(points_said.scores((await self._profile(turn)).recent))

    async def _profile(self, turn: Turn) -> Profile:
        return await self._people.profile(turn.player, self._now())
