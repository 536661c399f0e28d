"""The days that count for streaks, what became of the others, and when the bot was away."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, or_, select, tuple_, update

from bot.model.daily import AWAY, NOT_POSTED
from bot.model.people import Player
from bot.model.streaks import RecentDays, Repair, StreakPast, UntoldLapse
from bot.quiz.calendar.excuses import Excuses, Outage
from bot.quiz.calendar.local_days import ZoneChange, ZoneHistory
from bot.quiz.streaks import Lapse, Passed
from bot.store.day_tables import heartbeat, lapses, outages, repairs, zone_changes
from bot.store.sql import bulk
from bot.store.sql.database import Transaction, added, insert_into
from bot.store.tables import days, members, occurrences, places, players, schedules

EVER = datetime(1970, 1, 1, tzinfo=UTC)
Solved = tuple[str, int, tuple[date, ...]]
"""An act, its member, and the days it can count for."""


async def light(tx: Transaction, solved: Sequence[Solved]) -> dict[str, date]:
    """Make days count: for each act the first of its days that does not yet. Two processes at once share them out."""
    lit: dict[str, date] = {}
    waiting = list(solved)
    while waiting:
        first = {(player, able[0].isoformat()): act for act, player, able in reversed(waiting)}
        wanted = sorted((*key, act) for key, act in first.items())
        new = {
            act: day
            for _, day, act in await bulk.add(tx, days, ("player_id", "day", "act"), wanted)
        }
        lit |= new
        waiting = [
            (act, player, able[1:]) for act, player, able in waiting if act not in new and able[1:]
        ]
    return lit


async def lit_by(tx: Transaction, acts: Sequence[str]) -> dict[str, date]:
    """The days that these acts made count when they were new."""
    rows = await tx.execute(select(days.c.act, days.c.day).where(days.c.act.in_(acts)))
    return {row.act: row.day for row in rows}


async def pasts(tx: Transaction, player_ids: Sequence[int], home: str) -> dict[int, StreakPast]:
    lit, frozen = await _days(tx, player_ids), await _frozen(tx, player_ids)
    known, missed = await calendars(tx, player_ids, home), await _missed(tx, player_ids)
    away = await absences(tx)
    return {
        each: StreakPast(
            each,
            frozenset(lit[each]),
            frozenset(frozen[each]),
            Excuses(known[each], away, missed[each]),
        )
        for each in player_ids
    }


async def _days(tx: Transaction, player_ids: Sequence[int]) -> dict[int, set[date]]:
    return _gathered(
        await tx.execute(
            select(days.c.player_id, days.c.day).where(days.c.player_id.in_(player_ids))
        )
    )


async def _frozen(tx: Transaction, player_ids: Sequence[int]) -> dict[int, set[date]]:
    query = select(lapses.c.player_id, lapses.c.day).where(lapses.c.passed == Passed.FROZEN.value)
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


# Zones


async def calendars(
    tx: Transaction, player_ids: Sequence[int], home: str
) -> dict[int, ZoneHistory]:
    """Each member's days with every change of zone; who chose one before changes were kept has always lived by it."""
    changes = (
        select(zone_changes)
        .where(zone_changes.c.player_id.in_(player_ids))
        .order_by(zone_changes.c.since)
    )
    moves: defaultdict[int, list[ZoneChange]] = defaultdict(list)
    for row in await tx.execute(changes):
        moves[row.player_id].append(ZoneChange(row.since, row.zone))
    zones = select(players.c.id, players.c.zone).where(players.c.id.in_(player_ids))
    chosen = {row.id: row.zone for row in await tx.execute(zones)}
    return {
        each: ZoneHistory(home, tuple(moves[each]))
        if each in moves
        else ZoneHistory(chosen[each] or home)
        for each in player_ids
    }


async def move(tx: Transaction, player: Player, zone: str, home: str, at: datetime) -> ZoneHistory:
    """A change of zone, from tomorrow on; it is kept for as long as the days that were counted by it."""
    await tx.execute(select(players.c.id).where(players.c.id == player.id).with_for_update())
    after = (await _lived(tx, [player], home))[0].moved(zone, at)
    await _live_by(tx, player.id, after, zone)
    return after


async def unite(tx: Transaction, kept: Player, joined: Player, home: str, at: datetime) -> None:
    """One calendar for one member: the zone that was chosen, from tomorrow on.

    Until then they go by whichever calendar leaves more time: linking ends no day that could still be made to count.
    """
    zone = kept.zone or joined.zone
    own, other = await _lived(tx, [kept, joined], home)
    if zone is None or (kept.zone and own.over(at) <= other.over(at)):
        return
    longer = own if own.over(at) <= other.over(at) else other
    await _live_by(tx, kept.id, longer.moved(zone, at), zone)


async def _lived(tx: Transaction, who: Sequence[Player], home: str) -> list[ZoneHistory]:
    """The calendars of these members, each from the house's zone on."""
    known = await calendars(tx, [each.id for each in who], home)
    ever = {each.id: ZoneHistory(home, (ZoneChange(EVER, each.zone),)) for each in who if each.zone}
    return [
        known[each.id] if known[each.id].moves else ever.get(each.id, known[each.id])
        for each in who
    ]


