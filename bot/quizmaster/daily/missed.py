"""Until when a daily question is posted, and those that are missed."""

from datetime import datetime, timedelta

from bot.model.daily import Occurrence
from bot.store.daily import occurrences
from bot.store.rounds import rounds
from bot.store.sql.database import Database

LEAST_LEFT = timedelta(minutes=5)
"""A late question is still posted while so much of its time is left, or half of it."""


def posted_until(due_at: datetime, ends_at: datetime) -> datetime:
    return ends_at - min(LEAST_LEFT, (ends_at - due_at) / 2)


async def mark_missed(
    database: Database, occurrence: Occurrence, reason: str, now: datetime
) -> None:
    """It is never posted, and its round, if it has one, is given up."""
    async with database.act() as tx:
        latest = await occurrences.find(tx, *occurrence.key)
        missed = await occurrences.change_state(tx, occurrence.key, "due", "missed", reason=reason)
        if missed and latest and latest.round_id:
            await rounds.change_status(tx, latest.round_id, "claimed", "void", closed_at=now)
