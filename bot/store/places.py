"""Where questions are asked, and how their admins want them asked."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select, update

from bot.identity import Place
from bot.store.database import Transaction, insert_into
from bot.store.tables import places

AnswerStyle = Literal["buttons", "reactions"]


@dataclass(frozen=True, slots=True)
class Room:
    """A place with its settings."""

    id: int
    place: Place
    zone: str | None
    speed: bool
    answers: AnswerStyle


_ROOM = (
    places.c.id,
    places.c.platform,
    places.c.community,
    places.c.channel,
    places.c.zone,
    places.c.speed,
    places.c.answers,
)


async def find(tx: Transaction, place: Place) -> Room | None:
    rows = await tx.execute(
        select(*_ROOM).where(
            places.c.platform == place.platform,
            places.c.community == place.community,
            places.c.channel == place.channel,
        )
    )
    row = rows.one_or_none()
    return Room(row.id, place, row.zone, row.speed, row.answers) if row else None


async def enter(tx: Transaction, place: Place) -> Room:
    """The room of a place, made on the first visit."""
    row = insert_into(tx, places).values(platform=place.platform, community=place.community, channel=place.channel)
    await tx.execute(row.on_conflict_do_nothing())
    room = await find(tx, place)
    assert room is not None  # noqa: S101 (made above, and places are never deleted)
    return room


async def change(tx: Transaction, room_id: int, **settings: Any) -> None:
    await tx.execute(update(places).where(places.c.id == room_id).values(**settings))
