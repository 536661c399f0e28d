"""Rounds: one question asked once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select, update

from bot.identity import MessageRef, Place
from bot.model.rounds import OPEN_STATUSES, Round, RoundStatus
from bot.quiz.questions import Question, from_json, to_json
from bot.store.sql.database import Transaction
from bot.store.sql.rows import (
    PLACE,
    AnyRow,
    find_all,
    find_one,
    in_community,
    insert_into,
    insert_new,
    is_found,
    matches_place,
    update_row,
    with_place,
)
from bot.store.sql.tables.people import places
from bot.store.sql.tables.rounds import rounds, sittings, wordings

_ROUND = (
    select(rounds, *PLACE, places.c.zone, wordings.c.body)
    .join(places, places.c.id == rounds.c.place_id)
    .join(wordings, wordings.c.digest == rounds.c.digest)
)
_BY_ID = _ROUND.where(rounds.c.id == bindparam("round_id"))


def _round(row: AnyRow) -> Round:
    return with_place(
        Round,
        row,
        question=from_json(row.body),
        owner=row.player_id,
        by_reaction=row.answers == "reactions",
        message_id=row.message,
    )


async def _find(tx: Transaction, *where: ColumnElement[bool]) -> Round | None:
    return await find_one(tx, _ROUND.where(*where), _round)


async def _find_all(tx: Transaction, *where: ColumnElement[bool]) -> list[Round]:
    return await find_all(tx, _ROUND.where(*where).order_by(rounds.c.id), _round)


async def find(tx: Transaction, round_id: int) -> Round | None:
    """Built once, as every answer needs it: building takes as long as running it."""
    row = (await tx.execute(_BY_ID, {"round_id": round_id})).one_or_none()
    return _round(row) if row else None


async def by_act(tx: Transaction, act: str) -> Round | None:
    return await _find(tx, rounds.c.act == act)


async def by_message(tx: Transaction, message: MessageRef) -> Round | None:
    public = rounds.c.player_id.is_(None)
    return await _find(tx, rounds.c.message == message.id, matches_place(message.place), public)


async def live_in(tx: Transaction, place_id: int) -> Round | None:
    return await _find(
        tx,
        rounds.c.place_id == place_id,
        rounds.c.mode == "live",
        rounds.c.status.in_(OPEN_STATUSES),
    )


async def open_in_community(tx: Transaction, platform: str, community: str) -> list[Round]:
    """The newest first."""
    found = await _find_all(
        tx,
        in_community(places, Place(platform, community, "")),
        rounds.c.mode.in_(("live", "daily")),
        rounds.c.status == "open",
    )
    return found[::-1]


async def open_by_reaction(tx: Transaction, platform: str) -> list[Round]:
    return await _find_all(
        tx,
        rounds.c.status == "open",
        rounds.c.answers == "reactions",
        rounds.c.message.is_not(None),
        places.c.platform == platform,
    )


async def of_pack_take(tx: Transaction, take_id: int) -> list[Round]:
    query = _ROUND.where(rounds.c.take_id == take_id)
    return await find_all(tx, query.order_by(rounds.c.position), _round)


async def open_practice(tx: Transaction, place_id: int, player_id: int) -> list[Round]:
    """Two where they asked twice at one instant."""
    return await _find_all(
        tx,
        rounds.c.place_id == place_id,
        rounds.c.player_id == player_id,
        rounds.c.mode == "practice",
        rounds.c.status == "open",
    )


async def left_in_status(tx: Transaction, status: RoundStatus) -> list[Round]:
    """Those of dailies are left to whoever leases the occurrence."""
    return await _find_all(tx, rounds.c.status == status, rounds.c.mode != "daily")


async def claim(tx: Transaction, question: Question, **columns: Any) -> int | None:
    """None where the same act made one, or a live one is under way in the place."""
    await add_wording(tx, question)
    row = insert_into(tx, rounds).values(question=question.id, digest=question.digest, **columns)
    round_id: int | None = await tx.scalar(row.on_conflict_do_nothing().returning(rounds.c.id))
    return round_id


async def mark_open(
    tx: Transaction, round_id: int, message: str, at: datetime, closes_at: datetime | None
) -> None:
    await update_row(
        tx,
        rounds,
        {"id": round_id, "status": "claimed"},
        status="open",
        message=message,
        opened_at=at,
        closes_at=closes_at,
    )


async def set_message(tx: Transaction, round_id: int, message: str) -> None:
    await update_row(tx, rounds, {"id": round_id}, message=message)


async def change_status(
    tx: Transaction, round_id: int, before: RoundStatus, after: RoundStatus, **columns: Any
) -> bool:
    """True for the one process that did."""
    return await update_row(
        tx, rounds, {"id": round_id, "status": before}, status=after, live_in=None, **columns
    )


# When rounds close

_UNFINISHED = exists().where(sittings.c.round_id == rounds.c.id, sittings.c.finished_at.is_(None))


def _is_ready(now: datetime, grace: timedelta) -> ColumnElement[bool]:
    early = (rounds.c.early_at <= now) & ~_UNFINISHED
    return (rounds.c.status == "open") & or_(rounds.c.closes_at <= now - grace, early)


async def ready_to_close(tx: Transaction, now: datetime, grace: timedelta) -> list[int]:
    query = select(rounds.c.id).where(_is_ready(now, grace)).order_by(rounds.c.id)
    return list(await tx.scalars(query))


async def close(
    tx: Transaction, round_ids: Sequence[int], now: datetime, grace: timedelta
) -> list[int]:
    """Those that are still ready; one caller gets each."""
    these = rounds.c.id.in_(round_ids)
    await tx.execute(select(rounds.c.id).where(these).order_by(rounds.c.id).with_for_update())
    closing = update(rounds).where(these, _is_ready(now, grace)).returning(rounds.c.id)
    closed = await tx.scalars(closing.values(status="closed", closed_at=now, live_in=None))
    ids = sorted(closed)
    rest = update(sittings).where(sittings.c.round_id.in_(ids), sittings.c.finished_at.is_(None))
    await tx.execute(rest.values(finished_at=now))
    return ids


async def next_closing_time(tx: Transaction, grace: timedelta) -> datetime | None:
    is_open = rounds.c.status == "open"
    ends = await tx.scalar(select(func.min(rounds.c.closes_at)).where(is_open))
    early = await tx.scalar(select(func.min(rounds.c.early_at)).where(is_open, ~_UNFINISHED))
    times = [ends + grace] if ends else []
    return min([*times, early] if early else times, default=None)


async def allow_early_close(tx: Transaction, round_id: int, at: datetime) -> None:
    await update_row(tx, rounds, {"id": round_id}, early_at=at)


async def lock_if_open(tx: Transaction, round_id: int) -> bool:
    """If it is open, nobody closes it before this transaction ends."""
    query = select(rounds.c.id).filter_by(id=round_id).where(rounds.c.status.in_(OPEN_STATUSES))
    return await is_found(tx, query.with_for_update(read=True))


# Wordings: questions exactly as they were asked


async def add_wording(tx: Transaction, question: Question) -> None:
    body = to_json(question)
    await insert_new(tx, wordings, digest=question.digest, question=question.id, body=body)


async def find_question(tx: Transaction, digest: str) -> Question:
    return (await find_questions(tx, [digest]))[digest]


async def find_questions(tx: Transaction, digests: Sequence[str]) -> dict[str, Question]:
    query = select(wordings.c.digest, wordings.c.body).where(wordings.c.digest.in_(digests))
    return {digest: from_json(body) for digest, body in await tx.execute(query)}
