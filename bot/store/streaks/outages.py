"""Outages: when no bot was running, found by a heartbeat."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from bot.quiz.calendar.excuses import Outage
from bot.store.sql.database import Transaction
from bot.store.sql.rows import columns_of, insert_new
from bot.store.sql.tables.streaks import heartbeat, outages


async def record_heartbeat(tx: Transaction, now: datetime, gap: timedelta) -> Outage | None:
    """The outage that ends here; of several processes one gets it."""
    if await insert_new(tx, heartbeat, id=1, beat_at=now):
        return None
    last = (await tx.scalars(select(heartbeat.c.beat_at).with_for_update())).one()
    if last == now:
        return None
    await tx.execute(update(heartbeat).values(beat_at=now))
    if last > now + gap:
        # A clock was ahead: what it took for an outage was none.
        await tx.execute(delete(outages).where(outages.c.ended_at > now + gap))
    if now - last < gap:
        return None
    new = await insert_new(tx, outages, began_at=last, ended_at=now)
    return Outage(last, now) if new else None


async def all_outages(tx: Transaction) -> list[Outage]:
    query = select(*columns_of(outages, Outage)).order_by(outages.c.began_at)
    return [Outage(*row) for row in await tx.execute(query)]
