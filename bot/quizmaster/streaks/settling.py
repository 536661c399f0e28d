"""Finished days: which ones outages excuse, freezes cover, or end a streak."""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.quiz.calendar.local_days import DAY, GRACE
from bot.quiz.streaks import MOST, LapseOutcome
from bot.quizmaster.core import Core
from bot.store import daily, streaks
from bot.store.sql.database import Transaction

OUTAGE = timedelta(minutes=5)  # So long without a heartbeat is an outage.
# Days end at a quarter of an hour everywhere on earth, so nothing changes in between.
PAUSE = timedelta(minutes=15)
LOOK_BACK = timedelta(days=60)  # Outages of so long ago can still lie within a streak.
AT_ONCE = 500
log = logging.getLogger(__name__)


class Settling:
    def __init__(self, core: Core, outage: timedelta) -> None:
        self._database = core.database
        self._zone = core.zone
        self._outage = outage
        self._settled_at: datetime | None = None

    async def heartbeat(self, now: datetime) -> None:
        async with self._database.act() as tx:
            outage = await streaks.record_heartbeat(tx, now, self._outage)
        if outage:
            log.warning(
                "nobody was here from %s to %s; days are excused by it",
                outage.began_at,
                outage.ended_at,
            )
            self._settled_at = None

    async def settle_finished_days(self, now: datetime) -> None:
        """Many processes may do so at once."""
        if self._settled_at is not None and timedelta() <= now - self._settled_at < PAUSE:
            return
        async with self._database.look() as tx:
            recent = await streaks.recent_days(tx, await self._since(tx, now))
        unsettled = [
            each.player.id
            for each in recent
            if not each.is_settled(each.player.calendar(self._zone).last_over(now))
        ]
        for start in range(0, len(unsettled), AT_ONCE):
            await self._settle(unsettled[start : start + AT_ONCE], now)
        self._settled_at = now

    async def _since(self, tx: Transaction, now: datetime) -> date:
        """Who counted no day since has no streak: freezes and excuses do not reach further."""
        first = (now - LOOK_BACK).date()
        days = len(await daily.missed_days(tx, first))
        for outage in await streaks.all_outages(tx):
            if outage.ended_at.date() >= first:
                days += (outage.ended_at - outage.began_at + GRACE) // DAY + 2
        return now.date() - timedelta(days=MOST + 4 + days)

    async def _settle(self, player_ids: Sequence[int], now: datetime) -> None:
        async with self._database.act() as tx:
            since = await self._since(tx, now)
            histories = await streaks.histories(tx, player_ids, self._zone)
            new = [
                (player_id, lapse)
                for player_id, past in histories.items()
                for lapse in past.streak(now).lapses
                if lapse.day >= since and lapse.outcome is not LapseOutcome.EXCUSED
            ]
            await streaks.add_lapses(tx, new, now)
