"""The page that a platform keeps for each member."""

from dataclasses import dataclass

from bot.chat.port import Reply, Visit
from bot.model.home import HomePage
from bot.model.people import Player
from bot.phrases.home import home_card
from bot.quizmaster.boards import Boards
from bot.quizmaster.core import Core
from bot.quizmaster.packs import Packs
from bot.quizmaster.people import People
from bot.quizmaster.places import Places
from bot.quizmaster.reminders import Reminders
from bot.quizmaster.schedules.schedules import Schedules


@dataclass
class HomePages:
    people: People
    packs: Packs
    places: Places
    boards: Boards
    schedules: Schedules
    reminders: Reminders
    core: Core

    async def show(self, event: Visit, player: Player, reply: Reply) -> None:
        place, now = event.place, self.core.now()
        page = HomePage(
            await self.people.profile(player, now),
            await self.boards.read("community", "week", place, player, now),
            tuple(await self.packs.offers(player)),
            tuple(await self.places.open_rounds(place)),
            await self.schedules.next_in_community(place, now),
            await self.reminders.find(player),
        )
        await reply.show(home_card(page))