async def _live_by(tx: Transaction, player_id: int, calendar: ZoneHistory, zone: str) -> None:
    await tx.execute(delete(zone_changes).where(zone_changes.c.player_id == player_id))
    for each in calendar.moves:
        await tx.execute(
            insert(zone_changes).values(player_id=player_id, since=each.since, zone=each.zone)
        )
    last = calendar.moves[-1] if calendar.moves else None
    was = calendar.moves[-2].zone if calendar.moves[1:] else calendar.home
    change = update(players).where(players.c.id == player_id)
    await tx.execute(
        change.values(
            zone=zone, zone_before=was if last else None, zone_since=last.since if last else None
        )
    )


# Days that passed


async def recent(tx: Transaction, since: date) -> list[RecentDays]:
    """Everybody with a streak that may stand."""
    columns = [players.c[name] for name in Player.__slots__]
    query = (
        select(days.c.day, *columns)
        .join(players, players.c.id == days.c.player_id)
        .where(days.c.day >= since)
    )
    found: dict[int, RecentDays] = {}
    for day, *player in await tx.execute(query):
        found.setdefault(player[0], RecentDays(Player(*player))).lit.add(day)
    gone = select(lapses.c.player_id, lapses.c.day, lapses.c.passed).where(lapses.c.day >= since)
    for player_id, day, passed in await tx.execute(gone):
        if player_id in found:
            found[player_id].passed[day] = Passed(passed)
    return [found[player_id] for player_id in sorted(found)]


async def keep(tx: Transaction, new: Sequence[tuple[int, Lapse]], at: datetime) -> None:
    """Write down what became of days; what is written stands."""
    rows = [
        (player_id, lapse.day.isoformat(), lapse.passed.value, lapse.days, bulk.instant(at))
        for player_id, lapse in new
    ]
    await bulk.insert(
        tx, lapses, ("player_id", "day", "passed", "days", "at"), sorted(rows), again=True
    )


async def unseen(tx: Transaction, player_ids: Sequence[int], since: datetime) -> list[UntoldLapse]:
    """What these members do not know yet, or were told from an instant on."""
    news = or_(lapses.c.told_at.is_(None), lapses.c.told_at >= since)
    rows = await tx.execute(
        select(lapses).where(news, lapses.c.player_id.in_(player_ids)).order_by(lapses.c.day)
    )
    return [
        UntoldLapse(row.player_id, Lapse(row.day, Passed(row.passed), row.days), row.told_at)
        for row in rows
    ]


async def told(tx: Transaction, keys: Sequence[tuple[int, date]], at: datetime) -> None:
    if keys:
        them = tuple_(lapses.c.player_id, lapses.c.day).in_(keys)
        await tx.execute(update(lapses).where(them, lapses.c.told_at.is_(None)).values(told_at=at))


# Days that an admin gives back


async def repair(
    tx: Transaction, player_id: int, day: date, by_id: int, reason: str, at: datetime
) -> bool:
    """Make a day count, with the reason; False where it counts already, but for this very repair."""
    if not await added(tx, insert_into(tx, days).values(player_id=player_id, day=day)):
        done = select(repairs.c.day).where(repairs.c.player_id == player_id, repairs.c.day == day)
        mine = done.where(repairs.c.by_id == by_id, repairs.c.reason == reason)
        return (await tx.execute(mine)).one_or_none() is not None
    row = insert_into(tx, repairs).values(
        player_id=player_id, day=day, by_id=by_id, reason=reason, at=at
    )
    return await added(tx, row)


async def repairs_of(tx: Transaction, player_id: int) -> list[Repair]:
    columns = [players.c[name] for name in Player.__slots__]
    query = (
        select(repairs.c.day, repairs.c.reason, repairs.c.at, *columns)
        .join(players, players.c.id == repairs.c.by_id)
        .where(repairs.c.player_id == player_id)
        .order_by(repairs.c.day)
    )
    return [
        Repair(day, Player(*by), reason, at) for day, reason, at, *by in await tx.execute(query)
    ]


# Whether the bot is there


async def beat(tx: Transaction, now: datetime, gap: timedelta) -> Outage | None:
    """Say that some process runs; a long silence before it is kept as an outage, by the one who ends it."""
    row = insert_into(tx, heartbeat).values(id=1, beat_at=now)
    if await added(tx, row):
        return None
    last = (await tx.execute(select(heartbeat.c.beat_at).with_for_update())).scalar_one()
    if last == now:
        return None
    await tx.execute(update(heartbeat).values(beat_at=now))
    if last > now + gap:  # a clock ran ahead: what it took for an absence was none
        await tx.execute(delete(outages).where(outages.c.ended_at > now + gap))
    if now - last < gap:
        return None
    outage = Outage(last, now)
    new = insert_into(tx, outages).values(began_at=outage.began_at, ended_at=outage.ended_at)
    return outage if await added(tx, new) else None


async def absences(tx: Transaction) -> list[Outage]:
    rows = await tx.execute(
        select(outages.c.began_at, outages.c.ended_at).order_by(outages.c.began_at)
    )
    return [Outage(*row) for row in rows]


async def missed_since(tx: Transaction, since: date) -> set[date]:
    """The dates from one on that some daily question was never posted on."""
    query = select(occurrences.c.day).where(
        occurrences.c.state == "missed",
        occurrences.c.reason.in_((AWAY, NOT_POSTED)),
        occurrences.c.day >= since,
    )
    return set((await tx.execute(query.distinct())).scalars())
