"""The time zones of each member, past and present: the days of a streak are counted by them."""

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


async def change(
    tx: Transaction, player: Player, zone: str, home: str, at: datetime
) -> ZoneHistory:
    """From tomorrow on; the days before are counted by the old zones."""
    await tx.execute(select(players.c.id).where(players.c.id == player.id).with_for_update())
    (before,) = await _from_home(tx, [player], home)
    after = before.with_zone(zone, at)
    await _write(tx, player.id, after, zone)
    return after


async def merge(tx: Transaction, kept: Player, joined: Player, home: str, at: datetime) -> None:
    """Until tomorrow by the calendar that leaves more time: linking ends no open day."""
    zone = kept.zone or joined.zone
    own, other = await _from_home(tx, [kept, joined], home)
    has_more_time = own.last_over(at) <= other.last_over(at)
    if zone is None or (kept.zone and has_more_time):
        return
    longer = own if has_more_time else other
    await _write(tx, kept.id, longer.with_zone(zone, at), zone)


async def _from_home(tx: Transaction, some: Sequence[Player], home: str) -> list[ZoneHistory]:
    """Each beginning with the bot's own zone."""
    known = await calendars(tx, [player.id for player in some], home)
    ever = {
        player.id: ZoneHistory(home, (ZoneChange(EVER, player.zone),))
        for player in some
        if player.zone and not known[player.id].changes
    }
    return [(known | ever)[player.id] for player in some]


async def _write(tx: Transaction, player_id: int, calendar: ZoneHistory, zone: str) -> None:
    await tx.execute(delete(zone_changes).where(zone_changes.c.player_id == player_id))
    for change_ in calendar.changes:
        row = {"player_id": player_id, "since": change_.since, "zone": change_.zone}
        await tx.execute(insert(zone_changes).values(row))
    last = calendar.changes[-1] if calendar.changes else None
    before = calendar.changes[-2].zone if calendar.changes[1:] else calendar.home
    me = update(players).where(players.c.id == player_id)
    await tx.execute(
        me.values(
            zone=zone,
            zone_before=before if last else None,
            zone_since=last.since if last else None,
        )
    )
