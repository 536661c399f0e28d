"""Days that count for streaks."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from bot.model.people import Player
from bot.model.streaks import RecentDays
from bot.quiz.streaks import LapseOutcome
from bot.store.sql import bulk
from bot.store.sql.database import Transaction
from bot.store.sql.tables.people import players
from bot.store.sql.tables.streaks import lapses, streak_days

Solved = tuple[str, int, tuple[date, ...]]
"""An act, its member, and the days it can count for."""


async def count_days(tx: Transaction, solved: Sequence[Solved]) -> dict[str, date]:
    """Make days count: for each act the first of its days that does not yet. Two processes at once share them out."""
    counted: dict[str, date] = {}
    waiting = list(solved)
    while waiting:
        first = {(player, able[0].isoformat()): act for act, player, able in reversed(waiting)}
        wanted = sorted((*key, act) for key, act in first.items())
        new = {
            act: day
            for _, day, act in await bulk.add(tx, streak_days, ("player_id", "day", "act"), wanted)
        }
        counted |= new
        waiting = [
            (act, player, able[1:]) for act, player, able in waiting if act not in new and able[1:]
        ]
    return counted


async def days_counted_by(tx: Transaction, acts: Sequence[str]) -> dict[str, date]:
    """The days that these acts made count when they were new."""
    rows = await tx.execute(
        select(streak_days.c.act, streak_days.c.day).where(streak_days.c.act.in_(acts))
    )
    return {row.act: row.day for row in rows}


async def recent_days(tx: Transaction, since: date) -> list[RecentDays]:
    """Everybody with a streak that may stand."""
    columns = [players.c[name] for name in Player.__slots__]
    query = (
        select(streak_days.c.day, *columns)
        .join(players, players.c.id == streak_days.c.player_id)
        .where(streak_days.c.day >= since)
    )
    found: dict[int, RecentDays] = {}
    for day, *player in await tx.execute(query):
        found.setdefault(player[0], RecentDays(Player(*player))).counted.add(day)
    gone = select(lapses.c.player_id, lapses.c.day, lapses.c.passed).where(lapses.c.day >= since)
    for player_id, day, passed in await tx.execute(gone):
        if player_id in found:
            found[player_id].lapses[day] = LapseOutcome(passed)
    return [found[player_id] for player_id in sorted(found)]
