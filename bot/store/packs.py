"""Takes: a member's walk through a pack, from the first challenge to the summary."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from bot.identity import Place
from bot.model.packs import Take
from bot.store.sql.database import Transaction, insert_into
from bot.store.sql.tables.packs import takes
from bot.store.sql.tables.places import places
from bot.store.sql.tables.rounds import rounds, sittings

_TAKE = select(takes, places.c.platform, places.c.community, places.c.channel).join(
    places, places.c.id == takes.c.place_id
)


def _take(row: Row[*tuple[Any, ...]]) -> Take:
    return Take(
        id=row.id,
        player_id=row.player_id,
        place_id=row.place_id,
        place=Place(row.platform, row.community, row.channel),
        pack=row.pack,
        digests=tuple(row.digests),
        started_at=row.started_at,
        finished_at=row.finished_at,
        right=row.right,
    )


async def find(tx: Transaction, take_id: int) -> Take | None:
    row = (await tx.execute(_TAKE.where(takes.c.id == take_id))).one_or_none()
    return _take(row) if row else None


async def by_act(tx: Transaction, act: str) -> Take | None:
    row = (await tx.execute(_TAKE.where(takes.c.act == act))).one_or_none()
    return _take(row) if row else None


async def latest(tx: Transaction, player_id: int, pack: str) -> Take | None:
    """The take of a pack that the member began last."""
    query = (
        _TAKE.where(takes.c.player_id == player_id, takes.c.pack == pack)
        .order_by(takes.c.id.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).one_or_none()
    return _take(row) if row else None


async def start(
    tx: Transaction,
    act: str,
    player_id: int,
    place_id: int,
    pack: str,
    digests: Sequence[str],
    at: datetime,
) -> Take:
    """A new take; the same act again finds the one it started."""
    row = insert_into(tx, takes).values(
        act=act,
        player_id=player_id,
        place_id=place_id,
        pack=pack,
        digests=list(digests),
        started_at=at,
    )
    await tx.execute(row.on_conflict_do_nothing())
    take = await by_act(tx, act)
    assert take is not None  # noqa: S101 (made above or before)
    return take


async def finish(tx: Transaction, take_id: int, right: int, at: datetime) -> bool:
    """End a take once; whoever gets True gives the badge."""
    change = update(takes).where(takes.c.id == take_id, takes.c.finished_at.is_(None))
    return (await tx.execute(change.values(finished_at=at, right=right))).rowcount == 1


async def best_results(tx: Transaction, player_id: int) -> dict[str, int]:
    """By pack: the most challenges right in one finished take."""
    query = (
        select(takes.c.pack, func.max(takes.c.right).label("right"))
        .where(takes.c.player_id == player_id, takes.c.finished_at.is_not(None))
        .group_by(takes.c.pack)
    )
    return {row.pack: row.right for row in await tx.execute(query)}


async def ready_to_finish(tx: Transaction) -> list[int]:
    """Takes whose every challenge has been finished, but which are not finished themselves."""
    done = (
        select(rounds.c.take_id, func.count().label("n"))
        .join(sittings, sittings.c.round_id == rounds.c.id)
        .where(sittings.c.finished_at.is_not(None))
        .group_by(rounds.c.take_id)
        .subquery()
    )
    query = (
        select(takes.c.id, takes.c.digests, done.c.n)
        .join(done, done.c.take_id == takes.c.id)
        .where(takes.c.finished_at.is_(None))
    )
    return [row.id for row in await tx.execute(query) if row.n >= len(row.digests)]
