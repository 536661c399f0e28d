"""Two players become one member: what one has goes over to the other, and all of it can go back.

Whatever would count twice is set aside: it stays with, or goes over to, the player whom nobody plays any more.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, insert, or_, select, update

from bot.model.links import Link
from bot.store import links as link_queries
from bot.store.boards import projector
from bot.store.linking import merged_settings, owned_rows
from bot.store.sql.database import Transaction
from bot.store.sql.tables.links import link_codes, links
from bot.store.sql.tables.rounds import attempts, rounds, sittings


@dataclass(frozen=True, slots=True)
class _AnsweredRound:
    """A sitting, as far as it matters whether it counts."""

    round_id: int
    player_id: int
    question: str
    points: int
    tries: int
    met: bool
    at: datetime


async def join(
    tx: Transaction, act: str, kept: int, joined: int, at: datetime, rest: timedelta, home: str
) -> None:
    """One player from now on. An answer to a question that the other account met within `rest` before counts no more."""
    seats = await _seats(tx, (kept, joined))
    aside = _aside(seats, rest)
    go = [
        (seat.round_id,)
        for seat in seats
        if seat.player_id == joined and (seat.round_id, joined) not in aside
    ]
    stay = [
        (seat.round_id,)
        for seat in seats
        if seat.player_id == kept and (seat.round_id, kept) in aside
    ]
    moved = await owned_rows.owned(tx, kept, joined)
    for name, table in (("out", stay), ("in", go)):
        moved[name] = [list(key) for key in table]
    moved |= await merged_settings.note(tx, kept, joined)
    excused = await merged_settings.excused(tx, (kept, joined), home, at)
    await owned_rows.exchange(tx, joined, kept, moved)
    moved |= await merged_settings.settle(tx, kept, joined, home, at)
    await merged_settings.stand(tx, kept, excused, home, at)
    await tx.execute(
        delete(link_codes).where(
            or_(link_codes.c.player_id == kept, link_codes.c.player_id == joined)
        )
    )
    row = insert(links).values(act=act, player_id=kept, joined_id=joined, moved=moved, at=at)
    await tx.execute(row)
    await projector.recount(tx, [kept], without=[joined])


async def undo(tx: Transaction, act: str, link: Link, at: datetime) -> bool:
    """Everything back to where it was; what was done since stays with the one who was kept. Once."""
    await link_queries.lock_pair(tx, link.player_id, link.joined_id)
    change = (
        update(links)
        .where(links.c.id == link.id, links.c.undone_at.is_(None))
        .values(undone_at=at, undone_act=act)
    )
    if (await tx.execute(change)).rowcount != 1:
        return False
    moved: owned_rows.Moved = (
        await tx.execute(select(links.c.moved).where(links.c.id == link.id))
    ).scalar_one()
    await _with_their_rounds(tx, link.player_id, moved)
    await owned_rows.exchange(tx, link.player_id, link.joined_id, moved)
    await merged_settings.part(tx, link.player_id, link.joined_id, moved)
    await projector.recount(tx, [link.player_id, link.joined_id])
    return True


async def _with_their_rounds(tx: Transaction, kept: int, moved: owned_rows.Moved) -> None:
    """A pack that was under way goes back with the challenges that were opened meanwhile: half of it is nobody's."""
    takes = [take_id for (take_id,) in moved["takes"]]
    query = select(rounds.c.id).where(rounds.c.take_id.in_(takes), rounds.c.player_id == kept)
    went = {round_id for (round_id,) in moved["rounds"]}
    since = [[round_id] for round_id in (await tx.execute(query)).scalars() if round_id not in went]
    for name in ("rounds", "in"):
        moved[name] = moved[name] + since


async def _seats(tx: Transaction, who: Sequence[int]) -> list[_AnsweredRound]:
    first = (
        select(attempts.c.round_id, attempts.c.player_id, func.min(attempts.c.at).label("at"))
        .where(attempts.c.player_id.in_(who))
        .group_by(attempts.c.round_id, attempts.c.player_id)
        .subquery()
    )
    query = (
        select(sittings, rounds.c.question, first.c.at.label("answered_at"))
        .join(rounds, rounds.c.id == sittings.c.round_id)
        .outerjoin(
            first,
            and_(
                first.c.round_id == sittings.c.round_id, first.c.player_id == sittings.c.player_id
            ),
        )
        .where(sittings.c.player_id.in_(who))
    )
    return [_seat(row) for row in await tx.execute(query)]


def _seat(row: Any) -> _AnsweredRound:
    met = row.finished_at is not None or row.tries_used > 0 or row.hints_taken > 0
    at = row.answered_at or row.finished_at or row.joined_at
    return _AnsweredRound(
        row.round_id, row.player_id, row.question, row.points, row.tries_used, met, at
    )


def _aside(seats: Iterable[_AnsweredRound], rest: timedelta) -> set[tuple[int, int]]:
    """Which sittings count no more: points for what the other had met before, and one of two in a round.

    There it is the one that would not pay anyway, or else the later: the member keeps exactly one.
    """
    by_round: defaultdict[int, list[_AnsweredRound]] = defaultdict(list)
    by_question: defaultdict[str, list[_AnsweredRound]] = defaultdict(list)
    for seat in seats:
        by_round[seat.round_id].append(seat)
        by_question[seat.question].append(seat)
    repeated = {
        (later.round_id, later.player_id)
        for each in by_question.values()
        for later in each
        if later.points and any(_came_before(earlier, later, rest) for earlier in each)
    }
    return {key for each in by_round.values() for key in _less(each, repeated)}


def _less(
    seats: Sequence[_AnsweredRound], repeated: Collection[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Of the sittings in one round those that count no more."""
    if len(seats) == 1:
        return [key for seat in seats if (key := (seat.round_id, seat.player_id)) in repeated]
    less = max(
        seats,
        key=lambda seat: (
            (seat.round_id, seat.player_id) in repeated,
            seat.tries == 0,
            seat.at,
            seat.player_id,
        ),
    )
    return [(less.round_id, less.player_id)]


def _came_before(earlier: _AnsweredRound, later: _AnsweredRound, rest: timedelta) -> bool:
    """Of two at one instant, the one in the older round came first."""
    return (
        earlier.met
        and earlier.player_id != later.player_id
        and earlier.round_id != later.round_id
        and (earlier.at, earlier.round_id) < (later.at, later.round_id)
        and later.at - earlier.at < rest
    )
