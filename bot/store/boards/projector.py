"""The projector adds answers to boards, a moment behind the ledger."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select, text, tuple_, update

from bot.identity import Place
from bot.store.boards.boards import BITS, LEVELS, scope_key
from bot.store.sql.database import Database, Transaction, insert_into
from bot.store.sql.tables.boards import (
    boards,
    round_boards,
    score_histogram,
    scores,
    uncounted_attempts,
)
from bot.store.sql.tables.people import members
from bot.store.sql.tables.rounds import attempts

BATCH = 2000


RESTS = 4
"""Rests so many times as long as it worked: answers go before boards."""


LOCK = 0x7063_0001


log = logging.getLogger(__name__)


Key = tuple[int, int]


class Projector:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting = asyncio.Event()
        self._waiting.set()

    def nudge(self) -> None:
        self._waiting.set()

    async def run(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            await self._waiting.wait()
            self._waiting.clear()
            begun = clock()
            try:
                await self.catch_up()
            except Exception:
                log.exception("boards could not be brought up to date; the next answer tries again")
            await asyncio.sleep(RESTS * (clock() - begun))

    async def catch_up(self) -> None:
        """Fold all that is written; returns when the boards are true."""
        folded = BATCH
        while folded == BATCH:
            async with self._database.act() as tx:
                folded = await project_batch(tx)


async def project_batch(tx: Transaction) -> int:
    """Fold one batch. Two processes take turns, so no gain is counted twice."""
    await lock_scores(tx)
    key = (
        uncounted_attempts.c.round_id,
        uncounted_attempts.c.player_id,
        uncounted_attempts.c.number,
    )
    rows = (await tx.execute(select(*key).order_by(*key).limit(BATCH))).all()
    if not rows:
        return 0
    keys = [tuple(row) for row in rows]
    await add_points(tx, await _gains(tx, keys))
    await tx.execute(delete(uncounted_attempts).where(tuple_(*key).in_(keys)))
    return len(rows)


async def lock_scores(tx: Transaction) -> None:
    """One process at a time changes who stands where; it comes before any other lock, so none wait in a ring."""
    if tx.dialect.name == "postgresql":
        await tx.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


async def _gains(tx: Transaction, keys: list[Any]) -> Counter[Key]:
    query = (
        select(round_boards.c.board_id, attempts.c.player_id, attempts.c.gain)
        .join(round_boards, round_boards.c.round_id == attempts.c.round_id)
        .where(tuple_(attempts.c.round_id, attempts.c.player_id, attempts.c.number).in_(keys))
    )
    gains: Counter[Key] = Counter()
    for board_id, player_id, gain in await tx.execute(query):
        gains[board_id, player_id] += gain
    return gains


async def add_points(tx: Transaction, gains: Counter[Key]) -> None:
    """Add points to scores, and move their owners from bucket to bucket."""
    if not gains:
        return
    keys = sorted(gains)
    held = await _held(tx, keys)
    gone = await _gone(tx, [key for key in keys if key not in held])
    moves: Counter[tuple[int, int]] = Counter()
    rows = []
    for board_id, player_id in keys:
        before, shown = held.get((board_id, player_id), (None, (board_id, player_id) not in gone))
        points = (before or 0) + gains[board_id, player_id]
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
            index_elements=[scores.c.board_id, scores.c.player_id],
            set_={"points": row.excluded.points},
        ),
        rows,
    )
    await _move(tx, moves)


async def recount(tx: Transaction, players: Sequence[int], *, without: Sequence[int] = ()) -> None:
    """These members' points on all boards, counted anew from their answers; who is left without comes off them."""
    while await project_batch(tx) == BATCH:
        pass
    every = [*players, *without]
    moves: Counter[tuple[int, int]] = Counter()
    for row in await tx.execute(select(scores).where(scores.c.player_id.in_(every))):
        moves[row.board_id, row.points] -= row.shown
    await tx.execute(delete(scores).where(scores.c.player_id.in_(every)))
    await _move(tx, moves)
    query = (
        select(round_boards.c.board_id, attempts.c.player_id, func.sum(attempts.c.gain))
        .join(round_boards, round_boards.c.round_id == attempts.c.round_id)
        .where(attempts.c.player_id.in_(players))
        .group_by(round_boards.c.board_id, attempts.c.player_id)
        .having(func.sum(attempts.c.gain) > 0)
    )
    await add_points(
        tx,
        Counter(
            {
                (board_id, player_id): int(gain)
                for board_id, player_id, gain in await tx.execute(query)
            }
        ),
    )


