"""Takes: a member's walks through a pack."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from bot.model.packs import Take
from bot.store.sql.database import Transaction
from bot.store.sql.rows import PLACE, AnyRow, find_one, insert_new, update_row, with_place
from bot.store.sql.tables.people import places
from bot.store.sql.tables.rounds import rounds, sittings, takes


def _take(row: AnyRow) -> Take:
    return with_place(Take, row, digests=tuple(row.digests))


async def _find(tx: Transaction, *where: ColumnElement[bool]) -> Take | None:
    query = select(takes, *PLACE).join(places, places.c.id == takes.c.place_id).where(*where)
    return await find_one(tx, query.order_by(takes.c.id.desc()).limit(1), _take)


async def find(tx: Transaction, take_id: int) -> Take | None:
    return await _find(tx, takes.c.id == take_id)


async def latest(tx: Transaction, player_id: int, pack: str) -> Take | None:
    return await _find(tx, takes.c.player_id == player_id, takes.c.pack == pack)


async def start(tx: Transaction, act: str, **columns: Any) -> Take:
    # The same act again finds the take that it started.
    await insert_new(tx, takes, act=act, **columns)
    take = await _find(tx, takes.c.act == act)
    assert take is not None
    return take


async def finish(tx: Transaction, take_id: int, right: int, at: datetime) -> bool:
    """Whoever gets True gives the badge."""
    return await update_row(
        tx, takes, {"id": take_id, "finished_at": None}, finished_at=at, right=right
    )


async def best_results(tx: Transaction, player_id: int) -> dict[str, int]:
    query = (
        select(takes.c.pack, func.max(takes.c.right))
        .filter_by(player_id=player_id)
        .where(takes.c.finished_at.is_not(None))
        .group_by(takes.c.pack)
    )
    return dict((await tx.execute(query)).all())


async def ready_to_finish(tx: Transaction) -> list[int]:
    query = (
        select(takes.c.id, takes.c.digests, func.count().label("done"))
        .join(rounds, rounds.c.take_id == takes.c.id)
        .join(sittings, sittings.c.round_id == rounds.c.id)
        .where(takes.c.finished_at.is_(None), sittings.c.finished_at.is_not(None))
        .group_by(takes.c.id)
    )
    return [row.id for row in await tx.execute(query) if row.done >= len(row.digests)]
