"""Codes that link two accounts: hashed, short-lived, used once, and hard to guess."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from bot.identity import Place
from bot.store.sql.database import Transaction
from bot.store.sql.rows import changed, insert_into
from bot.store.sql.tables.links import link_codes, link_tries

CODE_LIFE = timedelta(minutes=10)
LOCK_TIME = timedelta(hours=1)
MOST_WRONG = 5


async def give(
    tx: Transaction, act: str, player_id: int, place: Place, code: str, at: datetime
) -> bool:
    """In place of an older one; False where the same act gave one before."""
    values = {
        "act": act,
        "digest": _digest(code),
        "platform": place.platform,
        "community": place.community,
        "until": at + CODE_LIFE,
    }
    new = insert_into(tx, link_codes).values(player_id=player_id, **values)
    fresh = new.on_conflict_do_update(
        index_elements=["player_id"], set_=values, where=link_codes.c.act != act
    )
    return await tx.scalar(fresh.returning(link_codes.c.player_id)) is not None


async def where_given(tx: Transaction, code: str, at: datetime) -> tuple[int, Place] | None:
    query = select(link_codes).where(link_codes.c.digest == _digest(code), link_codes.c.until > at)
    row = (await tx.execute(query)).one_or_none()
    return (row.player_id, Place(row.platform, row.community, "")) if row else None


async def spend(tx: Transaction, code: str) -> bool:
    return await changed(tx, delete(link_codes).where(link_codes.c.digest == _digest(code)))


async def locked_until(tx: Transaction, player_id: int, at: datetime) -> datetime | None:
    query = select(link_tries.c.until).where(
        link_tries.c.player_id == player_id,
        link_tries.c.until > at,
        link_tries.c.wrong >= MOST_WRONG,
    )
    until: datetime | None = await tx.scalar(query)
    return until


async def count_wrong(tx: Transaction, act: str, player_id: int, at: datetime) -> int:
    """How many within the hour; the same act counts once."""
    mine = link_tries.c.player_id == player_id
    await tx.execute(update(link_tries).where(mine, link_tries.c.until <= at).values(wrong=0))
    values = {"act": act, "until": at + LOCK_TIME}
    first = insert_into(tx, link_tries).values(player_id=player_id, wrong=1, **values)
    one_more = first.on_conflict_do_update(
        index_elements=["player_id"],
        set_={"wrong": link_tries.c.wrong + 1, **values},
        where=link_tries.c.act != act,
    )
    await tx.execute(one_more)
    return int((await tx.scalars(select(link_tries.c.wrong).where(mine))).one())


async def forgive(tx: Transaction, player_id: int) -> None:
    await tx.execute(delete(link_tries).where(link_tries.c.player_id == player_id))


def _digest(code: str) -> str:
    return hashlib.sha256(f"torchproof link {code}".encode()).hexdigest()
