"""Runs that wait for a turn, whichever bot booked them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot.model.runs import WaitingRun
from bot.store.sql.database import Transaction
from bot.store.sql.tables.places import places
from bot.store.sql.tables.runs import runs

RECENT = timedelta(hours=1)


def _community() -> Any:
    return places.c.platform + ":" + places.c.community


async def mark_waiting(tx: Transaction, name: str, bot: str) -> None:
    await tx.execute(update(runs).where(runs.c.run == name).values(state="waiting", bot=bot))


async def all_waiting(tx: Transaction, now: datetime) -> list[WaitingRun]:
    """Everybody who waits at a bot that lives, the oldest first."""
    query = (
        select(runs.c.run, runs.c.player_id, _community().label("community"))
        .join(places, places.c.id == runs.c.place_id)
        .where(runs.c.state == "waiting", runs.c.lease_until >= now)
        .order_by(runs.c.id)
    )
    return [
        WaitingRun(row.run, str(row.player_id), row.community) for row in await tx.execute(query)
    ]


async def recently_started(tx: Transaction, now: datetime) -> list[WaitingRun]:
    """Who had a turn in the last hour, in the order of their turns."""
    query = (
        select(runs.c.run, runs.c.player_id, _community().label("community"))
        .join(places, places.c.id == runs.c.place_id)
        .where(runs.c.started_at > now - RECENT)
        .order_by(runs.c.started_at, runs.c.id)
    )
    return [
        WaitingRun(row.run, str(row.player_id), row.community) for row in await tx.execute(query)
    ]


async def take(tx: Transaction, name: str, at: datetime) -> bool:
    """Whether it was still waiting, and is taken now."""
    free = (
        select(runs.c.id)
        .where(runs.c.run == name, runs.c.state == "waiting")
        .with_for_update(skip_locked=True)
    )
    run_id = (await tx.execute(free)).scalar_one_or_none()
    if run_id is None:
        return False
    await tx.execute(update(runs).where(runs.c.id == run_id).values(state="taken", started_at=at))
    return True


async def stop_waiting(tx: Transaction, name: str) -> None:
    """It waits no longer; whoever watches it says when it has ended."""
    await tx.execute(
        update(runs).where(runs.c.run == name, runs.c.state == "waiting").values(state="taken")
    )
