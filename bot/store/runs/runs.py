"""Runs: booked by members, leased by bots, kept for a while with their results."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update

from bot.identity import MessageRef
from bot.model.runs import Run
from bot.store.sql.database import Transaction
from bot.store.sql.rows import PLACE, AnyRow, changed, insert_new, is_place, place_of
from bot.store.sql.tables.places import places
from bot.store.sql.tables.runs import runs

# Each active run of a member has a number below this, which makes `active_of` unique
MOST_AT_ONCE = 8
_SAME_NAMES = (
    "id",
    "run",
    "player_id",
    "title",
    "code",
    "device",
    "private",
    "booked_at",
    "outcome",
    "note",
    "output",
    "hidden",
    "seconds",
)


def _run(row: AnyRow) -> Run:
    place = place_of(row)
    return Run(
        **{name: getattr(row, name) for name in _SAME_NAMES},
        place=place,
        message=MessageRef(place, row.message) if row.message else None,
    )


async def _newest(
    tx: Transaction, *where: ColumnElement[bool], limit: int | None = None
) -> list[Run]:
    query = select(runs, *PLACE).join(places, places.c.id == runs.c.place_id).where(*where)
    return [_run(row) for row in await tx.execute(query.order_by(runs.c.id.desc()).limit(limit))]


async def find(tx: Transaction, run_id: int) -> Run | None:
    return next(iter(await _newest(tx, runs.c.id == run_id)), None)


async def by_act(tx: Transaction, act: str) -> Run | None:
    return next(iter(await _newest(tx, runs.c.act == act)), None)


async def from_source(tx: Transaction, source: MessageRef) -> list[Run]:
    return await _newest(tx, runs.c.source == source.id, is_place(source.place))


async def book(tx: Transaction, player_id: int, at_once: int, **columns: Any) -> bool:
    """False where the member has enough of them, or this act booked it before."""
    for number in range(at_once):
        active_of = player_id * MOST_AT_ONCE + number
        if await insert_new(tx, runs, player_id=player_id, active_of=active_of, **columns):
            return True
    return False


async def booked_since(tx: Transaction, player_id: int, since: datetime) -> list[datetime]:
    query = select(runs.c.booked_at).where(runs.c.player_id == player_id, runs.c.booked_at > since)
    return list(await tx.scalars(query.order_by(runs.c.booked_at)))


async def latest(tx: Transaction, player_id: int, limit: int) -> list[Run]:
    return await _newest(tx, runs.c.player_id == player_id, limit=limit)


async def set_message(tx: Transaction, run_id: int, message: str) -> None:
    await tx.execute(update(runs).where(runs.c.id == run_id).values(message=message))


async def renew_leases(tx: Transaction, names: Sequence[str], until: datetime) -> None:
    active = update(runs).where(runs.c.run.in_(names), runs.c.state != "ended")
    await tx.execute(active.values(lease_until=until))


async def end(tx: Transaction, run_id: int, at: datetime, **result: Any) -> bool:
    """What ended before keeps its end."""
    active = update(runs).where(runs.c.id == run_id, runs.c.state != "ended")
    return await changed(tx, active.values(state="ended", active_of=None, ended_at=at, **result))


async def erase(tx: Transaction, run_id: int) -> None:
    await tx.execute(update(runs).where(runs.c.id == run_id).values(code="", output="", note=""))


async def adopt(tx: Transaction, bot: str, now: datetime, until: datetime, limit: int) -> list[Run]:
    """Of bots that are gone; of two bots that look at once, each gets others."""
    lapsed = select(runs.c.id).where(runs.c.state != "ended", runs.c.lease_until < now)
    free = lapsed.order_by(runs.c.id).limit(limit).with_for_update(skip_locked=True)
    adopted = runs.c.id.in_(list(await tx.scalars(free)))
    await tx.execute(update(runs).where(adopted).values(bot=bot, state="booked", lease_until=until))
    return (await _newest(tx, adopted))[::-1]


async def delete_ended(tx: Transaction, before: datetime) -> int:
    old = delete(runs).where(runs.c.state == "ended", runs.c.ended_at < before)
    return (await tx.execute(old)).rowcount
