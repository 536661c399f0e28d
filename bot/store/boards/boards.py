"""Boards: who has how many points where and when. Read through a histogram, so a rank costs the same in any crowd."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, tuple_

from bot.identity import Place
from bot.model.boards import Board, BoardLine, BoardPeriod, BoardScope
from bot.store.sql.database import Transaction, insert_into
from bot.store.sql.tables.boards import boards, round_boards, score_histogram, scores
from bot.store.sql.tables.people import players

LEVELS = 4


BITS = 6
"""The histogram counts points in buckets of 1, 64, 4096 and 262144: four short reads give a rank below 2**24 points."""


def scope_key(scope: BoardScope, place: Place) -> str:
    parts = {
        "here": (place.platform, place.community, place.channel),
        "community": (place.platform, place.community),
    }
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts.get(scope, ()))


async def assign_round(
    tx: Transaction, round_id: int, place: Place, periods: Mapping[str, str]
) -> None:
    """Fix which boards a round counts for: each scope of its place, each period of the day it opened."""
    keys = [
        (scope, scope_key(scope, place), period, key)
        for scope in ("here", "community", "everywhere")
        for period, key in periods.items()
    ]
    columns = (boards.c.scope, boards.c.scope_key, boards.c.period, boards.c.period_key)
    names = [column.name for column in columns]
    await tx.execute(
        insert_into(tx, boards).on_conflict_do_nothing(),
        [dict(zip(names, key, strict=True)) for key in sorted(keys)],
    )
    ids = (await tx.execute(select(boards.c.id).where(tuple_(*columns).in_(keys)))).scalars()
    await tx.execute(
        insert_into(tx, round_boards).on_conflict_do_nothing(),
        [{"round_id": round_id, "board_id": i} for i in ids],
    )


async def find(
    tx: Transaction, scope: BoardScope, place: Place, period: BoardPeriod, period_key: str
) -> int | None:
    board_id: int | None = (
        await tx.execute(
            select(boards.c.id).where(
                boards.c.scope == scope,
                boards.c.scope_key == scope_key(scope, place),
                boards.c.period == period,
                boards.c.period_key == period_key,
            )
        )
    ).scalar()
    return board_id


def _lines(board_id: int) -> Select[Any]:
    return (
        select(scores.c.player_id, players.c.name, players.c.name_hidden, scores.c.points)
        .join(players, players.c.id == scores.c.player_id)
        .where(scores.c.board_id == board_id, scores.c.shown)
    )


async def read(tx: Transaction, board_id: int, reader: int, top: int = 10, near: int = 2) -> Board:
    best = (
        _lines(board_id)
        .where(scores.c.points > 0)
        .order_by(scores.c.points.desc(), scores.c.player_id)
        .limit(top)
    )
    first = _counted((await tx.execute(best)).all())
    around = (
        ()
        if any(line.player_id == reader for line in first)
        else await _around(tx, board_id, reader, near)
    )
    counted = select(func.coalesce(func.sum(score_histogram.c.n), 0)).where(
        score_histogram.c.board_id == board_id, score_histogram.c.level == LEVELS - 1
    )
    return Board(first, around, (await tx.execute(counted)).scalar_one())


async def _around(tx: Transaction, board_id: int, reader: int, near: int) -> tuple[BoardLine, ...]:
    """The reader and their neighbours on both sides; nothing where they have no points or are not shown."""
    own = (await tx.execute(_lines(board_id).where(scores.c.player_id == reader))).one_or_none()
    if own is None or own.points <= 0:
        return ()
    points, player = scores.c.points, scores.c.player_id
    # The plain bound comes first: an index begins to read there, where an `or` alone would read the whole board.
    above = _lines(board_id).where(points >= own.points, or_(points > own.points, player < reader))
    below = _lines(board_id).where(
        points.between(1, own.points), or_(points < own.points, player > reader)
    )
    over = (await tx.execute(above.order_by(points, player.desc()).limit(near))).all()
    under = (await tx.execute(below.order_by(points.desc(), player).limit(near))).all()
    return await _ranked(tx, board_id, [*reversed(over), own, *under])


def _counted(rows: Any) -> tuple[BoardLine, ...]:
    """The best of a board: here a place in the list is a rank, and ties share the first of their places."""
    ranks: dict[int, int] = {}
    for place, row in enumerate(rows, 1):
        ranks.setdefault(row.points, place)
    return tuple(BoardLine(**row._asdict(), rank=ranks[row.points]) for row in rows)


async def _ranked(tx: Transaction, board_id: int, rows: Any) -> tuple[BoardLine, ...]:
    """Ties share a rank, so a line's rank is one more than the number of members with more points."""
    different = list(dict.fromkeys(row.points for row in rows))
    above = (await tx.execute(select(*(_above(board_id, points) for points in different)))).one()
    ranks = dict(zip(different, above, strict=True))
    return tuple(BoardLine(**row._asdict(), rank=1 + int(ranks[row.points])) for row in rows)


async def rank(tx: Transaction, board_id: int, points: int) -> int:
    return 1 + int((await tx.execute(select(_above(board_id, points)))).scalar_one())


def _above(board_id: int, points: int) -> ColumnElement[Any]:
    """How many have more points: on each level the buckets above, within the bucket one level up."""
    level, bucket = score_histogram.c.level, score_histogram.c.bucket
    counted = select(func.coalesce(func.sum(score_histogram.c.n), 0)).where(
        score_histogram.c.board_id == board_id
    )
    parts = []
    for depth in range(LEVELS):
        within = counted.where(level == depth, bucket > points >> (BITS * depth))
        if depth < LEVELS - 1:
            within = within.where(bucket < ((points >> (BITS * (depth + 1))) + 1) << BITS)
        parts.append(
            within.scalar_subquery()
        )  # one `or` over all levels would read the whole board
    return sum(parts, start=literal(0))
