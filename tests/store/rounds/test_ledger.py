"""The ledger: many answers, one commit, and nothing counted that does not count."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model.rounds import Refusal
from bot.quiz.calendar.local_days import ZoneHistory
from bot.quizmaster.rounds.access import is_late
from bot.quizmaster.rounds.answers import decision_maker
from bot.store.rounds import rounds
from bot.store.rounds.ledger import Ledger, record
from bot.store.rounds.submissions import (
    Decision,
    RecordedAttempt,
    SittingState,
    Submission,
    SubmissionOutcome,
)
from bot.store.sql.database import Database
from bot.store.sql.tables.rounds import attempts, sittings, uncounted_attempts
from bot.store.sql.tables.streaks import streak_days
from tests.store.scene import ANNEX, NINE, Scene, answer, fresh

DEADLINE_S = 20


@asynccontextmanager
async def open_ledger(database: Database) -> AsyncIterator[Ledger]:
    ledger = Ledger(database, lambda: None)
    running = asyncio.create_task(ledger.run())
    try:
        yield ledger
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def submitted(ledger: Ledger, *entries: Submission) -> list[SubmissionOutcome]:
    async with asyncio.timeout(DEADLINE_S):
        return await asyncio.gather(*(ledger.submit(entry) for entry in entries))


async def test_of_50_parallel_answers_to_a_question_with_two_tries_exactly_two_count(
    database: Database,
) -> None:
    scene = Scene(database)
    round_id = await scene.open_round()
    (ada,) = await scene.members("Ada")
    async with open_ledger(database) as ledger:
        outcomes = await submitted(ledger, *(answer(f"act {n}", round_id, ada) for n in range(50)))
    assert [o.number for o in outcomes if isinstance(o, RecordedAttempt)] == [1, 2]
    assert outcomes.count(Refusal.SPENT) == 48
    assert [row["number"] for row in await scene.rows(attempts)] == [1, 2]
    assert [row["tries_used"] for row in await scene.rows(sittings)] == [2]


async def test_of_100_parallel_answers_through_two_processes_exactly_two_count(
    database: Database, database_url: str
) -> None:
    scene = Scene(database)
    round_id = await scene.open_round()
    (ada,) = await scene.members("Ada")
    command = [
        sys.executable,
        "-m",
        "tests.store.answering",
        database_url,
        str(round_id),
        str(ada),
        "50",
    ]
    pipe = asyncio.subprocess.PIPE
    both = [
        await asyncio.create_subprocess_exec(*command, p, stdin=pipe, stdout=pipe)
        for p in ("left", "right")
    ]
    async with asyncio.timeout(DEADLINE_S):
        for one in both:
            assert one.stdout
            assert await one.stdout.readline() == b"ready\n"
        said = await asyncio.gather(*(one.communicate(b"go\n") for one in both))
    assert sum(int(out) for out, _ in said) == 2
    assert len(await scene.rows(attempts)) == 2


async def test_a_repeated_act_is_written_once_and_hears_the_same(database: Database) -> None:
    """In one batch, and after a restart."""
    scene = Scene(database)
    round_id = await scene.open_round()
    (ada,) = await scene.members("Ada")
    right = answer("the act", round_id, ada, share=1)
    async with open_ledger(database) as ledger:
        first, second = await submitted(ledger, right, right)
    async with open_ledger(database) as ledger:
        (third,) = await submitted(ledger, right)
    assert first == second
    assert isinstance(first, RecordedAttempt)
    assert isinstance(third, RecordedAttempt)
    assert (third.number, third.sitting, third.decision.points) == (1, first.sitting, 100)
    assert len(await scene.rows(attempts)) == len(await scene.rows(uncounted_attempts)) == 1


async def test_a_poisoned_answer_fails_alone(database: Database) -> None:
    scene = Scene(database)
    round_id = await scene.open_round()
    players = await scene.members(*"ABCDEFGH")

    def burst(_: SittingState) -> Decision | Refusal:
        raise ArithmeticError("poison")

    entries = [answer(f"act {player}", round_id, player, share=1) for player in players]
    entries[3] = replace(entries[3], decide=burst)
    entries[6] = replace(entries[6], player_id=999_999)
    async with open_ledger(database) as ledger:
        outcomes = await asyncio.gather(
            *(ledger.submit(entry) for entry in entries), return_exceptions=True
        )
    assert [
        number
        for number, outcome in enumerate(outcomes)
        if not isinstance(outcome, RecordedAttempt)
    ] == [3, 6]
    assert isinstance(outcomes[3], ArithmeticError)
    assert {row["player_id"] for row in await scene.rows(attempts)} == set(players) - {
        players[3],
        players[6],
    }


async def test_an_act_of_one_round_cannot_be_used_in_another(database: Database) -> None:
    scene = Scene(database)
    here, there = await scene.open_round(), await scene.open_round(ANNEX, "truth")
    (ada,) = await scene.members("Ada")
    entries = [answer("the act", here, ada, share=1), answer("the act", there, ada, name="truth")]
    async with open_ledger(database) as ledger:
        outcomes = await asyncio.gather(
            *(ledger.submit(entry) for entry in entries), return_exceptions=True
        )
        again = await asyncio.gather(ledger.submit(entries[1]), return_exceptions=True)
    assert isinstance(outcomes[0], RecordedAttempt)
    assert not isinstance(outcomes[1], RecordedAttempt)
    assert not isinstance(again[0], RecordedAttempt)


async def test_an_answer_to_a_round_that_is_over_costs_nothing_and_seats_nobody(
    database: Database,
) -> None:
    scene = Scene(database)
    round_id = await scene.open_round()
    (ada,) = await scene.members("Ada")
    await scene.close_round(round_id)
    async with open_ledger(database) as ledger:
        assert await submitted(ledger, answer("late", round_id, ada, share=1)) == [Refusal.OVER]
    assert await scene.rows(sittings) == []


async def ruled(
    database: Database,
    act: str,
    round_id: int,
    player_id: int,
    share: float = 1,
    seconds: float = 10,
) -> Submission:
    """An answer under the quiz's own rules, so many seconds after nine."""
    async with database.reading() as tx:
        asked = await rounds.find(tx, round_id)
    assert asked is not None
    at = NINE + timedelta(seconds=seconds)
    decide = decision_maker(asked, share, at, ZoneHistory("Asia/Tokyo").countable(at))
    letters = ("A",) if share == 1 else ("B",)
    return Submission(
        act, round_id, player_id, "gates/gate", letters, at, decide, late=is_late(asked, at)
    )


