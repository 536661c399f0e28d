"""What belongs to a player, by keys of rows that can move."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Table,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)

from bot.store.sql.database import Transaction
from bot.store.sql.tables.daily import reminder_messages, reminders, schedules
from bot.store.sql.tables.people import (
    accounts,
    badges,
    link_codes,
    link_tries,
    links,
    members,
    players,
)
from bot.store.sql.tables.rounds import (
    attempts,
    hints,
    reports,
    rounds,
    scores,
    sittings,
    takes,
    uncounted_attempts,
    votes,
)
from bot.store.sql.tables.runs import runs
from bot.store.sql.tables.streaks import lapses, repairs, streak_days, zone_changes

Keys = list[list[Any]]
Moved = dict[str, Keys]

# What belongs to a sitting, and goes where it goes
OF_SITTINGS = (sittings, attempts, hints)
# What else belongs to a player, and the rest of its key
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
# What a player can have only once: there the one who is kept keeps their own row
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
# A day that counts for the one who is kept needs no repair: that stays with its own day
TAKEN_BY = {repairs: streak_days}
# What names a player and does not go over
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

CHUNK = 500


async def keys_to_move(tx: Transaction, kept: int, joined: int) -> Moved:
    return {table.name: await _keys(tx, table, kept, joined) for table in OWNED}


async def _keys(tx: Transaction, table: Table, kept: int, joined: int) -> Keys:
    query = select(*(table.c[name] for name in OWNED[table])).where(table.c.player_id == joined)
    if table in UNIQUE:
        query = query.where(_is_free(table, kept))
    return [
        [str(part) if isinstance(part, date) else part for part in row]
        for row in await tx.execute(query)
    ]


def _is_free(table: Table, player_id: int) -> ColumnElement[bool]:
    own = TAKEN_BY.get(table, table).alias()
    same = [own.c[name] == table.c[name] for name in UNIQUE[table]]
    query = select(own.c.player_id).where(own.c.player_id == player_id, *same)
    return ~query.correlate(table).exists()


async def move_rows(tx: Transaction, giver: int, taker: int, moved: Moved) -> None:
    """Sittings that are left out go the other way."""
    for table in reversed(OWNED):  # repairs go before the days that they are for
        await _move(tx, table, OWNED[table], moved[table.name], giver, taker)
    # Nobody has two sittings in a round: where one comes back to somebody who answered anew
    # meanwhile, the newer one goes over.
    between = await _add_temporary_player(tx)
    back = moved["out"] + await _conflicting_sittings(tx, taker, moved)
    over = moved["in"] + [key for key in moved["out"] if key not in moved["in"]]
    for table in OF_SITTINGS:
        await _move(tx, table, ("round_id",), back, taker, between)
        await _move(tx, table, ("round_id",), over, giver, taker)
        await _move(tx, table, ("round_id",), back, between, giver)
    await tx.execute(delete(players).where(players.c.id == between))


async def _conflicting_sittings(tx: Transaction, taker: int, moved: Moved) -> Keys:
    """Sittings that the taker got through a process that did not know of the link."""
    query = select(sittings.c.round_id).where(sittings.c.player_id == taker)
    theirs = set(await tx.scalars(query)) - {round_id for (round_id,) in moved["out"]}
    return [[round_id] for (round_id,) in moved["in"] if round_id in theirs]


async def _add_temporary_player(tx: Transaction) -> int:
    now = select(func.min(players.c.created_at)).scalar_subquery()
    row = insert(players).values(name="", created_at=now).returning(players.c.id)
    return int((await tx.scalars(row)).one())


async def _move(
    tx: Transaction, table: Table, key: Sequence[str], keys: Keys, giver: int, taker: int
) -> None:
    for start in range(0, len(keys), CHUNK):
        these = _has_key(table, key, keys[start : start + CHUNK])
        change = update(table).where(table.c.player_id == giver, these).values(player_id=taker)
        await tx.execute(change.where(_is_free(table, taker)) if table in UNIQUE else change)


def _has_key(table: Table, names: Sequence[str], keys: Keys) -> ColumnElement[bool]:
    columns = [table.c[name] for name in names]
    if len(columns) > 1:
        return tuple_(*columns).in_([tuple(key) for key in keys])
    is_day = isinstance(columns[0].type, Date)
    return columns[0].in_([date.fromisoformat(part) if is_day else part for (part,) in keys])
