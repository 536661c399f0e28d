"""The dates of schedules: leased by one process at a time, posted in time, or missed."""

from datetime import datetime, timedelta

from bot.model.daily import Occurrence
from bot.quizmaster.core import Core
from bot.store import daily
from bot.store.rounds import rounds

LEASE = timedelta(seconds=25)  # What is not done by then, another process does.
AT_ONCE = 20
# A late question is still posted while so much of its time is left, or half of it.
LEAST_LEFT = timedelta(minutes=5)


def posted_until(due_at: datetime, ends_at: datetime) -> datetime:
    return ends_at - min(LEAST_LEFT, (ends_at - due_at) / 2)


async def mark_missed(core: Core, occurrence: Occurrence, reason: str, now: datetime) -> None:
    key = occurrence.key
    async with core.act() as tx:
        latest = await daily.find(tx, *key)
        missed = await daily.change_state(tx, key, "due", "missed", reason=reason)
        if missed and latest and latest.round_id:
            await rounds.change_status(tx, latest.round_id, "claimed", "void", closed_at=now)
