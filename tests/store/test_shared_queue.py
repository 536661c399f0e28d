"""The queue of several bots.

There is one order over all, each takes its own, and what a bot left is taken over once.
"""

import asyncio

import pytest

from bot.identity import Person, Place
from bot.model.runs import Run, RunRules, WantedRun
from bot.quizmaster.runs import LEASE, Runs
from bot.sandbox.bot.queue import QueueFullError, Ticket
from bot.sandbox.protocol import End, Outcome, RunRequest
from bot.store.runs import SharedQueue
from bot.store.sql.database import Database
from tests.conftest import Clock
from tests.cores import core
from tests.players import add_player

CLUB, GUILD = Place("paper", "club", "hall"), Place("paper", "guild", "hall")


class Bots:
    """Two bots before one database."""

    def __init__(self, database: Database, clock: Clock, most: int = 100) -> None:
        self.database, self.clock = database, clock
        self.runs = {
            name: Runs(core(database), name, RunRules(an_hour=100)) for name in ("one", "two")
        }
        self.turns = {name: SharedQueue(database, name, clock.now, most) for name in ("one", "two")}

    async def book(self, bot: str, who: str, place: Place = CLUB) -> tuple[Run, Ticket]:
        async with self.database.transaction() as tx:
            player = await add_player(tx, Person("paper", who, who), self.clock.now())
        run, new = await self.runs[bot].book(
            WantedRun(f"act of {who}", place, "x", self.clock.now()), player
        )
        assert new
        return run, Ticket(
            run.run, str(player.id), f"{place.platform}:{place.community}", RunRequest("x")
        )

    async def join(self, bot: str, who: str, place: Place = CLUB) -> Ticket:
        _, ticket = await self.book(bot, who, place)
        await self.turns[bot].join(ticket)
        self.clock.advance(0.001)
        return ticket

    async def take(self, bot: str) -> str:
        taken = await self.turns[bot].take(lambda _: True)
        self.clock.advance(0.001)
        return taken.run if taken else ""


@pytest.fixture
def bots(database: Database, clock: Clock) -> Bots:
    return Bots(database, clock)


async def test_places_count_over_all_bots_and_each_takes_its_own(bots: Bots) -> None:
    ann, bob, cat = (
        await bots.join("one", "ann"),
        await bots.join("two", "bob"),
        await bots.join("one", "cat"),
    )
    assert [await bots.turns["one"].position(each.run) for each in (ann, bob, cat)] == [1, 2, 3]
    assert await bots.take("two") == bob.run
    assert await bots.turns["one"].position(cat.run) == 2
    assert [await bots.take("one") for _ in range(3)] == [ann.run, cat.run, ""]


async def test_communities_take_turns_over_all_bots(bots: Bots) -> None:
    crowd = [await bots.join("one", name) for name in ("ann", "bob", "cat")]
    guest = await bots.join("one", "guest", GUILD)
    assert [await bots.take("one") for _ in range(4)] == [
        each.run for each in (crowd[0], guest, crowd[1], crowd[2])
    ]


async def test_what_is_put_back_comes_first_and_what_left_is_not_taken(bots: Bots) -> None:
    ann, bob = await bots.join("one", "ann"), await bots.join("one", "bob")
    await bots.turns["one"].take(lambda _: True)
    await bots.turns["one"].put_back(ann)
    assert await bots.turns["one"].position(ann.run) == 1
    await bots.turns["one"].leave(bob.run)
    assert [await bots.take("one") for _ in range(2)] == [ann.run, ""]


async def test_a_full_queue_is_full_for_all_bots(database: Database, clock: Clock) -> None:
    bots = Bots(database, clock, most=2)
    await bots.join("one", "ann")
    with pytest.raises(QueueFullError):
        await bots.join("two", "bob")


async def test_a_run_whose_bot_is_gone_is_adopted_by_one_of_the_others(bots: Bots) -> None:
    run, _ = await bots.book("one", "ann")
    assert await bots.runs["two"].take_over_abandoned(bots.clock.now()) == []
    bots.clock.advance(LEASE.total_seconds() + 1)
    adopted = await asyncio.gather(
        *(each.take_over_abandoned(bots.clock.now()) for each in bots.runs.values())
    )
    assert [each.run for found in adopted for each in found] == [run.run]


async def test_a_lease_that_is_renewed_does_not_lapse_and_an_end_is_final(bots: Bots) -> None:
    run, ticket = await bots.book("one", "ann")
    bots.clock.advance(LEASE.total_seconds() - 1)
    await bots.runs["one"].renew_leases([run.run], bots.clock.now())
    bots.clock.advance(10)
    assert await bots.runs["two"].take_over_abandoned(bots.clock.now()) == []
    await bots.runs["one"].mark_ended(run, End(Outcome.DONE), "first\0", bots.clock.now())
    await bots.runs["one"].mark_ended(run, End(Outcome.LOST), "second", bots.clock.now())
    kept = await bots.runs["one"].get(run.id)
    assert (kept.outcome, kept.output) == ("done", "first\N{REPLACEMENT CHARACTER}")
    bots.clock.advance(1e6)
    assert await bots.runs["two"].take_over_abandoned(bots.clock.now()) == []
    assert ticket.run == run.run
