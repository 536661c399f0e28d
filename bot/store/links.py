"""Links between two players who are one member."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select, union

from bot.model.links import Link
from bot.store.boards import projector
from bot.store.sql.database import Transaction
from bot.store.sql.tables.links import link_codes, links
from bot.store.sql.tables.people import players


async def lock_pair(tx: Transaction, one: int, other: int) -> tuple[int, int]:
    """The two players, locked; the one who was there first is kept."""
    kept, joined = sorted((one, other))
    await projector.lock_scores(tx)
    await tx.execute(
        select(players.c.id)
        .where(players.c.id.in_((kept, joined)))
        .order_by(players.c.id)
        .with_for_update()
    )
    return kept, joined


async def lock_joined(tx: Transaction, who: Iterable[int]) -> dict[int, int]:
    """Those who are somebody else by now, each with who that is; whoever is asked for cannot be joined meanwhile."""
    ids = sorted(set(who))
    if tx.dialect.name == "postgresql":
        lock = select(players.c.id).where(players.c.id.in_(ids)).order_by(players.c.id)
        await tx.execute(lock.with_for_update(read=True, key_share=True))
    found = await _joined_to(tx, ids)
    if found:
        further = await lock_joined(tx, found.values())
        found = {joined: further.get(kept, kept) for joined, kept in found.items()}
    return found


async def lock_current_id(tx: Transaction, player_id: int) -> int:
    """Who somebody is by now, who was met before a link; they cannot be joined meanwhile."""
    return (await lock_joined(tx, [player_id])).get(player_id, player_id)


async def current_ids(tx: Transaction, who: Iterable[int]) -> dict[int, int]:
    """Who each of them is by now, for telling: themselves, or the one they were linked to."""
    found = {each: each for each in who}
    while further := await _joined_to(tx, set(found.values())):
        found = {each: further.get(kept, kept) for each, kept in found.items()}
    return found


async def _joined_to(tx: Transaction, ids: Collection[int]) -> dict[int, int]:
    query = select(links.c.joined_id, links.c.player_id).where(links.c.undone_at.is_(None))
    return {
        row.joined_id: row.player_id
        for row in await tx.execute(query.where(links.c.joined_id.in_(ids)))
    }


async def latest(tx: Transaction, player_id: int) -> Link | None:
    """The member's last link that stands."""
    query = (
        select(links.c.id, links.c.player_id, links.c.joined_id, links.c.at)
        .where(links.c.player_id == player_id, links.c.undone_at.is_(None))
        .order_by(links.c.id.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).one_or_none()
    return Link(*row) if row else None


async def unsettled(
    tx: Transaction, who: Collection[int], since: datetime, now: datetime
) -> set[int]:
    """Whose accounts another process may part, or join, at any moment: who linked since then, or gave out a code."""
    young = select(links.c.player_id).where(
        links.c.player_id.in_(who), links.c.undone_at.is_(None), links.c.at > since
    )
    giving = select(link_codes.c.player_id).where(
        link_codes.c.player_id.in_(who), link_codes.c.until > now
    )
    return set((await tx.execute(union(young, giving))).scalars())


async def by_act(tx: Transaction, act: str) -> Link | None:
    """The link that an act made, as when it is delivered again."""
    query = select(links.c.id, links.c.player_id, links.c.joined_id, links.c.at).where(
        links.c.act == act
    )
    row = (await tx.execute(query)).one_or_none()
    return Link(*row) if row else None


async def was_undone_by(tx: Transaction, act: str) -> bool:
    return (
        await tx.execute(select(links.c.id).where(links.c.undone_act == act))
    ).first() is not None
