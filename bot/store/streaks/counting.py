"""Days that count for streaks."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from bot.model.people import Player
from bot.model.streaks import RecentDays
from bot.quiz.streaks import LapseOutcome
from bot.store.people import PLAYER
from bot.store.sql import bulk
from bot.store.sql.database import Transaction
from bot.store.sql.tables.people import players
from bot.store.sql.tables.streaks import lapses, streak_days

# An act, its player, and the days it can count for
Solved = tuple[str, int, tuple[date, ...]]


async def count_days(tx: Transaction, solved: Sequence[Solved]) -> dict[str, date]:
    """By act, the first of its days that is free; two processes share the days out."""
    counted: dict[str, date] = {}
    waiting = list(solved)
    while waiting:
        first = {(player, days[0].isoformat()): act for act, player, days in reversed(waiting)}
        rows = sorted((*key, act) for key, act in first.items())
        new = await bulk.add(tx, streak_days, ("player_id", "day", "act"), rows)
        counted |= {act: day for _, day, act in new}
        waiting = [
            (act, player, days[1:])
            for act, player, days in waiting
            if act not in counted and days[1:]
        ]
    return counted


async def days_counted_by(tx: Transaction, acts: Sequence[str]) -> dict[str, date]:
    query = select(streak_days.c.act, streak_days.c.day).where(streak_days.c.act.in_(acts))
    return dict((await tx.execute(query)).all())


async def recent_days(tx: Transaction, since: date) -> list[RecentDays]:
    query = (
        select(streak_days.c.day, *PLAYER)
        .join(players, players.c.id == streak_days.c.player_id)
        .where(streak_days.c.day >= since)
    )
    found: dict[int, RecentDays] = {}
    for day, *player in await tx.execute(query):
        found.setdefault(player[0], RecentDays(Player(*player))).counted.add(day)
    for row in await tx.execute(select(lapses).where(lapses.c.day >= since)):
        if row.player_id in found:
            found[row.player_id].lapses[row.day] = LapseOutcome(row.passed)
    return [found[player_id] for player_id in sorted(found)]