async def _held(tx: Transaction, keys: Sequence[Key]) -> dict[Key, tuple[int, bool]]:
    """Points of these members on these boards, whichever of them they stand on."""
    on, of = (
        {key[part] for key in keys} for part in (0, 1)
    )  # pairs by the thousand are more than a parser stands
    query = select(scores).where(scores.c.board_id.in_(on), scores.c.player_id.in_(of))
    return {
        (row.board_id, row.player_id): (row.points, row.shown) for row in await tx.execute(query)
    }


async def _gone(tx: Transaction, keys: Sequence[Key]) -> set[Key]:
    """Those who left the board's community before they came onto it: their last answer was folded after they went."""
    if not keys:
        return set()
    of = {player for _, player in keys}
    query = select(members).where(members.c.player_id.in_(of), members.c.left_at.is_not(None))
    left = [
        (row.player_id, scope_key("community", Place(row.platform, row.community, "")))
        for row in await tx.execute(query)
    ]
    if not left:
        return set()
    local = select(boards.c.id, boards.c.scope_key).where(
        boards.c.id.in_({board for board, _ in keys}), boards.c.scope != "everywhere"
    )
    found = [(row.id, row.scope_key) for row in await tx.execute(local)]
    return {
        (board, player)
        for board, key in found
        for player, within in left
        if f"{key}/".startswith(f"{within}/")
    }


async def _move(tx: Transaction, moves: Counter[tuple[int, int]]) -> None:
    """Change how many members stand at which points, on every level of the histogram."""
    change: Counter[tuple[int, int, int]] = Counter()
    for (board_id, points), n in moves.items():
        for level in range(LEVELS):
            change[board_id, level, points >> (BITS * level)] += n
    rows = [
        dict(zip(("board_id", "level", "bucket", "n"), (*key, n), strict=True))
        for key, n in sorted(change.items())
        if n
    ]
    if rows:
        row = insert_into(tx, score_histogram)
        keys = [score_histogram.c.board_id, score_histogram.c.level, score_histogram.c.bucket]
        await tx.execute(
            row.on_conflict_do_update(
                index_elements=keys, set_={"n": score_histogram.c.n + row.excluded.n}
            ),
            rows,
        )


async def set_shown(tx: Transaction, player_id: int, place: Place, *, shown: bool) -> None:
    """Take somebody who left off the boards of a community, or put somebody who came back on them again."""
    await lock_scores(tx)
    within = scope_key("community", place)
    query = (
        select(scores.c.board_id, scores.c.points)
        .join(boards, boards.c.id == scores.c.board_id)
        .where(
            scores.c.player_id == player_id,
            scores.c.shown != shown,
            boards.c.scope != "everywhere",
            (boards.c.scope_key == within)
            | boards.c.scope_key.startswith(within + "/", autoescape=True),
        )
    )
    rows = (await tx.execute(query)).all()
    await _move(tx, Counter({(row.board_id, row.points): 1 if shown else -1 for row in rows}))
    change = update(scores).where(
        scores.c.player_id == player_id, scores.c.board_id.in_([row.board_id for row in rows])
    )
    await tx.execute(change.values(shown=shown))


async def rebuild(tx: Transaction) -> None:
    """Boards anew from attempts alone, as after a key was mended."""
    await lock_scores(tx)
    if (
        tx.dialect.name == "postgresql"
    ):  # an answer written between the lines below would be counted here and there
        await tx.execute(text("lock table uncounted_attempts in share row exclusive mode"))
    await tx.execute(delete(uncounted_attempts))
    await tx.execute(delete(score_histogram))
    await tx.execute(delete(scores))
    query = select(attempts.c.round_id, attempts.c.player_id, attempts.c.number).where(
        attempts.c.gain != 0
    )
    keys = [tuple(row) for row in await tx.execute(query)]
    for start in range(0, len(keys), BATCH):
        await add_points(tx, await _gains(tx, keys[start : start + BATCH]))
