"""Booking runs: so many at once and in an hour, each act once, on both databases."""

import asyncio

import pytest

from bot.errors import UserError
from bot.identity import MessageRef, Person, Place
from bot.model.people import Player
from bot.model.runs import RunRules, WantedRun
from bot.phrases.say import explain
from bot.quizmaster.runs import Runs
from bot.sandbox.protocol import End, Outcome
from bot.store.sql.database import Database
from tests.conftest import Clock
from tests.cores import core
from tests.players import add_player

HALL = Place("paper", "club", "hall")


@pytest.fixture
async def ann(database: Database, clock: Clock) -> Player:
    async with database.transaction() as tx:
        return await add_player(tx, Person("paper", "ann", "Ann"), clock.now())


def wanted(act: str, clock: Clock, source: str = "") -> WantedRun:
    return WantedRun(
        act, HALL, "x", clock.now(), source=MessageRef(HALL, source) if source else None
    )


@pytest.mark.parametrize("at_once", [1, 3])
async def test_a_member_has_so_many_runs_at_once_and_no_more(
    database: Database, clock: Clock, ann: Player, at_once: int
) -> None:
    """All asked for in the same moment; the end of one lets another begin."""
    runs = Runs(core(database), "bot", RunRules(at_once=at_once))
    booked = await asyncio.gather(
        *(runs.book(wanted(f"act {number}", clock), ann) for number in range(5)),
        return_exceptions=True,
    )
    new = [one for one in booked if not isinstance(one, BaseException)]
    refused = [explain(one) for one in booked if isinstance(one, UserError)]
    assert (len(new), len(refused)) == (at_once, 5 - at_once)
    assert ("Your last run is" if at_once == 1 else "3 runs of yours are") in refused[0]
    await runs.mark_ended(new[0][0], End(Outcome.DONE), "", clock.now())
    assert (await runs.book(wanted("one more", clock), ann))[1]


async def test_the_same_act_finds_the_run_that_it_booked(
    database: Database, clock: Clock, ann: Player
) -> None:
    runs = Runs(core(database), "bot", RunRules())
    first, new = await runs.book(wanted("act", clock), ann)
    again, anew = await runs.book(wanted("act", clock), ann)
    assert (new, anew, again.id) == (True, False, first.id)


async def test_runs_of_a_message_are_found_by_where_it_stands(
    database: Database, clock: Clock, ann: Player
) -> None:
    runs = Runs(core(database), "bot", RunRules(at_once=2))
    for number in range(2):
        await runs.book(wanted(f"act {number}", clock, source="message"), ann)
    found = await runs.from_source(MessageRef(HALL, "message"))
    assert [run.id for run in found] == sorted((run.id for run in found), reverse=True)
    assert len(found) == 2
    assert await runs.from_source(MessageRef(Place("paper", "club", "elsewhere"), "message")) == []
