"""Places where questions are asked, and their settings."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.identity import Place
from bot.model.places import PlaceSettings
from bot.store.sql.database import Transaction
from bot.store.sql.rows import (
    find_one,
    in_community,
    insert_new,
    is_found,
    matches_place,
    same_community,
    update_row,
    upsert,
)
from bot.store.sql.tables.people import communities, places

_SETTINGS = select(
    places.c.id,
    places.c.zone,
    places.c.speed,
    places.c.answers,
    places.c.paused_at.is_not(None),
    func.coalesce(communities.c.admins_name, ""),
).outerjoin(communities, same_community(communities, places))


async def find(tx: Transaction, place: Place) -> PlaceSettings | None:
    query = _SETTINGS.where(matches_place(place))
    return await find_one(tx, query, lambda row: PlaceSettings(row[0], place, *row[1:]))


async def get_or_add(tx: Transaction, place: Place) -> PlaceSettings:
    await insert_new(
        tx, places, platform=place.platform, community=place.community, channel=place.channel
    )
    settings = await find(tx, place)
    assert settings is not None
    return settings


async def change(tx: Transaction, place_id: int, **settings: Any) -> None:
    await update_row(tx, places, {"id": place_id}, **settings)


async def pause(tx: Transaction, place_id: int, at: datetime) -> bool:
    return await update_row(tx, places, {"id": place_id, "paused_at": None}, paused_at=at)


async def set_admins(tx: Transaction, place: Place, group: str, name: str) -> None:
    key = {"platform": place.platform, "community": place.community}
    await upsert(tx, communities, key, admins=group, admins_name=name)


async def is_admin_group(tx: Transaction, place: Place, groups: Collection[str]) -> bool:
    chosen = select(communities.c.admins).where(
        in_community(communities, place),
        communities.c.admins != "",
        communities.c.admins.in_(groups),
    )
    return await is_found(tx, chosen)
