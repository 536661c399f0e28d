"""When rounds close, and closing them once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select, update

from bot.model.rounds import OPEN_STATUSES
from bot.store.sql.database import Transaction
from bot.store.sql.tables.rounds import rounds, sittings


def _everyone_finished() -> ColumnElement[bool]:
    sitting = and_(sittings.c.round_id == rounds.c.id, sittings.c.finished_at.is_(None))
    return not_(exists().where(sitting))


def _is_ready(now: datetime, grace: timedelta) -> ColumnElement[bool]:
    early = and_(rounds.c.early_at <= now, _everyone_finished())
    return and_(rounds.c.status == "open", or_(rounds.c.closes_at <= now - grace, early))


async def ready_to_close(tx: Transaction, now: datetime, grace: timedelta) -> list[int]:
    """Open rounds whose time has passed, or in which everyone who joined has finished."""
    rows = await tx.execute(select(rounds.c.id).where(_is_ready(now, grace)).order_by(rounds.c.id))
    return list(rows.scalars())


async def close(
    tx: Transaction, round_ids: Sequence[int], now: datetime, grace: timedelta
) -> list[int]:
    """Close those of these rounds that are still over now, each for one caller; every sitting in them ends."""
    held = select(rounds.c.id).where(rounds.c.id.in_(round_ids)).order_by(rounds.c.id)
    await tx.execute(held.with_for_update())
    change = update(rounds).where(rounds.c.id.in_(round_ids), _is_ready(now, grace))
    change = change.values(status="closed", closed_at=now, live_in=None)
    closed = list((await tx.execute(change.returning(rounds.c.id))).scalars())
    rest = update(sittings).where(sittings.c.round_id.in_(closed), sittings.c.finished_at.is_(None))
    await tx.execute(rest.values(finished_at=now))
    return sorted(closed)


async def next_closing_time(tx: Transaction, grace: timedelta) -> datetime | None:
    """The earliest instant at which an open round may have to be closed."""
    closing = select(func.min(rounds.c.closes_at)).where(rounds.c.status == "open")
    early = select(func.min(rounds.c.early_at)).where(
        rounds.c.status == "open", _everyone_finished()
    )
    ends = (await tx.execute(closing)).scalar_one()
    due = [ends + grace] if ends else []
    soon = (await tx.execute(early)).scalar_one()
    return min([*due, soon]) if soon else min(due, default=None)


async def allow_early(tx: Transaction, round_id: int, at: datetime) -> None:
    await tx.execute(update(rounds).where(rounds.c.id == round_id).values(early_at=at))


async def keep_open(tx: Transaction, round_id: int) -> bool:
    """Whether a round is open, and it stays so until this transaction ends."""
    row = (
        select(rounds.c.id)
        .where(rounds.c.id == round_id, rounds.c.status.in_(OPEN_STATUSES))
        .with_for_update(read=True)
    )
    return (await tx.execute(row)).one_or_none() is not None
