"""Admins give a member back a day that went wrong."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.errors import UserError
from bot.identity import Place
from bot.model.people import Player
from bot.model.streaks import StreakView
from bot.quizmaster.core import Core
from bot.quizmaster.streaks.streaks import streak_view
from bot.store import people, streaks
from bot.store.sql.database import Transaction

LATEST = timedelta(days=60)
LONGEST_REASON = 200
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Repairs:
    core: Core

    async def repair(
        self, by: Player, place: Place, name: str, day: str, reason: str, now: datetime
    ) -> StreakView:
        """The reason is shown beside the day for good."""
        reason = reason.strip()
        if not reason:
            raise UserError("repair_without_reason")
        async with self.core.act() as tx:
            player = await _named(tx, place, name)
            calendar = (await streaks.calendars(tx, [player.id], self.core.zone))[player.id]
            chosen = _parse_day(day, calendar.day_of(now))
            if not await streaks.add_repair(
                tx, player.id, chosen, by.id, reason[:LONGEST_REASON], now
            ):
                raise UserError("repair_day_counts_already", day=chosen, name=player.name)
            view = await streak_view(tx, player.id, self.core.zone, now)
        log.info("%s (%s) repaired %s of player %s: %s", by.name, by.id, chosen, player.id, reason)
        return view


async def _named(tx: Transaction, place: Place, name: str) -> Player:
    found = await people.find_by_name(tx, place, name)
    if not found:
        raise UserError("repair_nobody_of_that_name", name=name)
    if len(found) > 1:
        raise UserError("repair_several_of_that_name", count=len(found), name=name)
    return found[0]


def _parse_day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UserError("repair_day_unreadable", text=text[:40], today=today) from None
    first = today - LATEST
    if not first <= day <= today:
        raise UserError("repair_day_too_far", first=first, last=today)
    return day
