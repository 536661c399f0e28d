"""Two players who are one member: what one has goes over to the other, and all of it can go back.

Whatever would count twice is set aside: it stays with, or goes over to, the player whom nobody plays any more.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, func, insert, or_, select, tuple_, update

from bot.store import projector
from bot.store.database import Transaction
from bot.store.tables import (
    accounts,
    attempts,
    badges,
    days,
    hints,
    link_codes,
    links,
    members,
    players,
    reports,
    rounds,
    runs,
    sittings,
    takes,
    votes,
)

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
    votes: ("question",),
    badges: ("badge",),
    days: ("day",),
}
"""What belongs to a player otherwise, and by what it is known beside them."""
UNIQUE: dict[Table, tuple[str, ...]] = {
    members: ("platform", "community"),
    reports: ("question", "digest"),
    votes: ("question",),
    badges: ("badge",),
    days: ("day",),
}
"""What a player can have only once: there the one who is kept keeps their own."""


CHUNK = 500


@dataclass(frozen=True, slots=True)
class Link:
    id: int
    player_id: int
    joined_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class _Seat:
    """A sitting, as far as it matters whether it counts."""

    round_id: int
    player_id: int
    question: str
    points: int
    tries: int
    met: bool
    at: datetime


async def both(tx: Transaction, one: int, other: int) -> tuple[int, int]:
    """The two players, locked; the one who was there first is kept."""
    kept, joined = sorted((one, other))
    await projector.take_turns(tx)
    await tx.execute(
        select(players.c.id).where(players.c.id.in_((kept, joined))).order_by(players.c.id).with_for_update()
    )
    return kept, joined


async def join(tx: Transaction, act: str, kept: int, joined: int, at: datetime, rest: timedelta) -> None:
    """One player from now on. An answer to a question that the other account met within `rest` before counts no more."""
    seats = await _seats(tx, (kept, joined))
    aside = _aside(seats, rest)
    go = [(seat.round_id,) for seat in seats if seat.player_id == joined and (seat.round_id, joined) not in aside]
    stay = [(seat.round_id,) for seat in seats if seat.player_id == kept and (seat.round_id, kept) in aside]
    moved = await _owned(tx, kept, joined)
    for name, table in (("out", stay), ("in", go)):
        moved[name] = [list(key) for key in table]
    moved["settings"] = [await _settings(tx, kept)]
    await _exchange(tx, joined, kept, moved)
    await _take_settings(tx, kept, joined)
    row = insert(links).values(act=act, player_id=kept, joined_id=joined, moved=moved, at=at)
    await tx.execute(row)
    await projector.recount(tx, [kept], without=[joined])


async def kept_of(tx: Transaction, who: Iterable[int]) -> dict[int, int]:
    """Those who are somebody else by now, each with who that is; whoever is asked for cannot be joined meanwhile."""
    ids = sorted(set(who))
    if tx.dialect.name == "postgresql":
        lock = select(players.c.id).where(players.c.id.in_(ids)).order_by(players.c.id)
        await tx.execute(lock.with_for_update(read=True, key_share=True))
    query = select(links.c.joined_id, links.c.player_id).where(links.c.undone_at.is_(None))
    found = {row.joined_id: row.player_id for row in await tx.execute(query.where(links.c.joined_id.in_(ids)))}
    if found:
        further = await kept_of(tx, found.values())
        found = {joined: further.get(kept, kept) for joined, kept in found.items()}
    return found


async def latest(tx: Transaction, player_id: int) -> Link | None:
    """The member's last link that stands."""
    query = (
        select(links.c.id, links.c.player_id, links.c.joined_id, links.c.at)
        .where(links.c.player_id == player_id, links.c.undone_at.is_(None))
        .order_by(links.c.id.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).one_or_none()
    return Link(*row) if row else None


async def by_act(tx: Transaction, act: str) -> Link | None:
    """The link that an act made, as when it is delivered again."""
    query = select(links.c.id, links.c.player_id, links.c.joined_id, links.c.at).where(links.c.act == act)
    row = (await tx.execute(query)).one_or_none()
    return Link(*row) if row else None


async def was_undone_by(tx: Transaction, act: str) -> bool:
    return (await tx.execute(select(links.c.id).where(links.c.undone_act == act))).first() is not None


async def undo(tx: Transaction, act: str, link: Link, at: datetime) -> bool:
    """Everything back to where it was; what was done since stays with the one who was kept. Once."""
    await both(tx, link.player_id, link.joined_id)
    change = (
        update(links).where(links.c.id == link.id, links.c.undone_at.is_(None)).values(undone_at=at, undone_act=act)
    )
    if (await tx.execute(change)).rowcount != 1:
        return False
    moved: Moved = (await tx.execute(select(links.c.moved).where(links.c.id == link.id))).scalar_one()
    await _exchange(tx, link.player_id, link.joined_id, moved)
    ((zone, hidden),) = moved["settings"]
    await tx.execute(update(players).where(players.c.id == link.player_id).values(zone=zone, name_hidden=hidden))
    await projector.recount(tx, [link.player_id, link.joined_id])
    return True


async def _seats(tx: Transaction, who: Sequence[int]) -> list[_Seat]:
    first = (
        select(attempts.c.round_id, attempts.c.player_id, func.min(attempts.c.at).label("at"))
        .where(attempts.c.player_id.in_(who))
        .group_by(attempts.c.round_id, attempts.c.player_id)
        .subquery()
    )
    query = (
        select(sittings, rounds.c.question, first.c.at.label("answered_at"))
        .join(rounds, rounds.c.id == sittings.c.round_id)
        .outerjoin(first, and_(first.c.round_id == sittings.c.round_id, first.c.player_id == sittings.c.player_id))
        .where(sittings.c.player_id.in_(who))
    )
    return [_seat(row) for row in await tx.execute(query)]


def _seat(row: Any) -> _Seat:
    met = row.finished_at is not None or row.tries_used > 0 or row.hints_taken > 0
    at = row.answered_at or row.finished_at or row.joined_at
    return _Seat(row.round_id, row.player_id, row.question, row.points, row.tries_used, met, at)


def _aside(seats: Iterable[_Seat], rest: timedelta) -> set[tuple[int, int]]:
    """Which sittings count no more: the later one of two in a round, and points for what the other had met before."""
    by_round: defaultdict[int, list[_Seat]] = defaultdict(list)
    by_question: defaultdict[str, list[_Seat]] = defaultdict(list)
    for seat in seats:
        by_round[seat.round_id].append(seat)
        by_question[seat.question].append(seat)
    twice = [max(each, key=lambda seat: (seat.tries == 0, seat.at)) for each in by_round.values() if len(each) > 1]
    repeated = [
        later
        for each in by_question.values()
        for later in each
        if later.points and any(_came_before(earlier, later, rest) for earlier in each)
    ]
    return {(seat.round_id, seat.player_id) for seat in (*twice, *repeated)}


def _came_before(earlier: _Seat, later: _Seat, rest: timedelta) -> bool:
    """Of two at one instant, the one in the older round came first."""
    return (
        earlier.met
        and earlier.player_id != later.player_id
        and earlier.round_id != later.round_id
        and (earlier.at, earlier.round_id) < (later.at, later.round_id)
        and later.at - earlier.at < rest
    )


async def _owned(tx: Transaction, kept: int, joined: int) -> Moved:
    """What goes over beside sittings: all that the one who is kept does not have."""
    return {table.name: await _keys(tx, table, kept, joined) for table in OWNED}


async def _keys(tx: Transaction, table: Table, kept: int, joined: int) -> Keys:
    columns = [table.c[name] for name in OWNED[table]]
    query = select(*columns).where(table.c.player_id == joined)
    if table in UNIQUE:
        own = table.alias()
        same = and_(*(own.c[name] == table.c[name] for name in UNIQUE[table]), own.c.player_id == kept)
        query = query.where(~select(own.c.player_id).where(same).exists())
    if table is runs and (await tx.execute(select(runs.c.id).where(runs.c.active_of == kept))).first():
        query = query.where(runs.c.active_of.is_(None))
    return [[str(part) if isinstance(part, date) else part for part in row] for row in await tx.execute(query)]


async def _exchange(tx: Transaction, giver: int, taker: int, moved: Moved) -> None:
    """Rows named by their keys go from one to the other; the sittings that go out go the other way."""
    for table, key in OWNED.items():
        await _move(tx, table, key, moved[table.name], giver, taker)
    between = await _nobody(tx)
    for table in SEATED:
        await _move(tx, table, ("round_id",), moved["out"], taker, between)
        await _move(tx, table, ("round_id",), moved["in"], giver, taker)
        await _move(tx, table, ("round_id",), moved["out"], between, giver)
    await tx.execute(delete(players).where(players.c.id == between))


async def _nobody(tx: Transaction) -> int:
    """A chair to put things on while two change places."""
    now = select(func.min(players.c.created_at)).scalar_subquery()
    return int((await tx.execute(insert(players).values(name="", created_at=now).returning(players.c.id))).scalar_one())


async def _move(tx: Transaction, table: Table, key: Sequence[str], keys: Keys, giver: int, taker: int) -> None:
    for start in range(0, len(keys), CHUNK):
        which = _which(table, key, keys[start : start + CHUNK])
        change = update(table).where(table.c.player_id == giver, which).values(player_id=taker)
        await tx.execute(change)
    if table is runs and keys:
        active = update(runs).where(runs.c.active_of == giver, runs.c.player_id == taker)
        await tx.execute(active.values(active_of=taker))


def _which(table: Table, key: Sequence[str], keys: Keys) -> ColumnElement[bool]:
    columns = [table.c[name] for name in key]
    if len(columns) == 1:
        values = [date.fromisoformat(part) if table is days else part for (part,) in keys]
        return columns[0].in_(values)
    return tuple_(*columns).in_([tuple(each) for each in keys])


async def _settings(tx: Transaction, player_id: int) -> list[Any]:
    row = (await tx.execute(select(players.c.zone, players.c.name_hidden).where(players.c.id == player_id))).one()
    return list(row)


async def _take_settings(tx: Transaction, kept: int, joined: int) -> None:
    """A zone where there was none; a name that was hidden in one place is hidden in all."""
    zone, hidden = await _settings(tx, kept)
    other_zone, other_hidden = await _settings(tx, joined)
    change = update(players).where(players.c.id == kept)
    await tx.execute(change.values(zone=zone or other_zone, name_hidden=hidden or other_hidden))
    await tx.execute(delete(link_codes).where(or_(link_codes.c.player_id == kept, link_codes.c.player_id == joined)))
