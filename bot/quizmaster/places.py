"""Places and how questions are asked there."""

from typing import Any

from bot.identity import Place
from bot.quizmaster.people import known_zone
from bot.store import places
from bot.store.database import Database
from bot.store.places import Room


class Places:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, place: Place) -> Room:
        async with self._database.act() as tx:
            return await places.enter(tx, place)

    async def change(self, place: Place, zone: str | None, speed: str | None, answers: str | None) -> Room:
        """Set what is given; rounds that are under way keep what they began with."""
        settings: dict[str, Any] = {"zone": known_zone(zone)} if zone else {}
        if speed:
            settings["speed"] = speed == "on"
        if answers:
            settings["answers"] = answers
        async with self._database.act() as tx:
            room = await places.enter(tx, place)
            if settings:
                await places.change(tx, room.id, **settings)
            return await places.enter(tx, place)
