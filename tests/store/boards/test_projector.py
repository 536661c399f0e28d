"""Boards and the projector behind them: true after whatever happened, whoever folds."""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from bot.identity import Place
from bot.store import people
from bot.store.boards import boards, projector
from bot.store.boards.projector import Projector
from bot.store.rounds.ledger import MOST_IN_BATCH as LARGEST
from bot.store.rounds.ledger import record
from bot.store.sql.database import Database
from bot.store.sql.tables.people import members, players
from bot.store.sql.tables.rounds import (
    attempts,
    round_boards,
    score_histogram,
    scores,
    uncounted_attempts,
)
from bot.store.sql.tables.rounds import boards as board_table
from tests.store.scene import ABROAD, ANNEX, HALL, NINE, Scene, answer, fresh

PLACES = (HALL, ANNEX, ABROAD)
DEADLINE_S = 20
FOLDING = (
    "import asyncio, sys; from bot.store.sql.database import Database; "
    "from bot.store.boards.projector import Projector\n"
    "async def main():\n"
    "    database = Database(sys.argv[1])\n"
    "    await Projector(database).catch_up()\n"
    "    await database.close()\n"
    "sys.stdin.readline(); asyncio.run(main())"
)


async def histogram_of_scores(scene: Scene) -> Counter[tuple[int, int, int]]:
    """The histogram as a recount would write it."""
    counted: Counter[tuple[int, int, int]] = Counter()
    for row in await scene.rows(scores):
        if row["shown"]:
            for level in range(boards.LEVELS):
                counted[row["board_id"], level, row["points"] >> (boards.BITS * level)] += 1
    return counted


async def histogram(scene: Scene) -> Counter[tuple[int, int, int]]:
    rows = await scene.rows(score_histogram)
    assert all(row["n"] >= 0 for row in rows)
    return Counter(
        {(row["board_id"], row["level"], row["bucket"]): row["n"] for row in rows if row["n"]}
    )


async def recounted(scene: Scene) -> Counter[tuple[int, int]]:
    """Every score as the attempts give it."""
    counted: Counter[tuple[int, int]] = Counter()
    counting = [(row["round_id"], row["board_id"]) for row in await scene.rows(round_boards)]
    for row in await scene.rows(attempts):
        for round_id, board_id in counting:
            if round_id == row["round_id"] and row["gain"]:
                counted[board_id, row["player_id"]] += row["gain"]
    return counted


async def assert_true(scene: Scene) -> None:
    """Scores equal attempts and the histogram equals scores.

    Whoever left is hidden where they left.
    """
    assert await scene.rows(uncounted_attempts) == []
    rows = await scene.rows(scores)
    assert {(row["board_id"], row["player_id"]): row["points"] for row in rows} == await recounted(
        scene
    )
    assert await histogram(scene) == await histogram_of_scores(scene)
    known = {row["id"]: row for row in await scene.rows(board_table)}
    left = {
        (row["player_id"], row["community"]) for row in await scene.rows(members) if row["left_at"]
    }
    for row in rows:
        board = known[row["board_id"]]
        gone = any(
            player == row["player_id"] and board["scope_key"].split("/")[1:2] == [community]
            for player, community in left
        )
        assert row["shown"] != gone, board


# What can happen: somebody gains points in a place, leaves its community, comes back;
# or the projector catches up.
ACTS = st.lists(
    st.one_of(
        st.tuples(
            st.just("gain"),
            st.integers(0, 3),
            st.integers(0, 2),
            st.sampled_from((1, 50, 64, 5000)),
        ),
        st.tuples(st.just("leave"), st.integers(0, 3), st.integers(0, 2), st.just(0)),
        st.tuples(st.just("come"), st.integers(0, 3), st.integers(0, 2), st.just(0)),
        st.tuples(st.just("fold"), st.just(0), st.just(0), st.just(0)),
    ),
    max_size=16,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_boards_are_true_after_any_gains_leaves_and_returns_and_a_recount_changes_nothing(
    acts: Sequence[tuple[str, int, int, int]], migrated_file: Path, tmp_path: Path
) -> None:
    asyncio.run(_live_through(acts, fresh(migrated_file, tmp_path)))


async def _live_through(acts: Sequence[tuple[str, int, int, int]], database: Database) -> None:
    scene = Scene(database)
    ids = await scene.members(*"ABCD")
    for n, (act, who, where, points) in enumerate(acts):
        await _do(scene, act, ids[who], PLACES[where], points, n)
    await Projector(database).catch_up()
    await assert_true(scene)
    before = [await scene.rows(scores), await histogram(scene)]
    async with database.transaction() as tx:
        await projector.recount(tx, ids)
    assert [await scene.rows(scores), await histogram(scene)] == before
    await database.close()


async def _do(scene: Scene, act: str, player_id: int, place: Place, points: int, n: int) -> None:
    if act == "fold":
        await Projector(scene.database).catch_up()
    elif act == "gain":
        round_id = await scene.open_round(place, at=NINE + timedelta(days=3 * n))
        async with scene.database.transaction() as tx:
            await record(tx, [answer(f"act {n}", round_id, player_id, share=1, points=points)])
        await scene.close_round(round_id)
    else:
        async with scene.database.transaction() as tx:
            at = NINE + timedelta(days=n)
            await people.enter_community(tx, player_id, place, at)
            if act == "leave":
                await people.leave_community(tx, player_id, place, at)
            await projector.show_or_hide(tx, player_id, place, shown=act == "come")


async def test_two_processes_that_fold_at_once_count_nothing_twice(
    database: Database, database_url: str
) -> None:
    scene = Scene(database)
    ids = await scene.members(*(f"M{n}" for n in range(30)))
    for number in range(20):
        round_id = await scene.open_round(at=NINE + timedelta(days=number))
        async with database.transaction() as tx:
            await record(
                tx,
                [
                    answer(f"act {number} {i}", round_id, i, share=1, points=number * i + 1)
                    for i in ids
                ],
            )
        await scene.close_round(round_id)
    pipe = asyncio.subprocess.PIPE
    both = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", FOLDING, database_url, stdin=pipe
        )
        for _ in "ab"
    ]
    async with asyncio.timeout(DEADLINE_S):
        await asyncio.gather(*(one.communicate(b"go\n") for one in both))
    assert [one.returncode for one in both] == [0, 0]
    await assert_true(scene)


