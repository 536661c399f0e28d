"""Each member's time zones, past and present: the days of a streak are counted by them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select, update

from bot.model.people import Player
from bot.quiz.calendar.local_days import ZoneChange, ZoneHistory
from bot.store.sql.database import Transaction
from bot.store.sql.tables.people import players
from bot.store.sql.tables.streaks import zone_changes

EVER = datetime(1970, 1, 1, tzinfo=UTC)


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


async def change(
    tx: Transaction, player: Player, zone: str, home: str, at: datetime
) -> ZoneHistory:
    """A change of zone, from tomorrow on; it is kept for as long as the days that were counted by it."""
    await tx.execute(select(players.c.id).where(players.c.id == player.id).with_for_update())
    after = (await _lived(tx, [player], home))[0].with_zone(zone, at)
    await _live_by(tx, player.id, after, zone)
    return after


async def merge(tx: Transaction, kept: Player, joined: Player, home: str, at: datetime) -> None:
    """One calendar for one member: the zone that was chosen, from tomorrow on.

    Until then they go by whichever calendar leaves more time: linking ends no day that could still be made to count.
    """
    zone = kept.zone or joined.zone
    own, other = await _lived(tx, [kept, joined], home)
    if zone is None or (kept.zone and own.last_over(at) <= other.last_over(at)):
        return
    longer = own if own.last_over(at) <= other.last_over(at) else other
    await _live_by(tx, kept.id, longer.with_zone(zone, at), zone)


async def _lived(tx: Transaction, who: Sequence[Player], home: str) -> list[ZoneHistory]:
    """The calendars of these members, each from the house's zone on."""
    known = await calendars(tx, [each.id for each in who], home)
    ever = {each.id: ZoneHistory(home, (ZoneChange(EVER, each.zone),)) for each in who if each.zone}
    return [
        known[each.id] if known[each.id].changes else ever.get(each.id, known[each.id])
        for each in who
    ]


async def _live_by(tx: Transaction, player_id: int, calendar: ZoneHistory, zone: str) -> None:
    await tx.execute(delete(zone_changes).where(zone_changes.c.player_id == player_id))
    for each in calendar.changes:
        await tx.execute(
            insert(zone_changes).values(player_id=player_id, since=each.since, zone=each.zone)
        )
    last = calendar.changes[-1] if calendar.changes else None
    was = calendar.changes[-2].zone if calendar.changes[1:] else calendar.home
    change = update(players).where(players.c.id == player_id)
    await tx.execute(
        change.values(
            zone=zone, zone_before=was if last else None, zone_since=last.since if last else None
        )
    )
