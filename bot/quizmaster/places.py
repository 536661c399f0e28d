"""Places, and how questions are asked there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.identity import Person, Place
from bot.model.places import PlaceSettings
from bot.model.rounds import Round
from bot.quiz.calendar.local_days import known_zone
from bot.store import places
from bot.store.rounds import rounds
from bot.store.sql.database import Database


@dataclass(frozen=True, slots=True)
class Places:
    database: Database

    async def change(
        self,
        place: Place,
        zone: str | None = None,
        speed: str | None = None,
        answers: str | None = None,
        admins: str | None = None,
    ) -> PlaceSettings:
        """`admins` is a group's id, a blank and its name."""
        settings: dict[str, Any] = {"zone": known_zone(zone)} if zone else {}
        if speed:
            settings["speed"] = speed == "on"
        if answers:
            settings["answers"] = answers
        async with self.database.transaction() as tx:
            place_id = (await places.get_or_add(tx, place)).id
            if settings:
                await places.change(tx, place_id, **settings)
            if admins:
                group, _, name = admins.partition(" ")
                if group == place.community:  # the group of everyone takes the choice back
                    group = name = ""
                await places.set_admins(tx, place, group, name)
            return await places.get_or_add(tx, place)

    async def is_admin(self, person: Person, place: Place) -> bool:
        if person.admin or not person.groups:
            return person.admin
        async with self.database.reading() as tx:
            return await places.is_admin_group(tx, place, person.groups)

    async def open_rounds(self, place: Place) -> list[Round]:
        async with self.database.reading() as tx:
            return await rounds.open_in_community(tx, place.platform, place.community)

    async def is_paused(self, place: Place) -> bool:
        async with self.database.reading() as tx:
            settings = await places.find(tx, place)
        return settings is not None and settings.paused

    async def pause(self, place: Place, at: datetime) -> bool:
        """Whether this call paused it."""
        async with self.database.transaction() as tx:
            return await places.pause(tx, (await places.get_or_add(tx, place)).id, at)

    async def resume(self, place: Place) -> None:
        async with self.database.reading() as tx:
            settings = await places.find(tx, place)
        if settings and settings.paused:
            async with self.database.transaction() as tx:
                await places.change(tx, settings.id, paused_at=None)
