"""Many rows in one statement mean what they would mean one by one."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.store.sql import bulk
from bot.store.sql.database import Database
from bot.store.sql.tables.rounds import attempts, rounds, sittings
from bot.store.sql.tables.streaks import streak_days
from tests.store.scene import NINE, Scene

NAMES = (
    "round_id",
    "player_id",
    "number",
    "act",
    "answer",
    "share",
    "points",
    "gain",
    "factors",
    "at",
)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=ZONES)  # noqa: DTZ001 (zones are drawn)
ANYTHING = st.text(st.characters(codec=None), max_size=20)
"""Half a pair and a zero byte too: JSON can write what a column of text cannot keep."""
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
LINES = st.lists(
    st.tuples(WORDS, ANYTHING, st.floats(0, 1), st.integers(-(2**31), 2**31 - 1), INSTANTS),
    min_size=1,
    max_size=8,
)


@pytest.fixture
async def scene(database: Database) -> Scene:
    scene = Scene(database)
    await scene.members("Ada")
    await scene.open_round()
    return scene


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
@example(lines=[("\ud7ff'\"\\", "\ud800\0'\"\\u0000", 0.1, -1, NINE)])
def test_rows_are_read_as_they_were_written(
    lines: list[tuple[Any, ...]], database_url: str
) -> None:
    """Whatever stands in an act's name, an answer or a number, in whichever zone it came."""
    assert asyncio.run(_read_again(database_url, lines)) == [
        {
            "act": f"{n} {act}",
            "answer": [said],
            "share": share,
            "points": points,
            "factors": {said: share},
            "at": at,
        }
        for n, (act, said, share, points, at) in enumerate(lines, 1)
    ]


async def _read_again(url: str, lines: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    database = Database(url)
    scene = Scene(database)
    if not await scene.rows(rounds):
        await scene.members("Ada")
        await scene.open_round()
    rows = [
        (
            1,
            1,
            n,
            f"{n} {act}",
            json.dumps([said]),
            share,
            points,
            0,
            json.dumps({said: share}),
            bulk.instant(at),
        )
        for n, (act, said, share, points, at) in enumerate(lines, 1)
    ]
    async with database.transaction() as tx:
        await bulk.insert(tx, attempts, NAMES, rows)
    found = sorted(await scene.rows(attempts), key=lambda row: row["number"])
    async with database.transaction() as tx:
        await tx.execute(delete(attempts))
    await database.close()
    return [
        {name: row[name] for name in ("act", "answer", "share", "points", "factors", "at")}
        for row in found
    ]


async def test_a_row_that_stands_is_left_as_it_is(scene: Scene) -> None:
    seats = [(1, 1, bulk.instant(NINE)), (1, 1, bulk.instant(NINE + timedelta(hours=1)))]
    async with scene.database.transaction() as tx:
        await bulk.insert(tx, sittings, ("round_id", "player_id", "joined_at"), seats, again=True)
        await bulk.insert(
            tx,
            streak_days,
            ("player_id", "day"),
            [(1, "2026-03-02"), (1, "2026-03-02")],
            again=True,
        )
    assert [row["joined_at"] for row in await scene.rows(sittings)] == [NINE]
    assert await scene.rows(streak_days) == [{"player_id": 1, "day": date(2026, 3, 2), "act": None}]


async def test_rows_that_are_new_come_back(scene: Scene) -> None:
    names = ("player_id", "day", "act")
    async with scene.database.transaction() as tx:
        assert await bulk.add(tx, streak_days, names, []) == set()
        first = await bulk.add(
            tx, streak_days, names, [(1, "2026-03-02", "a"), (1, "2026-03-02", "b")]
        )
        assert first == {(1, date(2026, 3, 2), "a")}
        second = await bulk.add(
            tx, streak_days, names, [(1, "2026-03-02", "c"), (1, "2026-03-03", "d")]
        )
        assert second == {(1, date(2026, 3, 3), "d")}


async def test_a_change_reaches_only_the_rows_it_names(scene: Scene) -> None:
    (ben,) = await scene.members("Ben")
    at = bulk.instant(NINE)
    async with scene.database.transaction() as tx:
        await bulk.insert(
            tx, sittings, ("round_id", "player_id", "joined_at"), [(1, 1, at), (1, ben, at)]
        )
        names = ("solved", "finished_at", "share")
        await bulk.update(tx, sittings, names, ("round_id", "player_id"), [(True, at, 0.1, 1, ben)])
    changed = {
        row["player_id"]: (row["solved"], row["finished_at"], row["share"])
        for row in await scene.rows(sittings)
    }
    assert changed == {1: (False, None, 0.0), ben: (True, NINE, 0.1)}


async def test_nothing_to_write_is_no_statement(scene: Scene) -> None:
    async with scene.database.transaction() as tx:
        await bulk.insert(tx, sittings, ("no", "such", "columns"), [])
        await bulk.update(tx, sittings, ("no",), ("such",), [])


def test_an_instant_needs_its_zone() -> None:
    assert (
        bulk.instant(NINE.astimezone(timezone(timedelta(hours=9)))) == "2026-03-02 09:00:00.000000"
    )
    with pytest.raises(ValueError, match="zone"):
        bulk.instant(NINE.replace(tzinfo=None))
    assert datetime.fromisoformat(bulk.instant(NINE)).replace(tzinfo=UTC) == NINE
