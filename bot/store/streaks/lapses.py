"""Lapses: days without a solved question, and whether members were told of them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_, select, tuple_, update

from bot.model.streaks import UnseenLapse
from bot.quiz.streaks import Lapse, LapseOutcome
from bot.store.sql import bulk
from bot.store.sql.database import Transaction
from bot.store.sql.tables.streaks import lapses


async def add(tx: Transaction, new: Sequence[tuple[int, Lapse]], at: datetime) -> None:
    """Write down what became of days; what is written stands."""
    rows = [
        (player_id, lapse.day.isoformat(), lapse.outcome.value, lapse.days, bulk.instant(at))
        for player_id, lapse in new
    ]
    await bulk.insert(
        tx, lapses, ("player_id", "day", "passed", "days", "at"), sorted(rows), again=True
    )


async def unseen(tx: Transaction, player_ids: Sequence[int], since: datetime) -> list[UnseenLapse]:
    """What these members do not know yet, or were told from an instant on."""
    news = or_(lapses.c.seen_at.is_(None), lapses.c.seen_at >= since)
    rows = await tx.execute(
        select(lapses).where(news, lapses.c.player_id.in_(player_ids)).order_by(lapses.c.day)
    )
    return [
        UnseenLapse(row.player_id, Lapse(row.day, LapseOutcome(row.passed), row.days), row.seen_at)
        for row in rows
    ]


async def mark_seen(tx: Transaction, keys: Sequence[tuple[int, date]], at: datetime) -> None:
    if keys:
        them = tuple_(lapses.c.player_id, lapses.c.day).in_(keys)
        await tx.execute(update(lapses).where(them, lapses.c.seen_at.is_(None)).values(seen_at=at))
