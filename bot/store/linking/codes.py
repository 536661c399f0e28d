"""Codes by which one member joins their accounts: hashed, short-lived, used once, and not to be guessed."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from bot.identity import Place
from bot.store.sql.database import Transaction, insert_into
from bot.store.sql.tables.links import link_codes, link_tries

LIFE, LOCK = timedelta(minutes=10), timedelta(hours=1)
TRIES = 5


async def give(
    tx: Transaction, act: str, player_id: int, place: Place, code: str, at: datetime
) -> bool:
    """The member's one code; an older one is worth nothing any more. False where the same act gave one before."""
    row = {
        "act": act,
        "digest": _digest(code),
        "platform": place.platform,
        "community": place.community,
        "until": at + LIFE,
    }
    new = insert_into(tx, link_codes).values(player_id=player_id, **row)
    fresh = new.on_conflict_do_update(
        index_elements=["player_id"], set_=row, where=link_codes.c.act != act
    )
    return (await tx.execute(fresh.returning(link_codes.c.player_id))).one_or_none() is not None


async def where_given(tx: Transaction, code: str, at: datetime) -> tuple[int, Place] | None:
    """Whose code it is and where it was given, while it is worth something."""
    query = select(link_codes).where(link_codes.c.digest == _digest(code), link_codes.c.until > at)
    row = (await tx.execute(query)).one_or_none()
    return (row.player_id, Place(row.platform, row.community, "")) if row else None


async def spend(tx: Transaction, code: str) -> bool:
    """Whoever gets True is the one who used it."""
    return (
        await tx.execute(delete(link_codes).where(link_codes.c.digest == _digest(code)))
    ).rowcount == 1


async def locked_until(tx: Transaction, player_id: int, at: datetime) -> datetime | None:
    """Until when this member may enter no code, if they tried too many wrong ones."""
    query = select(link_tries.c.until).where(
        link_tries.c.player_id == player_id, link_tries.c.until > at, link_tries.c.wrong >= TRIES
    )
    until: datetime | None = (await tx.execute(query)).scalar()
    return until


async def count_wrong(tx: Transaction, act: str, player_id: int, at: datetime) -> int:
    """How many wrong ones they have entered within the hour, this one with them; the same act counts once."""
    old = update(link_tries).where(link_tries.c.player_id == player_id, link_tries.c.until <= at)
    await tx.execute(old.values(wrong=0))
    first = insert_into(tx, link_tries).values(
        player_id=player_id, act=act, wrong=1, until=at + LOCK
    )
    more = {"wrong": link_tries.c.wrong + 1, "act": act, "until": at + LOCK}
    await tx.execute(
        first.on_conflict_do_update(
            index_elements=["player_id"], set_=more, where=link_tries.c.act != act
        )
    )
    query = select(link_tries.c.wrong).where(link_tries.c.player_id == player_id)
    return int((await tx.execute(query)).scalar_one())


async def forgive(tx: Transaction, player_id: int) -> None:
    await tx.execute(delete(link_tries).where(link_tries.c.player_id == player_id))


def _digest(code: str) -> str:
    return hashlib.sha256(f"torchproof link {code}".encode()).hexdigest()
