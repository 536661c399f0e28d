"""Streaks: days that count, zones, lapses, repairs and outages."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Select, delete, insert, or_, select, tuple_, update

from bot.model.people import Player
from bot.model.streaks import RecentDays, Repair, StreakHistory, UnseenLapse
from bot.quiz.calendar.excuses import Excuses, Outage
from bot.quiz.calendar.local_days import ZoneChange, ZoneHistory
from bot.quiz.streaks import Lapse, LapseOutcome
from bot.store.daily import NEVER_POSTED
from bot.store.people import PLAYER
from bot.store.sql import bulk
from bot.store.sql.database import Transaction
from bot.store.sql.rows import (
    columns_of,
    delete_rows,
    insert_new,
    is_found,
    same_community,
    update_row,
)
from bot.store.sql.tables.daily import occurrences, schedules
from bot.store.sql.tables.people import members, places, players
from bot.store.sql.tables.streaks import (
    heartbeat,
    lapses,
    outages,
    repairs,
    streak_days,
    zone_changes,
)

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


# Time zones: days are counted by each member's own

EVER = datetime(1970, 1, 1, tzinfo=UTC)


async def calendars(
    tx: Transaction, player_ids: Sequence[int], home: str
) -> dict[int, ZoneHistory]:
    """Who chose a zone before changes were kept has always lived by it."""
    mine = select(zone_changes).where(zone_changes.c.player_id.in_(player_ids))
    changes: defaultdict[int, list[ZoneChange]] = defaultdict(list)
    for row in await tx.execute(mine.order_by(zone_changes.c.since)):
        changes[row.player_id].append(ZoneChange(row.since, row.zone))
    chosen = select(players.c.id, players.c.zone).where(players.c.id.in_(player_ids))
    return {
        player_id: ZoneHistory(home, tuple(changes[player_id]))
        if player_id in changes
        else ZoneHistory(zone or home)
        for player_id, zone in await tx.execute(chosen)
    }


async def change_zone(
    tx: Transaction, player: Player, zone: str, home: str, at: datetime
) -> ZoneHistory:
    """From tomorrow on; the days before are counted by the old zones."""
    await tx.execute(select(players.c.id).filter_by(id=player.id).with_for_update())
    (before,) = await _from_home(tx, [player], home)
    after = before.with_zone(zone, at)
    await _write_zones(tx, player.id, after, zone)
    return after


async def merge_zones(
    tx: Transaction, kept: Player, joined: Player, home: str, at: datetime
) -> None:
    """Until tomorrow by the calendar that leaves more time: linking ends no open day."""
    zone = kept.zone or joined.zone
    own, other = await _from_home(tx, [kept, joined], home)
    has_more_time = own.last_finished_day(at) <= other.last_finished_day(at)
    if zone is None or (kept.zone and has_more_time):
        return
    longer = own if has_more_time else other
    await _write_zones(tx, kept.id, longer.with_zone(zone, at), zone)


async def _from_home(tx: Transaction, some: Sequence[Player], home: str) -> list[ZoneHistory]:
    """Each beginning with the bot's own zone."""
    known = await calendars(tx, [player.id for player in some], home)
    ever = {
        player.id: ZoneHistory(home, (ZoneChange(EVER, player.zone),))
        for player in some
        if player.zone and not known[player.id].changes
    }
    return [(known | ever)[player.id] for player in some]


async def _write_zones(tx: Transaction, player_id: int, calendar: ZoneHistory, zone: str) -> None:
    await delete_rows(tx, zone_changes, player_id=player_id)
    for change_ in calendar.changes:
        row = {"player_id": player_id, "since": change_.since, "zone": change_.zone}
        await tx.execute(insert(zone_changes).values(row))
    last = calendar.changes[-1] if calendar.changes else None
    before = calendar.changes[-2].zone if calendar.changes[1:] else calendar.home
    await update_row(
        tx,
        players,
        {"id": player_id},
        zone=zone,
        zone_before=before if last else None,
        zone_since=last.since if last else None,
    )


# Outages: when no bot was running


async def record_heartbeat(tx: Transaction, now: datetime, gap: timedelta) -> Outage | None:
    if await insert_new(tx, heartbeat, id=1, beat_at=now):
        return None
    last = (await tx.scalars(select(heartbeat.c.beat_at).with_for_update())).one()
    if last == now:
        return None
    await tx.execute(update(heartbeat).values(beat_at=now))
    if last > now + gap:
        # A clock was ahead: what it took for an outage was none.
        await tx.execute(delete(outages).where(outages.c.ended_at > now + gap))
    if now - last < gap:
        return None
    new = await insert_new(tx, outages, began_at=last, ended_at=now)
    return Outage(last, now) if new else None


async def all_outages(tx: Transaction) -> list[Outage]:
    query = select(*columns_of(outages, Outage)).order_by(outages.c.began_at)
    return [Outage(*row) for row in await tx.execute(query)]


# What a streak is counted from


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
    away = await all_outages(tx)
    return {
        player_id: StreakHistory(
            player_id,
            frozenset(days[player_id]),
            frozenset(frozen[player_id]),
            Excuses(known[player_id], away, missed[player_id]),
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


# Lapses, and whether their members have seen them


async def add_lapses(tx: Transaction, new: Sequence[tuple[int, Lapse]], at: datetime) -> None:
    columns = ("player_id", "day", "passed", "days", "at")
    rows = [
        (player_id, lapse.day.isoformat(), lapse.outcome.value, lapse.days, bulk.instant(at))
        for player_id, lapse in new
    ]
    await bulk.insert(tx, lapses, columns, sorted(rows), again=True)


async def unseen_lapses(
    tx: Transaction, player_ids: Sequence[int], since: datetime
) -> list[UnseenLapse]:
    news = or_(lapses.c.seen_at.is_(None), lapses.c.seen_at >= since)
    query = select(lapses).where(news, lapses.c.player_id.in_(player_ids)).order_by(lapses.c.day)
    return [
        UnseenLapse(row.player_id, Lapse(row.day, LapseOutcome(row.passed), row.days), row.seen_at)
        for row in await tx.execute(query)
    ]


async def mark_lapses_seen(tx: Transaction, keys: Sequence[tuple[int, date]], at: datetime) -> None:
    if keys:
        these = tuple_(lapses.c.player_id, lapses.c.day).in_(keys)
        unseen = update(lapses).where(these, lapses.c.seen_at.is_(None))
        await tx.execute(unseen.values(seen_at=at))


# Days that admins gave back


async def add_repair(
    tx: Transaction, player_id: int, day: date, by_id: int, reason: str, at: datetime
) -> bool:
    key = {"player_id": player_id, "day": day}
    if not await insert_new(tx, streak_days, **key):
        # It counts already: whether by this very repair.
        return await is_found(tx, select(repairs).filter_by(**key, by_id=by_id, reason=reason))
    return await insert_new(tx, repairs, **key, by_id=by_id, reason=reason, at=at)


async def repairs_of(tx: Transaction, player_id: int) -> list[Repair]:
    query = (
        select(repairs.c.day, repairs.c.reason, repairs.c.at, *PLAYER)
        .join(players, players.c.id == repairs.c.by_id)
        .where(repairs.c.player_id == player_id)
        .order_by(repairs.c.day)
    )
    rows = await tx.execute(query)
    return [Repair(day, Player(*by), reason, at) for day, reason, at, *by in rows]
