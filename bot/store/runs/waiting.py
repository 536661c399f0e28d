"""Runs that wait for a turn, whichever bot booked them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, update

from bot.model.runs import WaitingRun
from bot.store.sql.database import Transaction
from bot.store.sql.tables.places import places
from bot.store.sql.tables.runs import runs

RECENT = timedelta(hours=1)
_WAITING = select(runs.c.run, runs.c.player_id, places.c.platform + ":" + places.c.community).join(
    places, places.c.id == runs.c.place_id
)


async def mark_waiting(tx: Transaction, name: str, bot: str) -> None:
    await tx.execute(update(runs).where(runs.c.run == name).values(state="waiting", bot=bot))


async def all_waiting(tx: Transaction, now: datetime) -> list[WaitingRun]:
    return await _found(tx, _WAITING.where(runs.c.state == "waiting", runs.c.lease_until >= now))


async def recently_started(tx: Transaction, now: datetime) -> list[WaitingRun]:
    recent = _WAITING.where(runs.c.started_at > now - RECENT)
    return await _found(tx, recent.order_by(runs.c.started_at))


async def _found(tx: Transaction, query: Select[*tuple[Any, ...]]) -> list[WaitingRun]:
    rows = await tx.execute(query.order_by(runs.c.id))
    return [WaitingRun(run, str(player_id), community) for run, player_id, community in rows]


async def take(tx: Transaction, name: str, at: datetime) -> bool:
    """Whether it was still waiting."""
    free = select(runs.c.id).where(runs.c.run == name, runs.c.state == "waiting")
    run_id = await tx.scalar(free.with_for_update(skip_locked=True))
    if run_id is None:
        return False
    await tx.execute(update(runs).where(runs.c.id == run_id).values(state="taken", started_at=at))
    return True


async def stop_waiting(tx: Transaction, name: str) -> None:
    waiting = update(runs).where(runs.c.run == name, runs.c.state == "waiting")
    await tx.execute(waiting.values(state="taken"))
