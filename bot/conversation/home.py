"""The page that a platform keeps for each member."""

from collections.abc import Callable
from datetime import datetime

from bot.chat.port import Reply, Visit
from bot.model.home import HomePage
from bot.model.people import Player
from bot.phrases import home as said
from bot.quizmaster.boards import Boards
from bot.quizmaster.packs import Packs
from bot.quizmaster.people import People
from bot.quizmaster.places import Places
from bot.quizmaster.reminders import Reminders
from bot.quizmaster.schedules import Schedules


class HomeTalk:
    def __init__(
        self,
        people: People,
        packs: Packs,
        places: Places,
        boards: Boards,
        schedules: Schedules,
        reminders: Reminders,
        now: Callable[[], datetime],
    ) -> None:
        self._people, self._packs, self._places = people, packs, places
        self._boards, self._schedules, self._reminders, self._now = (
            boards,
            schedules,
            reminders,
            now,
        )

    async def show(self, event: Visit, player: Player, reply: Reply) -> None:
        place, now = event.place, self._now()
        home = HomePage(
            await self._people.profile(player, now),
            await self._boards.read("community", "week", place, player, now),
            tuple(await self._packs.offers(player)),
            tuple(await self._places.asked_in(place)),
            await self._schedules.next_in(place, now),
            await self._reminders.find(player),
        )
        await reply.show(said.home(home))
