"""Everything that a streak is counted from."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.model.daily import AWAY, NOT_POSTED
from bot.model.streaks import StreakHistory
from bot.quiz.calendar.excuses import Excuses
from bot.quiz.streaks import LapseOutcome
from bot.store.sql.database import Transaction
from bot.store.sql.tables.daily import occurrences
from bot.store.sql.tables.people import members
from bot.store.sql.tables.places import places
from bot.store.sql.tables.schedules import schedules
from bot.store.sql.tables.streaks import lapses, streak_days
from bot.store.streaks.outages import all_outages
from bot.store.streaks.zones import calendars


async def histories(
    tx: Transaction, player_ids: Sequence[int], home: str
) -> dict[int, StreakHistory]:
    counted, frozen = await _days(tx, player_ids), await _frozen(tx, player_ids)
    known, missed = await calendars(tx, player_ids, home), await _missed(tx, player_ids)
    away = await all_outages(tx)
    return {
        each: StreakHistory(
            each,
            frozenset(counted[each]),
            frozenset(frozen[each]),
            Excuses(known[each], away, missed[each]),
        )
        for each in player_ids
    }


async def _days(tx: Transaction, player_ids: Sequence[int]) -> dict[int, set[date]]:
    return _gathered(
        await tx.execute(
            select(streak_days.c.player_id, streak_days.c.day).where(
                streak_days.c.player_id.in_(player_ids)
            )
        )
    )


async def _frozen(tx: Transaction, player_ids: Sequence[int]) -> dict[int, set[date]]:
    query = select(lapses.c.player_id, lapses.c.day).where(
        lapses.c.passed == LapseOutcome.FROZEN.value
    )
    return _gathered(await tx.execute(query.where(lapses.c.player_id.in_(player_ids))))


async def _missed(tx: Transaction, player_ids: Sequence[int]) -> dict[int, set[date]]:
    """The dates of daily questions that we never posted, where these members are."""
    query = (
        select(members.c.player_id, occurrences.c.day)
        .select_from(occurrences)
        .join(schedules, schedules.c.id == occurrences.c.schedule_id)
        .join(places, places.c.id == schedules.c.place_id)
        .join(
            members,
            (members.c.platform == places.c.platform) & (members.c.community == places.c.community),
        )
        .where(
            occurrences.c.state == "missed",
            occurrences.c.reason.in_((AWAY, NOT_POSTED)),
            members.c.left_at.is_(None),
            members.c.player_id.in_(player_ids),
        )
    )
    return _gathered(await tx.execute(query))


def _gathered(rows: Iterable[Any]) -> dict[int, set[date]]:
    found: defaultdict[int, set[date]] = defaultdict(set)
    for player_id, day in rows:
        found[player_id].add(day)
    return found
