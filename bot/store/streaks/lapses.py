"""Lapses: days that did not count, and whether their members have seen what became of them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_, select, tuple_, update

from bot.model.streaks import UnseenLapse
from bot.quiz.streaks import Lapse, LapseOutcome
from bot.store.sql import bulk
from bot.store.sql.database import Transaction
from bot.store.sql.tables.streaks import lapses


async def add(tx: Transaction, new: Sequence[tuple[int, Lapse]], at: datetime) -> None:
    columns = ("player_id", "day", "passed", "days", "at")
    rows = [
        (player_id, lapse.day.isoformat(), lapse.outcome.value, lapse.days, bulk.instant(at))
        for player_id, lapse in new
    ]
    await bulk.insert(tx, lapses, columns, sorted(rows), again=True)


async def unseen(tx: Transaction, player_ids: Sequence[int], since: datetime) -> list[UnseenLapse]:
    news = or_(lapses.c.seen_at.is_(None), lapses.c.seen_at >= since)
    query = select(lapses).where(news, lapses.c.player_id.in_(player_ids)).order_by(lapses.c.day)
    return [
        UnseenLapse(row.player_id, Lapse(row.day, LapseOutcome(row.passed), row.days), row.seen_at)
        for row in await tx.execute(query)
    ]


async def mark_seen(tx: Transaction, keys: Sequence[tuple[int, date]], at: datetime) -> None:
    if keys:
        these = tuple_(lapses.c.player_id, lapses.c.day).in_(keys)
        unseen = update(lapses).where(these, lapses.c.seen_at.is_(None))
        await tx.execute(unseen.values(seen_at=at))
