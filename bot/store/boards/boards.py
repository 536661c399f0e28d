"""Boards, with ranks read from a histogram."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, tuple_

from bot.identity import Place
from bot.model.boards import Board, BoardLine, BoardPeriod, BoardScope
from bot.store.sql.database import Transaction
from bot.store.sql.rows import AnyRow, insert_into
from bot.store.sql.tables.people import players
from bot.store.sql.tables.rounds import boards, round_boards, score_histogram, scores

LEVELS = 4
# The histogram counts points in buckets of 1, 64, 4096 and 262144. Four short reads give a rank
# below 2**24 points.
BITS = 6


def scope_key(scope: BoardScope, place: Place) -> str:
    parts = {
        "here": (place.platform, place.community, place.channel),
        "community": (place.platform, place.community),
    }
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts.get(scope, ()))


async def assign_round(
    tx: Transaction, round_id: int, place: Place, periods: Mapping[str, str]
) -> None:
    names = ("scope", "scope_key", "period", "period_key")
    scopes: tuple[BoardScope, ...] = ("here", "community", "everywhere")
    keys = [
        (scope, scope_key(scope, place), *period) for scope in scopes for period in periods.items()
    ]
    rows = [dict(zip(names, key, strict=True)) for key in sorted(keys)]
    await tx.execute(insert_into(tx, boards).on_conflict_do_nothing(), rows)
    columns = tuple_(*(boards.c[name] for name in names))
    ids = await tx.scalars(select(boards.c.id).where(columns.in_(keys)))
    await tx.execute(
        insert_into(tx, round_boards).on_conflict_do_nothing(),
        [{"round_id": round_id, "board_id": board_id} for board_id in ids],
    )


async def find(
    tx: Transaction, scope: BoardScope, place: Place, period: BoardPeriod, period_key: str
) -> int | None:
    query = select(boards.c.id).filter_by(
        scope=scope, scope_key=scope_key(scope, place), period=period, period_key=period_key
    )
    return await tx.scalar(query)


def _lines(board_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(scores.c.player_id, players.c.name, players.c.name_hidden, scores.c.points)
        .join(players, players.c.id == scores.c.player_id)
        .where(scores.c.board_id == board_id, scores.c.shown)
    )


async def read(tx: Transaction, board_id: int, reader: int, top: int = 10, near: int = 2) -> Board:
    best = _lines(board_id).where(scores.c.points > 0)
    in_order = best.order_by(scores.c.points.desc(), scores.c.player_id).limit(top)
    first = _with_ranks_of_top((await tx.execute(in_order)).all())
    is_in_top = any(line.player_id == reader for line in first)
    around = () if is_in_top else await _lines_around_reader(tx, board_id, reader, near)
    members = select(_members(board_id, score_histogram.c.level == LEVELS - 1))
    return Board(first, around, (await tx.scalars(members)).one())


async def _lines_around_reader(
    tx: Transaction, board_id: int, reader: int, near: int
) -> tuple[BoardLine, ...]:
    own = (await tx.execute(_lines(board_id).where(scores.c.player_id == reader))).one_or_none()
    if own is None or own.points <= 0:
        return ()
    points = scores.c.points
    player = scores.c.player_id
    # The plain bound lets an index begin there: an `or` alone would read the whole board.
    above = _lines(board_id).where(points >= own.points, or_(points > own.points, player < reader))
    below = _lines(board_id).where(
        points.between(1, own.points), or_(points < own.points, player > reader)
    )
    higher = (await tx.execute(above.order_by(points, player.desc()).limit(near))).all()
    lower = (await tx.execute(below.order_by(points.desc(), player).limit(near))).all()
    return await _with_ranks(tx, board_id, [*reversed(higher), own, *lower])


def _with_ranks_of_top(rows: Sequence[AnyRow]) -> tuple[BoardLine, ...]:
    ranks: dict[int, int] = {}
    for position, row in enumerate(rows, 1):
        ranks.setdefault(row.points, position)
    return tuple(BoardLine(**row._asdict(), rank=ranks[row.points]) for row in rows)


async def _with_ranks(
    tx: Transaction, board_id: int, rows: Sequence[AnyRow]
) -> tuple[BoardLine, ...]:
    """Ties share a rank: one more than the number of members with more points."""
    different = list(dict.fromkeys(row.points for row in rows))
    above = (await tx.execute(select(*(_above(board_id, points) for points in different)))).one()
    ranks = dict(zip(different, above, strict=True))
    return tuple(BoardLine(**row._asdict(), rank=1 + int(ranks[row.points])) for row in rows)


def _above(board_id: int, points: int) -> ColumnElement[Any]:
    """Per level the buckets above, within the bucket one level up."""
    bucket = score_histogram.c.bucket
    parts = []
    for level in range(LEVELS):
        within = [score_histogram.c.level == level, bucket > points >> (BITS * level)]
        if level < LEVELS - 1:
            within.append(bucket < ((points >> (BITS * (level + 1))) + 1) << BITS)
        # A subquery each: one `or` over all levels would read the whole board.
        parts.append(_members(board_id, *within))
    return sum(parts, start=literal(0))


def _members(board_id: int, *where: ColumnElement[bool]) -> ColumnElement[Any]:
    count = select(func.coalesce(func.sum(score_histogram.c.n), 0))
    return count.where(score_histogram.c.board_id == board_id, *where).scalar_subquery()
