"""Settings and days made of two players', and what they were."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, tuple_, update

from bot.quiz.streaks import Lapse, LapseOutcome
from bot.store import people, streaks
from bot.store.linking.owned_rows import Moved
from bot.store.sql.database import Transaction
from bot.store.sql.rows import delete_rows, insert_new, update_row
from bot.store.sql.tables.daily import reminders
from bot.store.sql.tables.people import accounts, players
from bot.store.sql.tables.streaks import lapses, zone_changes

_REMINDER = ("hour", "platform", "person", "community", "channel", "next_at", "refused_at")


async def snapshot(tx: Transaction, kept: int, joined: int) -> Moved:
    passed = select(lapses.c.player_id, lapses.c.day).where(lapses.c.player_id.in_((kept, joined)))
    changes = select(zone_changes).filter_by(player_id=kept)
    return {
        "passed": [[row.player_id, str(row.day)] for row in await tx.execute(passed)],
        "zones": [[row.since.isoformat(), row.zone] for row in await tx.execute(changes)],
        "settings": [await _settings(tx, kept)],
        "reminder": await _second_reminder(tx, kept, joined),
    }


async def merge(tx: Transaction, kept: int, joined: int, home: str, at: datetime) -> Moved:
    one = await people.get(tx, kept)
    other = await people.get(tx, joined)
    await streaks.merge_zones(tx, one, other, home, at)
    hidden = one.name_hidden or other.name_hidden
    await people.set_name_hidden(tx, kept, hidden=hidden)
    await delete_rows(tx, reminders, player_id=joined)
    return {"settled": [await _settings(tx, kept)]}


async def excused_lapses(
    tx: Transaction, player_ids: Sequence[int], home: str, at: datetime
) -> list[Lapse]:
    histories = (await streaks.histories(tx, player_ids, home)).values()
    return [
        lapse
        for each in histories
        for lapse in each.streak(at).lapses
        if lapse.outcome is LapseOutcome.EXCUSED
    ]


async def freeze_excused_days(
    tx: Transaction, kept: int, lapses_before: Sequence[Lapse], home: str, at: datetime
) -> None:
    merged = (await streaks.histories(tx, [kept], home))[kept]
    days = {
        lapse.day: lapse.days
        for lapse in lapses_before
        if lapse.day not in merged.counted and not merged.excuses.is_excused(lapse.day)
    }
    frozen = [(kept, Lapse(day, LapseOutcome.FROZEN, days[day])) for day in sorted(days)]
    await streaks.add_lapses(tx, frozen, at)
    await streaks.mark_lapses_seen(tx, [(kept, day) for day in days], at)


async def restore_settings(tx: Transaction, kept: int, joined: int, moved: Moved) -> None:
    for player_id in (kept, joined):
        days = [date.fromisoformat(day) for whose, day in moved["passed"] if whose == player_id]
        since = (lapses.c.player_id == player_id) & lapses.c.day.not_in(days)
        await tx.execute(delete(lapses).where(since))
    now = await _settings(tx, kept)
    (settled,) = moved["settled"]
    (old,) = moved["settings"]
    if now[:-1] == settled[:-1]:
        await _set_zone(tx, kept, old, moved["zones"])
    if now[-1] == settled[-1]:
        await people.set_name_hidden(tx, kept, hidden=old[-1])
    await _move_reminder(tx, kept, joined)
    for row in moved["reminder"]:
        values = dict(zip(_REMINDER, row, strict=True))
        values["next_at"] = _instant(values["next_at"])
        values["refused_at"] = _instant(values["refused_at"])
        await insert_new(tx, reminders, player_id=joined, **values)


async def _move_reminder(tx: Transaction, kept: int, joined: int) -> None:
    theirs = select(accounts.c.platform, accounts.c.person).filter_by(player_id=joined)
    account = tuple_(reminders.c.platform, reminders.c.person)
    mine = (reminders.c.player_id == kept) & account.in_(theirs)
    own = reminders.alias()
    free = ~select(own.c.player_id).filter_by(player_id=joined).exists()
    await tx.execute(update(reminders).where(mine, free).values(player_id=joined))
    await tx.execute(delete(reminders).where(mine))


async def _set_zone(
    tx: Transaction, kept: int, old: Sequence[Any], changes: Sequence[Sequence[Any]]
) -> None:
    zone, zone_before, since, _ = old
    await update_row(
        tx, players, {"id": kept}, zone=zone, zone_before=zone_before, zone_since=_instant(since)
    )
    await delete_rows(tx, zone_changes, player_id=kept)
    for at, name in changes:
        await tx.execute(insert(zone_changes).values(player_id=kept, since=_instant(at), zone=name))


async def _settings(tx: Transaction, player_id: int) -> list[Any]:
    player = await people.get(tx, player_id)
    since = player.zone_since.isoformat() if player.zone_since else None
    return [player.zone, player.zone_before, since, player.name_hidden]


async def _second_reminder(tx: Transaction, kept: int, joined: int) -> list[list[Any]]:
    """Where the kept player has one: nobody is reminded twice."""
    query = select(*(reminders.c[name] for name in _REMINDER))
    if (await tx.execute(query.where(reminders.c.player_id == kept))).first() is None:
        return []
    return [
        [value.isoformat() if isinstance(value, datetime) else value for value in row]
        for row in await tx.execute(query.where(reminders.c.player_id == joined))
    ]


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
