"""Two players who are one member, and the codes for it."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, union, update

from bot.identity import Place
from bot.model.links import Link
from bot.store.boards import projector
from bot.store.sql.database import Transaction
from bot.store.sql.rows import columns_of, delete_rows, find_one, insert_into, is_found
from bot.store.sql.tables.people import link_codes, link_tries, links, players


async def lock_pair(tx: Transaction, one: int, other: int) -> tuple[int, int]:
    """The one to keep, who was there first, and the one to join."""
    kept, joined = sorted((one, other))
    await projector.lock_scores(tx)
    both = select(players.c.id).where(players.c.id.in_((kept, joined)))
    await tx.execute(both.order_by(players.c.id).with_for_update())
    return kept, joined


async def lock_current_ids(tx: Transaction, player_ids: Iterable[int]) -> dict[int, int]:
    """By player, whom they were joined to; nobody is joined before this transaction ends."""
    ids = sorted(set(player_ids))
    if tx.dialect.name == "postgresql":
        lock = select(players.c.id).where(players.c.id.in_(ids)).order_by(players.c.id)
        await tx.execute(lock.with_for_update(read=True, key_share=True))
    found = await _joined_to(tx, ids)
    if found:
        further = await lock_current_ids(tx, found.values())
        found = {joined: further.get(kept, kept) for joined, kept in found.items()}
    return found


async def lock_current_id(tx: Transaction, player_id: int) -> int:
    return (await lock_current_ids(tx, [player_id])).get(player_id, player_id)


async def current_ids(tx: Transaction, player_ids: Iterable[int]) -> dict[int, int]:
    found = {player_id: player_id for player_id in player_ids}
    while further := await _joined_to(tx, set(found.values())):
        found = {player_id: further.get(kept, kept) for player_id, kept in found.items()}
    return found


async def _joined_to(tx: Transaction, player_ids: Collection[int]) -> dict[int, int]:
    query = select(links.c.joined_id, links.c.player_id).where(
        links.c.undone_at.is_(None), links.c.joined_id.in_(player_ids)
    )
    return {row.joined_id: row.player_id for row in await tx.execute(query)}


async def _newest(tx: Transaction, *where: ColumnElement[bool]) -> Link | None:
    query = select(*columns_of(links, Link)).where(*where).order_by(links.c.id.desc()).limit(1)
    return await find_one(tx, query, lambda row: Link(*row))


async def latest(tx: Transaction, player_id: int) -> Link | None:
    return await _newest(tx, links.c.player_id == player_id, links.c.undone_at.is_(None))


async def by_act(tx: Transaction, act: str) -> Link | None:
    return await _newest(tx, links.c.act == act)


async def was_undone_by(tx: Transaction, act: str) -> bool:
    return await is_found(tx, select(links).filter_by(undone_act=act))


async def with_pending_link(
    tx: Transaction, player_ids: Collection[int], since: datetime, now: datetime
) -> set[int]:
    """Whom another process may join or part at any moment."""
    linked = select(links.c.player_id).where(
        links.c.player_id.in_(player_ids), links.c.undone_at.is_(None), links.c.at > since
    )
    with_code = select(link_codes.c.player_id).where(
        link_codes.c.player_id.in_(player_ids), link_codes.c.until > now
    )
    return set(await tx.scalars(union(linked, with_code)))


# Codes that link two accounts: hashed, short-lived, used once, and hard to guess

CODE_LIFE = timedelta(minutes=10)
LOCK_TIME = timedelta(hours=1)
MOST_WRONG = 5


async def give_code(
    tx: Transaction, act: str, player_id: int, place: Place, code: str, at: datetime
) -> bool:
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


async def where_code_given(tx: Transaction, code: str, at: datetime) -> tuple[int, Place] | None:
    query = select(link_codes).filter_by(digest=_digest(code)).where(link_codes.c.until > at)
    return await find_one(
        tx, query, lambda row: (row.player_id, Place(row.platform, row.community, ""))
    )


async def spend_code(tx: Transaction, code: str) -> bool:
    return await delete_rows(tx, link_codes, digest=_digest(code)) == 1


async def codes_locked_until(tx: Transaction, player_id: int, at: datetime) -> datetime | None:
    query = (
        select(link_tries.c.until)
        .filter_by(player_id=player_id)
        .where(link_tries.c.until > at, link_tries.c.wrong >= MOST_WRONG)
    )
    return await tx.scalar(query)


async def count_wrong_code(tx: Transaction, act: str, player_id: int, at: datetime) -> int:
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


async def forgive_wrong_codes(tx: Transaction, player_id: int) -> None:
    await delete_rows(tx, link_tries, player_id=player_id)


def _digest(code: str) -> str:
    return hashlib.sha256(f"torchproof link {code}".encode()).hexdigest()