async def test_a_rank_equals_a_brute_force_rank_and_ties_share_it(database: Database) -> None:
    scene = Scene(database)
    chance = random.Random(7)
    points = [
        chance.choice(
            (1, 63, 64, 65, 4095, 4096, 5000, 262_144, 2**24 + 3, chance.randrange(1, 9000))
        )
        for _ in range(200)
    ]
    board_id, ids = await _board_of(scene, points)
    async with database.reading() as tx:
        for mine in {*points, 0, 2, 66, 10_000}:
            above = (await tx.scalars(select(boards._above(board_id, mine)))).one()
            assert above == sum(other > mine for other in points)
        order = sorted(zip(points, ids, strict=True), key=lambda pair: (-pair[0], pair[1]))
        for reader in (ids[0], ids[99], order[10][1], order[-1][1]):
            board = await boards.read(tx, board_id, reader)
            place = [player for _, player in order].index(reader)
            assert [(line.points, line.player_id) for line in board.top] == order[:10]
            around = order[max(0, place - 2) : place + 3] if place >= 10 else []
            assert [(line.points, line.player_id) for line in board.around] == around
            assert board.members == 200
            assert all(
                line.rank == 1 + sum(p > line.points for p in points)
                for line in (*board.top, *board.around)
            )


async def _board_of(scene: Scene, points: Sequence[int]) -> tuple[int, list[int]]:
    await scene.open_round()
    async with scene.database.transaction() as tx:
        await tx.execute(
            insert(players), [{"name": f"M{n}", "created_at": NINE} for n in range(len(points))]
        )
    ids = [row["id"] for row in await scene.rows(players)]
    ids.sort()
    async with scene.database.transaction() as tx:
        board_id = await boards.find(tx, "here", HALL, "all", "")
        assert board_id is not None
        gains: Any = Counter(
            {(board_id, player): mine for player, mine in zip(ids, points, strict=True)}
        )
        await projector.add_points(tx, gains)
    return board_id, ids


async def test_many_members_who_score_at_once_are_folded(database: Database) -> None:
    """A whole batch of the ledger, each answer for nine boards.

    That is more pairs than PostgreSQL can parse in one list.
    """
    scene = Scene(database)
    await _board_of(scene, [1] * LARGEST)
    round_id = await scene.open_round(ANNEX)
    ids = [row["id"] for row in await scene.rows(players)]
    async with database.transaction() as tx:
        await record(tx, [answer(f"act {i}", round_id, i, share=1) for i in ids])
    await Projector(database).catch_up()
    assert await scene.rows(uncounted_attempts) == []
    assert sum(row["points"] == 100 for row in await scene.rows(scores)) == LARGEST * 9


@pytest.mark.parametrize("name", ["a/b", "a%2Fb", "a_b", "a"])
async def test_a_community_is_never_mistaken_for_another(database: Database, name: str) -> None:
    """Whatever letters its id has, somebody who leaves it stays on the boards of all others."""
    scene = Scene(database)
    (ada,) = await scene.members("Ada")
    communities = ["a/b", "a%2Fb", "a_b", "axb", "a", "ab"]
    for number, community in enumerate(communities):
        round_id = await scene.open_round(Place("paper", community, "b"))
        async with database.transaction() as tx:
            await record(tx, [answer(f"act {number}", round_id, ada, share=1)])
    await Projector(database).catch_up()
    async with database.transaction() as tx:
        await projector.show_or_hide(tx, ada, Place("paper", name, "elsewhere"), shown=False)
    async with database.reading() as tx:
        for community in communities:
            for scope in ("here", "community"):
                board_id = await boards.find(tx, scope, Place("paper", community, "b"), "all", "")
                assert board_id is not None
                assert (await boards.read(tx, board_id, ada)).members == (community != name)
