"""One member's settings and days made of two players', and what they were before."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, func, insert, not_, select, tuple_, update

from bot.quiz.streaks import Lapse, LapseOutcome
from bot.store import people
from bot.store.linking.owned_rows import Moved
from bot.store.sql.database import Transaction, insert_into
from bot.store.sql.tables.people import accounts, players
from bot.store.sql.tables.reminders import reminders
from bot.store.sql.tables.streaks import lapses, zone_changes
from bot.store.streaks import history, zones
from bot.store.streaks import lapses as lapse_queries

ZONE = ("zone", "zone_before", "zone_since")


async def note(tx: Transaction, kept: int, joined: int) -> Moved:
    """What linking changes that cannot be told from rows that went over; on the way back it is put as it was."""
    passed = select(lapses.c.player_id, lapses.c.day).where(lapses.c.player_id.in_((kept, joined)))
    changes = select(zone_changes.c.since, zone_changes.c.zone).where(
        zone_changes.c.player_id == kept
    )
    return {
        "passed": [[row.player_id, str(row.day)] for row in await tx.execute(passed)],
        "zones": [[row.since.isoformat(), row.zone] for row in await tx.execute(changes)],
        "settings": [await _settings(tx, kept)],
        "reminder": await _second_reminder(tx, kept, joined),
    }


async def settle(tx: Transaction, kept: int, joined: int, home: str, at: datetime) -> Moved:
    """One calendar; a name that was hidden in one place is hidden in all; one reminder."""
    one, other = await people.get(tx, kept), await people.get(tx, joined)
    await zones.merge(tx, one, other, home, at)
    hidden = one.name_hidden or other.name_hidden
    await people.set_name_hidden(tx, kept, hidden=hidden)
    await tx.execute(delete(reminders).where(reminders.c.player_id == joined))
    return {"settled": [await _settings(tx, kept)]}


async def excused(tx: Transaction, who: Sequence[int], home: str, at: datetime) -> list[Lapse]:
    """Days on which either's streak stood though nothing was solved, by their own calendar."""
    pasts = (await history.histories(tx, who, home)).values()
    return [
        lapse
        for past in pasts
        for lapse in past.streak(at).lapses
        if lapse.outcome is LapseOutcome.EXCUSED
    ]


async def stand(
    tx: Transaction, kept: int, before: Sequence[Lapse], home: str, at: datetime
) -> None:
    """A day that was excused for one ends no streak of the two, whatever their one calendar makes of it."""
    past = (await history.histories(tx, [kept], home))[kept]
    days = {
        each.day: each.days
        for each in before
        if each.day not in past.counted and not past.excuses.is_excused(each.day)
    }
    await lapse_queries.add(
        tx, [(kept, Lapse(day, LapseOutcome.FROZEN, days[day])) for day in sorted(days)], at
    )
    await lapse_queries.mark_seen(tx, [(kept, day) for day in days], at)


async def part(tx: Transaction, kept: int, joined: int, moved: Moved) -> None:
    """As it was; but what the member has set since stands. What became of days is found anew from the days."""
    await _forget_lapses(tx, kept, joined, moved["passed"])
    now, (settled,), (before,) = await _settings(tx, kept), moved["settled"], moved["settings"]
    if now[:-1] == settled[:-1]:
        await _set_zone(tx, kept, before, moved["zones"])
    if now[-1] == settled[-1]:
        await people.set_name_hidden(tx, kept, hidden=before[-1])
    await _send_on(tx, kept, joined)
    for hour, platform, person, community, channel, next_at, refused_at in moved["reminder"]:
        where = {"platform": platform, "person": person, "community": community, "channel": channel}
        when = {"next_at": datetime.fromisoformat(next_at), "refused_at": _instant(refused_at)}
        row = insert_into(tx, reminders).values(player_id=joined, hour=hour, **where, **when)
        await tx.execute(row.on_conflict_do_nothing())


async def _send_on(tx: Transaction, kept: int, joined: int) -> None:
    """A reminder that was wished for through an account goes where that account goes."""
    theirs = select(accounts.c.platform, accounts.c.person).where(accounts.c.player_id == joined)
    wish = and_(
        reminders.c.player_id == kept, tuple_(reminders.c.platform, reminders.c.person).in_(theirs)
    )
    own = reminders.alias()
    free = ~select(own.c.player_id).where(own.c.player_id == joined).exists()
    await tx.execute(update(reminders).where(wish, free).values(player_id=joined))
    await tx.execute(delete(reminders).where(wish))


async def _forget_lapses(
    tx: Transaction, kept: int, joined: int, passed: Sequence[Sequence[Any]]
) -> None:
    for player in (kept, joined):
        before = [date.fromisoformat(day) for whose, day in passed if whose == player]
        since = and_(lapses.c.player_id == player, not_(lapses.c.day.in_(before)))
        await tx.execute(delete(lapses).where(since))


async def _set_zone(
    tx: Transaction, kept: int, before: Sequence[Any], zones: Sequence[Sequence[Any]]
) -> None:
    zone, zone_before, since = before[: len(ZONE)]
    change = update(players).where(players.c.id == kept)
    await tx.execute(change.values(zone=zone, zone_before=zone_before, zone_since=_instant(since)))
    await tx.execute(delete(zone_changes).where(zone_changes.c.player_id == kept))
    for at, name in zones:
        await tx.execute(insert(zone_changes).values(player_id=kept, since=_instant(at), zone=name))


async def _settings(tx: Transaction, player_id: int) -> list[Any]:
    player = await people.get(tx, player_id)
    since = player.zone_since.isoformat() if player.zone_since else None
    return [player.zone, player.zone_before, since, player.name_hidden]


async def _second_reminder(tx: Transaction, kept: int, joined: int) -> list[list[Any]]:
    """The joined player's, where the one who is kept has one: nobody is reminded twice."""
    count = select(func.count()).where(reminders.c.player_id == kept)
    if not (await tx.execute(count)).scalar_one():
        return []
    names = ("hour", "platform", "person", "community", "channel", "next_at", "refused_at")
    query = select(*(reminders.c[name] for name in names)).where(reminders.c.player_id == joined)
    return [
        [part.isoformat() if isinstance(part, datetime) else part for part in row]
        for row in await tx.execute(query)
    ]


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
