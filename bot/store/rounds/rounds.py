"""Rounds: one question asked once, in a place or to one member."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, select, update

from bot.identity import MessageRef, Place
from bot.model.rounds import OPEN_STATUSES, Round, RoundStatus
from bot.quiz.questions import Question, from_json
from bot.store.rounds import wordings
from bot.store.sql.database import Transaction, insert_into
from bot.store.sql.tables.places import places
from bot.store.sql.tables.rounds import rounds
from bot.store.sql.tables.rounds import wordings as wordings_table

AnyRow = Row[*tuple[Any, ...]]


_ROUND = (
    select(
        rounds,
        places.c.platform,
        places.c.community,
        places.c.channel,
        places.c.zone,
        wordings_table.c.body,
    )
    .join(places, places.c.id == rounds.c.place_id)
    .join(wordings_table, wordings_table.c.digest == rounds.c.digest)
)


_BY_ID = _ROUND.where(rounds.c.id == bindparam("round_id"))


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
        question_filter=row.question_filter,
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
        tx,
        rounds.c.place_id == place_id,
        rounds.c.mode == "live",
        rounds.c.status.in_(OPEN_STATUSES),
    )


async def open_in_community(tx: Transaction, platform: str, community: str) -> list[Round]:
    """What is open to everyone in a community, the newest first."""
    query = _ROUND.where(
        places.c.platform == platform,
        places.c.community == community,
        rounds.c.mode.in_(("live", "daily")),
        rounds.c.status == "open",
    )
    return [_round(row) for row in await tx.execute(query.order_by(rounds.c.id.desc()))]


async def open_by_reaction(tx: Transaction, platform: str) -> list[Round]:
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


async def in_take(tx: Transaction, take_id: int) -> list[Round]:
    rows = await tx.execute(_ROUND.where(rounds.c.take_id == take_id).order_by(rounds.c.position))
    return [_round(row) for row in rows]


async def open_practice(tx: Transaction, place_id: int, player_id: int) -> list[Round]:
    """The practice question that lies open before a member in a place; two where they asked twice at one instant."""
    query = _ROUND.where(
        rounds.c.place_id == place_id,
        rounds.c.player_id == player_id,
        rounds.c.mode == "practice",
        rounds.c.status == "open",
    )
    return [_round(row) for row in await tx.execute(query)]


async def left_in_status(tx: Transaction, status: RoundStatus) -> list[Round]:
    """Rounds left in a status that should not last: claimed but not posted, closed but not told.

    A daily's are left to whoever leases its occurrence.
    """
    left = _ROUND.where(rounds.c.status == status, rounds.c.mode != "daily")
    return [_round(row) for row in await tx.execute(left.order_by(rounds.c.id))]


async def claim(tx: Transaction, question: Question, **columns: Any) -> int | None:
    """A row for a round; None where a key says that it stands already (the same act, a live round in the place)."""
    await wordings.add(tx, question)
    row = insert_into(tx, rounds).values(question=question.id, digest=question.digest, **columns)
    round_id: int | None = (
        await tx.execute(row.on_conflict_do_nothing().returning(rounds.c.id))
    ).scalar()
    return round_id


async def mark_open(
    tx: Transaction, round_id: int, message: str, at: datetime, closes_at: datetime | None
) -> None:
    """The message stands: the clock starts at the instant its platform gives."""
    await tx.execute(
        update(rounds)
        .where(rounds.c.id == round_id, rounds.c.status == "claimed")
        .values(status="open", message=message, opened_at=at, closes_at=closes_at)
    )


async def set_message(tx: Transaction, round_id: int, message: str) -> None:
    await tx.execute(update(rounds).where(rounds.c.id == round_id).values(message=message))


async def change_status(
    tx: Transaction, round_id: int, was: RoundStatus, becomes: RoundStatus, **columns: Any
) -> bool:
    """End a round, or mark its end as told, if it is still what it was; whoever gets True does what follows."""
    change = update(rounds).where(rounds.c.id == round_id, rounds.c.status == was)
    return (await tx.execute(change.values(status=becomes, live_in=None, **columns))).rowcount == 1
