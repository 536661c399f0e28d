"""Adds answers to boards, a moment behind the ledger."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, func, or_, select, text, tuple_, update

from bot.identity import Place
from bot.store.boards.boards import BITS, LEVELS, scope_key
from bot.store.sql.database import Database, Transaction
from bot.store.sql.rows import insert_into
from bot.store.sql.tables.people import members
from bot.store.sql.tables.rounds import (
    attempts,
    boards,
    round_boards,
    score_histogram,
    scores,
    uncounted_attempts,
)

BATCH = 2000
# Rests so many times as long as it worked: answers go before boards
RESTS = 4
LOCK = 0x7063_0001
log = logging.getLogger(__name__)

# A board and a player
ScoreKey = tuple[int, int]
# By board and points: how many more members have them
Moves = Counter[tuple[int, int]]


class Projector:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._woken = asyncio.Event()
        self._woken.set()

    def nudge(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            await self._woken.wait()
            self._woken.clear()
            started = clock()
            try:
                await self.catch_up()
            except Exception:
                log.exception("boards could not be brought up to date; the next answer tries again")
            await asyncio.sleep(RESTS * (clock() - started))

    async def catch_up(self) -> None:
        added = BATCH
        while added == BATCH:
            async with self._database.transaction() as tx:
                added = await add_batch(tx)


async def add_batch(tx: Transaction) -> int:
    await lock_scores(tx)
    columns = tuple(uncounted_attempts.c)
    rows = (await tx.execute(select(*columns).order_by(*columns).limit(BATCH))).all()
    keys = [tuple(row) for row in rows]
    if keys:
        await add_points(tx, await _gains(tx, keys))
        await tx.execute(delete(uncounted_attempts).where(tuple_(*columns).in_(keys)))
    return len(keys)


async def lock_scores(tx: Transaction) -> None:
    """One process at a time; before any other lock, against deadlocks."""
    if tx.dialect.name == "postgresql":
        await tx.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


async def _gains(tx: Transaction, keys: Sequence[tuple[Any, ...]]) -> Counter[ScoreKey]:
    query = (
        select(round_boards.c.board_id, attempts.c.player_id, attempts.c.gain)
        .join(round_boards, round_boards.c.round_id == attempts.c.round_id)
        .where(tuple_(attempts.c.round_id, attempts.c.player_id, attempts.c.number).in_(keys))
    )
    gains: Counter[ScoreKey] = Counter()
    for board_id, player_id, gain in await tx.execute(query):
        gains[board_id, player_id] += gain
    return gains


async def add_points(tx: Transaction, gains: Counter[ScoreKey]) -> None:
    if not gains:
        return
    keys = sorted(gains)
    known = await _scores(tx, keys)
    gone = await _players_who_left(tx, [key for key in keys if key not in known])
    moves: Moves = Counter()
    rows = []
    for board_id, player_id in keys:
        key = board_id, player_id
        before, shown = known.get(key, (None, key not in gone))
        points = (before or 0) + gains[key]
        rows.append(
            {"board_id": board_id, "player_id": player_id, "points": points, "shown": shown}
        )
        if shown:
            moves[board_id, points] += 1
            if before is not None:
                moves[board_id, before] -= 1
    row = insert_into(tx, scores)
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=["board_id", "player_id"], set_={"points": row.excluded.points}
        ),
        rows,
    )
    await _update_histogram(tx, moves)


async def recount(
    tx: Transaction, player_ids: Sequence[int], *, without: Sequence[int] = ()
) -> None:
    """From their attempts; the points of `without` are taken off."""
    while await add_batch(tx) == BATCH:
        pass
    theirs = scores.c.player_id.in_([*player_ids, *without])
    moves: Moves = Counter()
    for row in await tx.execute(select(scores).where(theirs)):
        moves[row.board_id, row.points] -= row.shown
    await tx.execute(delete(scores).where(theirs))
    await _update_histogram(tx, moves)
    gain = func.sum(attempts.c.gain)
    query = (
        select(round_boards.c.board_id, attempts.c.player_id, gain)
        .join(round_boards, round_boards.c.round_id == attempts.c.round_id)
        .where(attempts.c.player_id.in_(player_ids))
        .group_by(round_boards.c.board_id, attempts.c.player_id)
        .having(gain > 0)
    )
    gains: Counter[ScoreKey] = Counter()
    for board_id, player_id, points in await tx.execute(query):
        gains[board_id, player_id] = int(points)
    await add_points(tx, gains)


async def _scores(tx: Transaction, keys: Iterable[ScoreKey]) -> dict[ScoreKey, tuple[int, bool]]:
    """Of all these players on all these boards: a parser takes no thousands of pairs."""
    board_ids = {board_id for board_id, _ in keys}
    player_ids = {player_id for _, player_id in keys}
    query = select(scores).where(
        scores.c.board_id.in_(board_ids), scores.c.player_id.in_(player_ids)
    )
    rows = await tx.execute(query)
    return {(row.board_id, row.player_id): (row.points, row.shown) for row in rows}


async def _players_who_left(tx: Transaction, keys: Sequence[ScoreKey]) -> set[ScoreKey]:
    player_ids = {player_id for _, player_id in keys}
    query = select(members).where(
        members.c.player_id.in_(player_ids), members.c.left_at.is_not(None)
    )
    left = [
        (row.player_id, scope_key("community", Place(row.platform, row.community, "")))
        for row in await tx.execute(query)
    ]
    if not left:
        return set()
    local = select(boards).where(
        boards.c.id.in_({board_id for board_id, _ in keys}), boards.c.scope != "everywhere"
    )
    return {
        (row.id, player_id)
        for row in await tx.execute(local)
        for player_id, community in left
        if f"{row.scope_key}/".startswith(f"{community}/")
    }


async def _update_histogram(tx: Transaction, moves: Moves) -> None:
    change: Counter[tuple[int, int, int]] = Counter()
    for (board_id, points), n in moves.items():
        for level in range(LEVELS):
            change[board_id, level, points >> (BITS * level)] += n
    rows = [
        {"board_id": board_id, "level": level, "bucket": bucket, "n": n}
        for (board_id, level, bucket), n in sorted(change.items())
        if n
    ]
    if rows:
        row = insert_into(tx, score_histogram)
        more = {"n": score_histogram.c.n + row.excluded.n}
        key = ["board_id", "level", "bucket"]
        await tx.execute(row.on_conflict_do_update(index_elements=key, set_=more), rows)


async def show_or_hide(tx: Transaction, player_id: int, place: Place, *, shown: bool) -> None:
    await lock_scores(tx)
    community = scope_key("community", place)
    within = or_(
        boards.c.scope_key == community,
        boards.c.scope_key.startswith(community + "/", autoescape=True),
    )
    query = (
        select(scores.c.board_id, scores.c.points)
        .join(boards, boards.c.id == scores.c.board_id)
        .where(
            scores.c.player_id == player_id,
            scores.c.shown != shown,
            boards.c.scope != "everywhere",
            within,
        )
    )
    rows = (await tx.execute(query)).all()
    await _update_histogram(
        tx, Counter({(row.board_id, row.points): 1 if shown else -1 for row in rows})
    )
    changed = scores.c.board_id.in_([row.board_id for row in rows])
    mine = update(scores).filter_by(player_id=player_id).where(changed)
    await tx.execute(mine.values(shown=shown))
