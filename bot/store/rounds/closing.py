"""When rounds close, and closing them once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select, update

from bot.model.rounds import OPEN_STATUSES
from bot.store.sql.database import Transaction
from bot.store.sql.tables.rounds import rounds, sittings

_UNFINISHED = exists().where(sittings.c.round_id == rounds.c.id, sittings.c.finished_at.is_(None))


def _is_ready(now: datetime, grace: timedelta) -> ColumnElement[bool]:
    early = (rounds.c.early_at <= now) & ~_UNFINISHED
    return (rounds.c.status == "open") & or_(rounds.c.closes_at <= now - grace, early)


async def ready_to_close(tx: Transaction, now: datetime, grace: timedelta) -> list[int]:
    query = select(rounds.c.id).where(_is_ready(now, grace)).order_by(rounds.c.id)
    return list(await tx.scalars(query))


async def close(
    tx: Transaction, round_ids: Sequence[int], now: datetime, grace: timedelta
) -> list[int]:
    """Those that are still ready; one caller gets each."""
    these = rounds.c.id.in_(round_ids)
    await tx.execute(select(rounds.c.id).where(these).order_by(rounds.c.id).with_for_update())
    closing = update(rounds).where(these, _is_ready(now, grace)).returning(rounds.c.id)
    closed = await tx.scalars(closing.values(status="closed", closed_at=now, live_in=None))
    ids = sorted(closed)
    rest = update(sittings).where(sittings.c.round_id.in_(ids), sittings.c.finished_at.is_(None))
    await tx.execute(rest.values(finished_at=now))
    return ids


async def next_closing_time(tx: Transaction, grace: timedelta) -> datetime | None:
    is_open = rounds.c.status == "open"
    ends = await tx.scalar(select(func.min(rounds.c.closes_at)).where(is_open))
    early = await tx.scalar(select(func.min(rounds.c.early_at)).where(is_open, ~_UNFINISHED))
    times = [ends + grace] if ends else []
    return min([*times, early] if early else times, default=None)


async def allow_early(tx: Transaction, round_id: int, at: datetime) -> None:
    await tx.execute(update(rounds).where(rounds.c.id == round_id).values(early_at=at))


async def keep_open(tx: Transaction, round_id: int) -> bool:
    """If it is open, nobody closes it before this transaction ends."""
    query = select(rounds.c.id).where(rounds.c.id == round_id, rounds.c.status.in_(OPEN_STATUSES))
    return await tx.scalar(query.with_for_update(read=True)) is not None
