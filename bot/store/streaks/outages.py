"""Outages: when no bot was running, found by a heartbeat."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from bot.quiz.calendar.excuses import Outage
from bot.store.sql.database import Transaction, added, insert_into
from bot.store.sql.tables.streaks import heartbeat, outages


async def record_heartbeat(tx: Transaction, now: datetime, gap: timedelta) -> Outage | None:
    """Say that some process runs; a long silence before it is kept as an outage, by the one who ends it."""
    row = insert_into(tx, heartbeat).values(id=1, beat_at=now)
    if await added(tx, row):
        return None
    last = (await tx.execute(select(heartbeat.c.beat_at).with_for_update())).scalar_one()
    if last == now:
        return None
    await tx.execute(update(heartbeat).values(beat_at=now))
    if last > now + gap:  # a clock ran ahead: what it took for an absence was none
        await tx.execute(delete(outages).where(outages.c.ended_at > now + gap))
    if now - last < gap:
        return None
    outage = Outage(last, now)
    new = insert_into(tx, outages).values(began_at=outage.began_at, ended_at=outage.ended_at)
    return outage if await added(tx, new) else None


async def all_outages(tx: Transaction) -> list[Outage]:
    rows = await tx.execute(
        select(outages.c.began_at, outages.c.ended_at).order_by(outages.c.began_at)
    )
    return [Outage(*row) for row in rows]
