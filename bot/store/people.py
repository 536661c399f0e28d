"""Who plays: one player behind one or more accounts, and the communities they were seen in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from bot.identity import Person, Place
from bot.store.database import Transaction, added, insert_into
from bot.store.tables import accounts, members, players


@dataclass(frozen=True, slots=True)
class Player:
    id: int
    name: str
    zone: str | None
    name_hidden: bool


_PLAYER = (players.c.id, players.c.name, players.c.zone, players.c.name_hidden)


async def find(tx: Transaction, person: Person) -> Player | None:
    rows = await tx.execute(
        select(*_PLAYER)
        .join(accounts, accounts.c.player_id == players.c.id)
        .where(accounts.c.platform == person.platform, accounts.c.person == person.id)
    )
    row = rows.one_or_none()
    return Player(*row) if row else None


async def get(tx: Transaction, player_id: int) -> Player:
    return Player(*(await tx.execute(select(*_PLAYER).where(players.c.id == player_id))).one())


async def add(tx: Transaction, person: Person, at: datetime) -> Player:
    """A new player, or the one that another process added a moment ago."""
    row = insert(players).values(name=person.name or "Somebody", created_at=at).returning(players.c.id)
    player_id = (await tx.execute(row)).scalar_one()
    claim = insert_into(tx, accounts).values(platform=person.platform, person=person.id, player_id=player_id)
    if not await added(tx, claim):
        await tx.execute(delete(players).where(players.c.id == player_id))
    found = await find(tx, person)
    assert found is not None  # noqa: S101 (the row above, or the one it ran into)
    return found


async def rename(tx: Transaction, player_id: int, name: str) -> None:
    await tx.execute(update(players).where(players.c.id == player_id).values(name=name))


async def set_zone(tx: Transaction, player_id: int, zone: str) -> None:
    await tx.execute(update(players).where(players.c.id == player_id).values(zone=zone))


async def hide_name(tx: Transaction, player_id: int, *, hidden: bool) -> None:
    await tx.execute(update(players).where(players.c.id == player_id).values(name_hidden=hidden))


async def is_member(tx: Transaction, player_id: int, place: Place) -> bool:
    rows = await tx.execute(
        select(members.c.player_id).where(
            members.c.platform == place.platform,
            members.c.community == place.community,
            members.c.player_id == player_id,
            members.c.left_at.is_(None),
        )
    )
    return rows.one_or_none() is not None


async def enter(tx: Transaction, player_id: int, place: Place) -> None:
    row = insert_into(tx, members).values(platform=place.platform, community=place.community, player_id=player_id)
    key = (members.c.platform, members.c.community, members.c.player_id)
    await tx.execute(row.on_conflict_do_update(index_elements=key, set_={"left_at": None}))


async def leave(tx: Transaction, player_id: int, place: Place, at: datetime) -> None:
    await tx.execute(
        update(members)
        .where(
            members.c.platform == place.platform,
            members.c.community == place.community,
            members.c.player_id == player_id,
        )
        .values(left_at=at)
    )