@pytest.mark.parametrize(
    ("seconds", "taken"), [(0, True), (90, True), (92, True), (92.001, False), (9000, False)]
)
async def test_the_time_of_the_act_decides_with_two_seconds_of_grace(
    database: Database,
    seconds: float,
    taken: bool,
) -> None:
    scene = Scene(database)
    round_id = await scene.open_round()
    (ada,) = await scene.members("Ada")
    async with open_ledger(database) as ledger:
        (outcome,) = await submitted(
            ledger, await ruled(database, "act", round_id, ada, seconds=seconds)
        )
    assert isinstance(outcome, RecordedAttempt) == taken
    assert len(await scene.rows(sittings)) == taken, "who comes too late has not joined"


async def test_a_first_solve_lights_the_members_own_day_once(database: Database) -> None:
    """In Tokyo it is 18:00; the same question solved again lights no other day."""
    scene = Scene(database)
    (ada,) = await scene.members("Ada")
    first = await scene.open_round()
    async with open_ledger(database) as ledger:
        await submitted(ledger, await ruled(database, "wrong", first, ada, share=0))
        assert await scene.rows(streak_days) == []
        await submitted(ledger, await ruled(database, "right", first, ada))
        await scene.close_round(first)
        second = await scene.open_round(at=NINE + timedelta(days=1))
        (outcome,) = await submitted(
            ledger, await ruled(database, "again", second, ada, seconds=24 * 3600 + 1)
        )
    assert isinstance(outcome, RecordedAttempt)
    assert [row["day"].isoformat() for row in await scene.rows(streak_days)] == ["2026-03-02"]


@pytest.mark.parametrize(
    ("rest", "points"), [(timedelta(days=30, seconds=-1), 0), (timedelta(days=30), 100)]
)
async def test_a_key_that_was_seen_pays_again_after_30_days(
    database: Database, rest: timedelta, points: int
) -> None:
    scene = Scene(database)
    (ada,) = await scene.members("Ada")
    first = await scene.open_round()
    async with open_ledger(database) as ledger:
        await submitted(ledger, await ruled(database, "wrong", first, ada, share=0, seconds=1))
        await submitted(ledger, await ruled(database, "wrong too", first, ada, share=0, seconds=1))
        await scene.close_round(first)
        second = await scene.open_round(at=NINE + rest)
        seconds = rest.total_seconds() + 1
        (outcome,) = await submitted(
            ledger, await ruled(database, "right", second, ada, seconds=seconds)
        )
    assert isinstance(outcome, RecordedAttempt)
    assert outcome.decision.points == points


Line = tuple[int, int, float, int]
LINES = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 2), st.sampled_from((0.0, 0.5, 1.0)), st.integers(0, 100)
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, repeats=st.sets(st.integers(0, 13)))
def test_a_batch_gives_what_its_answers_give_one_by_one(
    lines: list[Line], repeats: set[int], migrated_file: Path, tmp_path: Path
) -> None:
    """Whoever answers whatever, some acts twice.

    They answer in two rounds with one question and a third with another.
    """
    acts = [(f"act {n}", *line) for n, line in enumerate(lines)]
    acts += [act for n, act in enumerate(acts) if n in repeats]
    together, singly = (
        asyncio.run(_written(fresh(migrated_file, tmp_path), acts, size)) for size in (len(acts), 1)
    )
    assert together == singly


async def _written(database: Database, acts: Sequence[tuple[Any, ...]], size: int) -> Any:
    """All rows after these acts were recorded in batches of a size, and what each heard."""
    scene = Scene(database)
    await scene.members("A", "B", "C")
    places = [await scene.open_round(), await scene.open_round(ANNEX)]
    await scene.close_round(places[0])
    places[0] = await scene.open_round()
    entries = [
        await ruled(database, act, places[where % 2], who + 1, share, seconds)
        for act, who, where, share, seconds in acts
    ]
    outcomes: list[Any] = []
    for start in range(0, len(entries), size):
        async with database.transaction() as tx:
            outcomes += await record(tx, entries[start : start + size])
    heard = [
        (o.number, o.decision.points) if isinstance(o, RecordedAttempt) else o for o in outcomes
    ]
    written = [
        await scene.rows(table) for table in (sittings, attempts, uncounted_attempts, streak_days)
    ]
    await database.close()
    return heard, written
