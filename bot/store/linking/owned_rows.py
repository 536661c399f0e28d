"""What belongs to a player, named row by row, so that it can go over to another one and come back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Table,
    and_,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)

from bot.store.sql.database import Transaction
from bot.store.sql.tables.boards import scores, uncounted_attempts
from bot.store.sql.tables.feedback import reports, votes
from bot.store.sql.tables.links import link_codes, link_tries, links
from bot.store.sql.tables.packs import takes
from bot.store.sql.tables.people import accounts, members, players
from bot.store.sql.tables.profile import badges
from bot.store.sql.tables.reminders import reminder_messages, reminders
from bot.store.sql.tables.rounds import attempts, hints, rounds, sittings
from bot.store.sql.tables.runs import runs
from bot.store.sql.tables.schedules import schedules
from bot.store.sql.tables.streaks import lapses, repairs, streak_days, zone_changes

Keys = list[list[Any]]
Moved = dict[str, Keys]

SEATED = (sittings, attempts, hints)
"""What belongs to a sitting, and goes where that goes."""
OWNED: dict[Table, tuple[str, ...]] = {
    accounts: ("platform", "person"),
    members: ("platform", "community"),
    rounds: ("id",),
    takes: ("id",),
    runs: ("id",),
    reports: ("id",),
    schedules: ("id",),
    votes: ("question",),
    badges: ("badge",),
    streak_days: ("day",),
    repairs: ("day",),
    lapses: ("day",),
    reminders: ("platform", "person"),
    reminder_messages: ("day",),
}
"""What belongs to a player otherwise, and by what it is known beside them."""
UNIQUE: dict[Table, tuple[str, ...]] = {
    members: ("platform", "community"),
    reports: ("question", "digest", "place_id"),
    votes: ("question",),
    badges: ("badge",),
    streak_days: ("day",),
    repairs: ("day",),
    lapses: ("day",),
    reminders: (),
    reminder_messages: ("day",),
}
"""What a player can have only once: there the one who is kept keeps their own."""
TAKEN_BY = {repairs: streak_days}
"""A day that counts for the one who is kept needs no repair: the repair stays with the day that it was made for."""
STAYING: tuple[Column[Any], ...] = (
    scores.c.player_id,  # counted anew
    uncounted_attempts.c.player_id,  # folded before anything goes over
    zone_changes.c.player_id,  # of two calendars one is made, by rule
    repairs.c.by_id,  # who said it then
    link_codes.c.player_id,  # they end
    link_tries.c.player_id,  # wrong tries are not forgiven by linking somebody else
    links.c.player_id,
    links.c.joined_id,
)
"""What names a player and does not go over."""

CHUNK = 500


async def owned(tx: Transaction, kept: int, joined: int) -> Moved:
    """What goes over beside sittings: all that the one who is kept does not have."""
    return {table.name: await _keys(tx, table, kept, joined) for table in OWNED}


async def _keys(tx: Transaction, table: Table, kept: int, joined: int) -> Keys:
    columns = [table.c[name] for name in OWNED[table]]
    query = select(*columns).where(table.c.player_id == joined)
    if table in UNIQUE:
        query = query.where(_free(table, kept))
    return [
        [str(part) if isinstance(part, date) else part for part in row]
        for row in await tx.execute(query)
    ]


def _free(table: Table, taker: int) -> ColumnElement[bool]:
    """Whether somebody has none of what a row is."""
    own = TAKEN_BY.get(table, table).alias()
    same = and_(own.c.player_id == taker, *(own.c[name] == table.c[name] for name in UNIQUE[table]))
    return ~select(own.c.player_id).where(same).correlate(table).exists()


async def exchange(tx: Transaction, giver: int, taker: int, moved: Moved) -> None:
    """Rows named by their keys go from one to the other; the sittings that go out go the other way.

    Nobody has two sittings in a round: where one comes back to somebody who answered anew meanwhile, that goes over.
    """
    for table in reversed(OWNED):  # repairs go before the days that they are for
        await _move(tx, table, OWNED[table], moved[table.name], giver, taker)
    between = await _nobody(tx)
    back = moved["out"] + await _taken(tx, taker, moved)
    over = moved["in"] + [key for key in moved["out"] if key not in moved["in"]]
    for table in SEATED:
        await _move(tx, table, ("round_id",), back, taker, between)
        await _move(tx, table, ("round_id",), over, giver, taker)
        await _move(tx, table, ("round_id",), back, between, giver)
    await tx.execute(delete(players).where(players.c.id == between))


async def _taken(tx: Transaction, taker: int, moved: Moved) -> Keys:
    """Seats in the taker's way: who was linked may have looked in through a process that did not know of it yet."""
    theirs = await tx.execute(select(sittings.c.round_id).where(sittings.c.player_id == taker))
    sat, out = set(theirs.scalars()), {round_id for (round_id,) in moved["out"]}
    return [[round_id] for (round_id,) in moved["in"] if round_id in sat - out]


async def _nobody(tx: Transaction) -> int:
    """A chair to put things on while two change places."""
    now = select(func.min(players.c.created_at)).scalar_subquery()
    return int(
        (
            await tx.execute(
                insert(players).values(name="", created_at=now).returning(players.c.id)
            )
        ).scalar_one()
    )


async def _move(
    tx: Transaction, table: Table, key: Sequence[str], keys: Keys, giver: int, taker: int
) -> None:
    """What the taker has come by meanwhile is left where it is. A run under way keeps the seat that it has."""
    for start in range(0, len(keys), CHUNK):
        which = _which(table, key, keys[start : start + CHUNK])
        change = update(table).where(table.c.player_id == giver, which).values(player_id=taker)
        await tx.execute(change.where(_free(table, taker)) if table in UNIQUE else change)


def _which(table: Table, key: Sequence[str], keys: Keys) -> ColumnElement[bool]:
    columns = [table.c[name] for name in key]
    if len(columns) == 1:
        is_day = isinstance(columns[0].type, Date)
        return columns[0].in_([date.fromisoformat(part) if is_day else part for (part,) in keys])
    return tuple_(*columns).in_([tuple(each) for each in keys])
