"""A board among 10,000 and 100,000 members, and how far boards lag behind a storm.

A board is read with the reader's rank and neighbours.

SQLite. A view is the top ten, the reader's rank and two neighbours on each side; readers are drawn
at random. Beside it the same rank by a window function over all scores. The lag is the time from
10,000 answers written to boards that are true.
"""

import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

from sqlalchemy import insert, text

from bot.store.boards import boards, projector
from bot.store.boards.projector import Projector
from bot.store.rounds.ledger import record
from bot.store.sql.database import Database
from bot.store.sql.schema import upgrade
from bot.store.sql.tables.people import players
from tests.bench import Findings, Goal
from tests.store.scene import ANNEX, HALL, NINE, Scene, answer

SMALL, LARGE = 10_000, 100_000
STORM = 10_000
VIEWS = 200
WINDOWS = 5
AT_ONCE = 2000
BY_WINDOW = """
select place from (
    select player_id, rank() over (order by points desc) as place
    from scores where board_id = :board
)
where player_id = :player
"""


async def crowd(scene: Scene, chance: random.Random, members: int) -> int:
    """A board with so many members on it."""
    await scene.open_round()
    async with scene.database.transaction() as tx:
        await tx.execute(
            insert(players), [{"name": f"M{n}", "created_at": NINE} for n in range(members)]
        )
        board_id = await boards.find(tx, "everywhere", HALL, "all", "")
        assert board_id is not None
        for start in range(1, members + 1, AT_ONCE):
            ids = range(start, min(start + AT_ONCE, members + 1))
            await projector.add_points(
                tx, Counter({(board_id, player): chance.randrange(1, 50_000) for player in ids})
            )
    return board_id


async def spent(times: int, act: Callable[[], Awaitable[object]]) -> float:
    """Median milliseconds of an act."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        await act()
        taken.append(time.perf_counter() - began)
    return 1000 * median(taken)


async def views(file: Path, members: int) -> tuple[float, float]:
    """Milliseconds of a view, and of a rank by a window function."""
    chance = random.Random(members)
    scene = await _scene(file)
    board_id = await crowd(scene, chance, members)
    async with scene.database.reading() as tx:
        view = await spent(VIEWS, lambda: boards.read(tx, board_id, chance.randrange(1, members)))
        window = await spent(
            WINDOWS,
            lambda: tx.execute(
                text(BY_WINDOW), {"board": board_id, "player": chance.randrange(1, members)}
            ),
        )
    await scene.database.close()
    return view, window


async def lag(file: Path) -> float:
    """Seconds until the boards are true after a storm of answers."""
    scene = await _scene(file)
    await crowd(scene, random.Random(1), STORM)
    round_id = await scene.open_round(ANNEX)
    async with scene.database.transaction() as tx:
        for start in range(1, STORM + 1, AT_ONCE):
            ids = range(start, start + AT_ONCE)
            await record(tx, [answer(f"act {player}", round_id, player, share=1) for player in ids])
    began = time.perf_counter()
    await Projector(scene.database).catch_up()
    seconds = time.perf_counter() - began
    await scene.database.close()
    return seconds


async def _scene(file: Path) -> Scene:
    database = Database(f"sqlite+aiosqlite:///{file}")
    await upgrade(database)
    return Scene(database)


async def _measured(folder: Path) -> Findings:
    small, _ = await views(folder / "small.db", SMALL)
    large, window = await views(folder / "large.db", LARGE)
    figures = {
        "view_small_ms": small,
        "view_large_ms": large,
        "view_growth": large / small,
        "window_large_ms": window,
        "window_vs_view": window / large,
        "storm_lag_seconds": await lag(folder / "lag.db"),
    }
    goals = {
        name: Goal(figures[name], bound)
        for name, bound in {"view_growth": 1.5, "storm_lag_seconds": 5}.items()
    }
    return Findings(figures, goals)


def measure() -> Findings:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measured(Path(folder)))
