"""Where questions are asked, and how their admins want them asked."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select, update

from bot.identity import Place
from bot.model.places import PlaceSettings
from bot.store.sql.database import Transaction, insert_into
from bot.store.sql.tables.places import communities, places

_SETTINGS = (
    places.c.id,
    places.c.zone,
    places.c.speed,
    places.c.answers,
    places.c.paused_at,
    func.coalesce(communities.c.admins_name, "").label("admins"),
)
_OF = and_(
    communities.c.platform == places.c.platform, communities.c.community == places.c.community
)


async def find(tx: Transaction, place: Place) -> PlaceSettings | None:
    rows = await tx.execute(
        select(*_SETTINGS)
        .outerjoin(communities, _OF)
        .where(
            places.c.platform == place.platform,
            places.c.community == place.community,
            places.c.channel == place.channel,
        )
    )
    row = rows.one_or_none()
    return (
        PlaceSettings(
            row.id, place, row.zone, row.speed, row.answers, row.paused_at is not None, row.admins
        )
        if row
        else None
    )


async def get_or_add(tx: Transaction, place: Place) -> PlaceSettings:
    """A place and its settings, made on the first visit."""
    row = insert_into(tx, places).values(
        platform=place.platform, community=place.community, channel=place.channel
    )
    await tx.execute(row.on_conflict_do_nothing())
    settings = await find(tx, place)
    assert settings is not None  # noqa: S101 (made above, and places are never deleted)
    return settings


async def change(tx: Transaction, place_id: int, **settings: Any) -> None:
    await tx.execute(update(places).where(places.c.id == place_id).values(**settings))


async def pause(tx: Transaction, place_id: int, at: datetime) -> bool:
    """Whether it was not paused before."""
    running = update(places).where(places.c.id == place_id, places.c.paused_at.is_(None))
    return (await tx.execute(running.values(paused_at=at))).rowcount == 1


async def resume(tx: Transaction, place_id: int) -> None:
    await tx.execute(update(places).where(places.c.id == place_id).values(paused_at=None))


async def set_admins(tx: Transaction, place: Place, group: str, name: str) -> None:
    """The group whose members look after a community beside those whom the platform itself vouches for."""
    chosen = {"admins": group, "admins_name": name}
    row = insert_into(tx, communities).values(
        platform=place.platform, community=place.community, **chosen
    )
    key = (communities.c.platform, communities.c.community)
    await tx.execute(row.on_conflict_do_update(index_elements=key, set_=chosen))


async def is_admin_group(tx: Transaction, place: Place, groups: Collection[str]) -> bool:
    """Whether the chosen group is one of these."""
    rows = await tx.execute(
        select(communities.c.admins).where(
            communities.c.platform == place.platform,
            communities.c.community == place.community,
            communities.c.admins != "",
            communities.c.admins.in_(groups),
        )
    )
    return rows.one_or_none() is not None
