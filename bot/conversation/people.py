"""Members asking about themselves."""

from dataclasses import dataclass

from bot.conversation.request import Request
from bot.model.profile import Profile
from bot.phrases.profile import profile_card
from bot.phrases.rounds.points import score_card, scores_card
from bot.quizmaster.core import Core
from bot.quizmaster.people import People
from bot.quizmaster.reminders import Reminders


@dataclass
class PeopleCommands:
    people: People
    reminders: Reminders
    core: Core

    async def me(self, request: Request) -> None:
        player, zone, name = request.player, request.arg("zone"), request.arg("name")
        if zone:
            await self.people.set_zone(player, zone, request.at)
            await self.reminders.follow_zone(player, request.at)
        if name:
            await self.people.set_name_hidden(player, hidden=name == "hidden")
        await request.reply.whisper(profile_card(await self._profile(request)))

    async def why(self, request: Request) -> None:
        if request.words[1:]:
            card = score_card(await self.people.explain_score(request.player, request.number(1)))
        else:
            card = scores_card((await self._profile(request)).recent)
        await request.reply.whisper(card)

    async def _profile(self, request: Request) -> Profile:
        return await self.people.profile(request.player, self.core.now())
