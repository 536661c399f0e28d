"""Two players become one member, and can be parted again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, insert, select

from bot.model.links import Link
from bot.store import links as link_queries
from bot.store.boards import projector
from bot.store.linking import merged_settings, owned_rows
from bot.store.rounds.submissions import SittingKey
from bot.store.sql.database import Transaction
from bot.store.sql.rows import AnyRow, update_row
from bot.store.sql.tables.people import link_codes, links
from bot.store.sql.tables.rounds import attempts, rounds, sittings


@dataclass(frozen=True, slots=True)
class _AnsweredRound:
    round_id: int
    player_id: int
    question: str
    points: int
    tries: int
    seen: bool
    at: datetime

    @property
    def key(self) -> SittingKey:
        return self.round_id, self.player_id


async def join(
    tx: Transaction, act: str, kept: int, joined: int, at: datetime, rest: timedelta, home: str
) -> None:
    """An answer to a question that the other account saw within `rest` before counts no more."""
    answered = await _answered_rounds(tx, (kept, joined))
    left_out = _left_out(answered, rest)
    moved = await owned_rows.keys_to_move(tx, kept, joined)
    moved["in"] = [
        [r.round_id] for r in answered if r.player_id == joined and r.key not in left_out
    ]
    moved["out"] = [[r.round_id] for r in answered if r.player_id == kept and r.key in left_out]
    moved |= await merged_settings.snapshot(tx, kept, joined)
    excused = await merged_settings.excused_lapses(tx, (kept, joined), home, at)
    await owned_rows.move_rows(tx, joined, kept, moved)
    moved |= await merged_settings.merge(tx, kept, joined, home, at)
    await merged_settings.freeze_excused_days(tx, kept, excused, home, at)
    await tx.execute(delete(link_codes).where(link_codes.c.player_id.in_((kept, joined))))
    row = {"act": act, "player_id": kept, "joined_id": joined, "moved": moved, "at": at}
    await tx.execute(insert(links).values(row))
    await projector.recount(tx, [kept], without=[joined])


async def undo(tx: Transaction, act: str, link: Link, at: datetime) -> bool:
    """What was done since stays with the one who was kept."""
    await link_queries.lock_pair(tx, link.player_id, link.joined_id)
    if not await update_row(
        tx, links, {"id": link.id, "undone_at": None}, undone_at=at, undone_act=act
    ):
        return False
    query = select(links.c.moved).filter_by(id=link.id)
    moved: owned_rows.Moved = (await tx.scalars(query)).one()
    await _add_rounds_of_takes(tx, link.player_id, moved)
    await owned_rows.move_rows(tx, link.player_id, link.joined_id, moved)
    await merged_settings.restore_settings(tx, link.player_id, link.joined_id, moved)
    await projector.recount(tx, [link.player_id, link.joined_id])
    return True


async def _add_rounds_of_takes(tx: Transaction, kept: int, moved: owned_rows.Moved) -> None:
    takes = [take_id for (take_id,) in moved["takes"]]
    query = select(rounds.c.id).filter_by(player_id=kept).where(rounds.c.take_id.in_(takes))
    since = [
        [round_id] for round_id in await tx.scalars(query) if [round_id] not in moved["rounds"]
    ]
    for name in ("rounds", "in"):
        moved[name] = moved[name] + since


async def _answered_rounds(tx: Transaction, player_ids: Sequence[int]) -> list[_AnsweredRound]:
    first = (
        select(attempts.c.round_id, attempts.c.player_id, func.min(attempts.c.at).label("at"))
        .where(attempts.c.player_id.in_(player_ids))
        .group_by(attempts.c.round_id, attempts.c.player_id)
        .subquery()
    )
    same_sitting = and_(
        first.c.round_id == sittings.c.round_id, first.c.player_id == sittings.c.player_id
    )
    query = (
        select(sittings, rounds.c.question, first.c.at.label("answered_at"))
        .join(rounds, rounds.c.id == sittings.c.round_id)
        .outerjoin(first, same_sitting)
        .where(sittings.c.player_id.in_(player_ids))
    )
    return [_answered_round(row) for row in await tx.execute(query)]


def _answered_round(row: AnyRow) -> _AnsweredRound:
    return _AnsweredRound(
        row.round_id,
        row.player_id,
        row.question,
        row.points,
        row.tries_used,
        seen=row.finished_at is not None or row.tries_used > 0 or row.hints_taken > 0,
        at=row.answered_at or row.finished_at or row.joined_at,
    )


def _left_out(answered: Iterable[_AnsweredRound], rest: timedelta) -> set[SittingKey]:
    """Points for a question that the other player saw before, and one of two in a round."""
    by_round: defaultdict[int, list[_AnsweredRound]] = defaultdict(list)
    by_question: defaultdict[str, list[_AnsweredRound]] = defaultdict(list)
    for each in answered:
        by_round[each.round_id].append(each)
        by_question[each.question].append(each)
    repeated = {
        later.key
        for same_question in by_question.values()
        for later in same_question
        if later.points and any(_came_before(each, later, rest) for each in same_question)
    }
    left_out = (_left_out_of_round(same_round, repeated) for same_round in by_round.values())
    return {key for key in left_out if key}


def _left_out_of_round(
    answered: Sequence[_AnsweredRound], repeated: Collection[SittingKey]
) -> SittingKey | None:
    if len(answered) == 1:
        return answered[0].key if answered[0].key in repeated else None
    # Out goes the one that would not pay anyway, or else the later: the member keeps exactly one.
    return max(
        answered, key=lambda each: (each.key in repeated, each.tries == 0, each.at, each.player_id)
    ).key


def _came_before(earlier: _AnsweredRound, later: _AnsweredRound, rest: timedelta) -> bool:
    """Of two at one instant, the one in the older round came first."""
    return (
        earlier.seen
        and earlier.player_id != later.player_id
        and earlier.round_id != later.round_id
        and (earlier.at, earlier.round_id) < (later.at, later.round_id)
        and later.at - earlier.at < rest
    )
