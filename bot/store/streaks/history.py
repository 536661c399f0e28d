"""Everything that a streak is counted from."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select

from bot.model.streaks import StreakHistory
from bot.quiz.calendar.excuses import Excuses
from bot.quiz.streaks import LapseOutcome
from bot.store.daily.occurrences import NEVER_POSTED
from bot.store.sql.database import Transaction
from bot.store.sql.rows import same_community
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
    counted = select(streak_days.c.player_id, streak_days.c.day)
    mine = counted.where(streak_days.c.player_id.in_(player_ids))
    passed = select(lapses.c.player_id, lapses.c.day).where(lapses.c.player_id.in_(player_ids))
    days = await _days(tx, mine)
    frozen = await _days(tx, passed.where(lapses.c.passed == LapseOutcome.FROZEN.value))
    known = await calendars(tx, player_ids, home)
    missed = await _days(tx, _never_posted(player_ids))
    outages = await all_outages(tx)
    return {
        player_id: StreakHistory(
            player_id,
            frozenset(days[player_id]),
            frozenset(frozen[player_id]),
            Excuses(known[player_id], outages, missed[player_id]),
        )
        for player_id in player_ids
    }


def _never_posted(player_ids: Sequence[int]) -> Select[int, date]:
    return (
        select(members.c.player_id, occurrences.c.day)
        .select_from(occurrences)
        .join(schedules, schedules.c.id == occurrences.c.schedule_id)
        .join(places, places.c.id == schedules.c.place_id)
        .join(members, same_community(members, places))
        .where(NEVER_POSTED, members.c.left_at.is_(None), members.c.player_id.in_(player_ids))
    )


async def _days(tx: Transaction, query: Select[int, date]) -> dict[int, set[date]]:
    found: defaultdict[int, set[date]] = defaultdict(set)
    for player_id, day in await tx.execute(query):
        found[player_id].add(day)
    return found
