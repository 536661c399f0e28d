"""Rounds and the sittings in them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    bindparam,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)

from bot.identity import MessageRef, Place
from bot.model.rounds import OPEN, Given, Round, Sitting, Status, Tally
from bot.quiz.questions import Question, from_json, to_json
from bot.store.sql.database import Transaction, added, insert_into
from bot.store.tables import attempts, hints, places, rounds, sittings, wordings

AnyRow = Row[*tuple[Any, ...]]


_ROUND = (
    select(
        rounds,
        places.c.platform,
        places.c.community,
        places.c.channel,
        places.c.zone,
        wordings.c.body,
    )
    .join(places, places.c.id == rounds.c.place_id)
    .join(wordings, wordings.c.digest == rounds.c.digest)
)
_BY_ID = _ROUND.where(rounds.c.id == bindparam("round_id"))
_SITTING = (
    sittings.c.round_id,
    sittings.c.player_id,
    sittings.c.tries_used,
    sittings.c.hints_taken,
    sittings.c.points,
    sittings.c.share,
    sittings.c.solved,
    sittings.c.finished_at,
)


def _round(row: AnyRow) -> Round:
    return Round(
        id=row.id,
        mode=row.mode,
        status=row.status,
        place=Place(row.platform, row.community, row.channel),
        zone=row.zone,
        question=from_json(row.body),
        owner=row.player_id,
        take_id=row.take_id,
        position=row.position,
        speed=row.speed,
        by_reaction=row.answers == "reactions",
        wish=row.wish,
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
        message_id=row.message,
        due_at=row.due_at,
    )


async def _one(tx: Transaction, *where: ColumnElement[bool]) -> Round | None:
    row = (await tx.execute(_ROUND.where(*where))).one_or_none()
    return _round(row) if row else None


async def find(tx: Transaction, round_id: int) -> Round | None:
    """Every answer asks for this, so the query stands ready: to build it takes as long as to run it."""
    row = (await tx.execute(_BY_ID, {"round_id": round_id})).one_or_none()
    return _round(row) if row else None


async def by_act(tx: Transaction, act: str) -> Round | None:
    return await _one(tx, rounds.c.act == act)


async def by_message(tx: Transaction, message: MessageRef) -> Round | None:
    place = message.place
    return await _one(
        tx,
        rounds.c.message == message.id,
        places.c.platform == place.platform,
        places.c.community == place.community,
        places.c.channel == place.channel,
        rounds.c.player_id.is_(None),
    )


async def live_in(tx: Transaction, place_id: int) -> Round | None:
    """The live round that is under way in a place."""
    return await _one(
        tx, rounds.c.place_id == place_id, rounds.c.mode == "live", rounds.c.status.in_(OPEN)
    )


async def open_among(tx: Transaction, platform: str, community: str) -> list[Round]:
    """What is open to everyone in a community, the newest first."""
    query = _ROUND.where(
        places.c.platform == platform,
        places.c.community == community,
        rounds.c.mode.in_(("live", "daily")),
        rounds.c.status == "open",
    )
    return [_round(row) for row in await tx.execute(query.order_by(rounds.c.id.desc()))]


async def in_take(tx: Transaction, take_id: int) -> list[Round]:
    rows = await tx.execute(_ROUND.where(rounds.c.take_id == take_id).order_by(rounds.c.position))
    return [_round(row) for row in rows]


async def practising(tx: Transaction, place_id: int, player_id: int) -> list[Round]:
    """The practice question that lies open before a member in a place; two where they asked twice at one instant."""
    query = _ROUND.where(
        rounds.c.place_id == place_id,
        rounds.c.player_id == player_id,
        rounds.c.mode == "practice",
        rounds.c.status == "open",
    )
    return [_round(row) for row in await tx.execute(query)]


async def keep_wording(tx: Transaction, question: Question) -> None:
    row = insert_into(tx, wordings).values(
        digest=question.digest, question=question.id, body=to_json(question)
    )
    await tx.execute(row.on_conflict_do_nothing())


async def wording(tx: Transaction, digest: str) -> Question:
    return from_json(
        (await tx.execute(select(wordings.c.body).where(wordings.c.digest == digest))).scalar_one()
    )


async def claim(tx: Transaction, question: Question, **columns: Any) -> int | None:
    """A row for a round; None where a key says that it stands already (the same act, a live round in the place)."""
    await keep_wording(tx, question)
    row = insert_into(tx, rounds).values(question=question.id, digest=question.digest, **columns)
    round_id: int | None = (
        await tx.execute(row.on_conflict_do_nothing().returning(rounds.c.id))
    ).scalar()
    return round_id


async def opened(
    tx: Transaction, round_id: int, message: str, at: datetime, closes_at: datetime | None
) -> None:
    """The message stands: the clock starts at the instant its platform gives."""
    await tx.execute(
        update(rounds)
        .where(rounds.c.id == round_id, rounds.c.status == "claimed")
        .values(status="open", message=message, opened_at=at, closes_at=closes_at)
    )


async def shown_as(tx: Transaction, round_id: int, message: str) -> None:
    await tx.execute(update(rounds).where(rounds.c.id == round_id).values(message=message))


async def move(
    tx: Transaction, round_id: int, was: Status, becomes: Status, **columns: Any
) -> bool:
    """End a round, or mark its end as told, if it is still what it was; whoever gets True does what follows."""
    change = update(rounds).where(rounds.c.id == round_id, rounds.c.status == was)
    return (await tx.execute(change.values(status=becomes, live_in=None, **columns))).rowcount == 1


async def unfinished(tx: Transaction, status: Status) -> list[Round]:
    """Rounds left in a status that should not last: claimed but not posted, closed but not told.

    A daily's are left to whoever leases its occurrence.
    """
    left = _ROUND.where(rounds.c.status == status, rounds.c.mode != "daily")
    return [_round(row) for row in await tx.execute(left.order_by(rounds.c.id))]


def _everyone_finished() -> ColumnElement[bool]:
    sitting = and_(sittings.c.round_id == rounds.c.id, sittings.c.finished_at.is_(None))
    return not_(exists().where(sitting))


def _over(now: datetime, grace: timedelta) -> ColumnElement[bool]:
    early = and_(rounds.c.early_at <= now, _everyone_finished())
    return and_(rounds.c.status == "open", or_(rounds.c.closes_at <= now - grace, early))


async def over(tx: Transaction, now: datetime, grace: timedelta) -> list[int]:
    """Open rounds whose time has passed, or in which everyone who joined has finished."""
    rows = await tx.execute(select(rounds.c.id).where(_over(now, grace)).order_by(rounds.c.id))
    return list(rows.scalars())


async def by_reaction(tx: Transaction, platform: str) -> list[Round]:
    """Open rounds that people answer by reactions."""
    rows = await tx.execute(
        _ROUND.where(
            rounds.c.status == "open",
            rounds.c.answers == "reactions",
            rounds.c.message.is_not(None),
            places.c.platform == platform,
        ).order_by(rounds.c.id)
    )
    return [_round(row) for row in rows]


async def close(
    tx: Transaction, round_ids: Sequence[int], now: datetime, grace: timedelta
) -> list[int]:
    """Close those of these rounds that are still over now, each for one caller; every sitting in them ends."""
    held = select(rounds.c.id).where(rounds.c.id.in_(round_ids)).order_by(rounds.c.id)
    await tx.execute(held.with_for_update())
    change = update(rounds).where(rounds.c.id.in_(round_ids), _over(now, grace))
    change = change.values(status="closed", closed_at=now, live_in=None)
    closed = list((await tx.execute(change.returning(rounds.c.id))).scalars())
    rest = update(sittings).where(sittings.c.round_id.in_(closed), sittings.c.finished_at.is_(None))
    await tx.execute(rest.values(finished_at=now))
    return sorted(closed)


async def next_due(tx: Transaction, grace: timedelta) -> datetime | None:
    """The earliest instant at which an open round may have to be closed."""
    closing = select(func.min(rounds.c.closes_at)).where(rounds.c.status == "open")
    early = select(func.min(rounds.c.early_at)).where(
        rounds.c.status == "open", _everyone_finished()
    )
    ends = (await tx.execute(closing)).scalar_one()
    due = [ends + grace] if ends else []
    soon = (await tx.execute(early)).scalar_one()
    return min([*due, soon]) if soon else min(due, default=None)


async def close_early_at(tx: Transaction, round_id: int, at: datetime) -> None:
    await tx.execute(update(rounds).where(rounds.c.id == round_id).values(early_at=at))


async def sitting(tx: Transaction, round_id: int, player_id: int) -> Sitting | None:
    rows = await tx.execute(
        select(*_SITTING).where(sittings.c.round_id == round_id, sittings.c.player_id == player_id)
    )
    row = rows.one_or_none()
    return Sitting(*row) if row else None


async def sittings_in(tx: Transaction, round_ids: Sequence[int]) -> list[Sitting]:
    """Of those who took part; who only looked in after the end did not."""
    took_part = or_(
        sittings.c.tries_used > 0,
        sittings.c.finished_at.is_(None),
        sittings.c.finished_at != sittings.c.joined_at,
    )
    rows = await tx.execute(select(*_SITTING).where(sittings.c.round_id.in_(round_ids), took_part))
    return [Sitting(*row) for row in rows]


async def stays_open(tx: Transaction, round_id: int) -> bool:
    """Whether a round is open, and it stays so until this transaction ends."""
    row = (
        select(rounds.c.id)
        .where(rounds.c.id == round_id, rounds.c.status.in_(OPEN))
        .with_for_update(read=True)
    )
    return (await tx.execute(row)).one_or_none() is not None


async def first_solved(tx: Transaction, round_id: int, most: int) -> list[Sitting]:
    """Those who solved it, in the order in which they did."""
    solved = select(*_SITTING).where(sittings.c.round_id == round_id, sittings.c.solved)
    rows = await tx.execute(
        solved.order_by(sittings.c.finished_at, sittings.c.player_id).limit(most)
    )
    return [Sitting(*row) for row in rows]


async def sit(tx: Transaction, round_id: int, player_id: int, at: datetime) -> bool:
    """Join a round; False where the member had joined before."""
    row = insert_into(tx, sittings).values(round_id=round_id, player_id=player_id, joined_at=at)
    return await added(tx, row)


async def look_in(tx: Transaction, round_id: int, player_id: int, at: datetime) -> None:
    """Note that the key was shown to somebody who came after the end; a sitting of theirs says it already."""
    row = insert_into(tx, sittings).values(
        round_id=round_id, player_id=player_id, joined_at=at, finished_at=at
    )
    await tx.execute(row.on_conflict_do_nothing())


async def tally(tx: Transaction, round_id: int) -> Tally:
    counts = select(func.count(), func.count(sittings.c.finished_at)).where(
        sittings.c.round_id == round_id
    )
    joined, finished = (await tx.execute(counts)).one()
    return Tally(joined, finished)


async def has_hinted(tx: Transaction, act: str) -> bool:
    """Whether this act has taken its hint already."""
    return (
        await tx.execute(select(hints.c.number).where(hints.c.act == act))
    ).one_or_none() is not None


async def take_hint(
    tx: Transaction, act: str, round_id: int, player_id: int, number: int, at: datetime
) -> bool:
    """Log the member's next hint; False where it was taken already or the sitting is over."""
    change = update(sittings).where(
        sittings.c.round_id == round_id,
        sittings.c.player_id == player_id,
        sittings.c.hints_taken == number - 1,
        sittings.c.finished_at.is_(None),
    )
    if (await tx.execute(change.values(hints_taken=number))).rowcount != 1:
        return False
    await tx.execute(
        insert(hints).values(round_id=round_id, player_id=player_id, number=number, act=act, at=at)
    )
    return True


_GIVEN = (
    attempts.c.round_id,
    attempts.c.player_id,
    attempts.c.number,
    attempts.c.answer,
    attempts.c.share,
    attempts.c.points,
    attempts.c.gain,
    attempts.c.factors,
    attempts.c.at,
)


def given(row: AnyRow) -> Given:
    values = row._asdict()
    return Given(**{**values, "answer": tuple(values["answer"])})


async def answers_in(
    tx: Transaction, round_ids: Sequence[int], player_id: int | None = None
) -> list[Given]:
    query = select(*_GIVEN).where(attempts.c.round_id.in_(round_ids))
    if player_id is not None:
        query = query.where(attempts.c.player_id == player_id)
    rows = await tx.execute(
        query.order_by(attempts.c.at, attempts.c.round_id, attempts.c.number, attempts.c.player_id)
    )
    return [given(row) for row in rows]
