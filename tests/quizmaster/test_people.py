"""A crowd that arrives at once, on each engine and before two bots."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.identity import Person, Place
from bot.model.people import Arrival
from bot.quiz.files.bank import Bank
from bot.quizmaster.people import People
from bot.quizmaster.places import Places
from bot.quizmaster.streaks import Streaks
from bot.store.people import present_members
from bot.store.sql.database import Database
from bot.store.sql.tables.people import accounts, members, players
from tests.conftest import Clock
from tests.cores import core

SECOND = timedelta(seconds=1)
HALL = Place("paper", "club", "hall")
ABROAD = Place("paper", "elsewhere", "hall")


def person(number: int, name: str = "") -> Person:
    return Person("paper", f"id {number}", name or f"Member {number}")


def people(database: Database) -> People:
    return People(core(database), Streaks(core(database)))


def no_bank() -> Bank:
    raise AssertionError("nobody asks for badges here")


async def counts(database: Database) -> tuple[int, ...]:
    async with database.reading() as tx:
        tables = (players, accounts, members)
        return tuple(
            [
                (await tx.execute(select(func.count()).select_from(table))).scalar_one()
                for table in tables
            ]
        )


async def test_a_crowd_is_let_in_at_once_and_everybody_once(
    database: Database, clock: Clock
) -> None:
    """Two bots before one database hear all of them twice."""
    one, other = people(database), people(database)
    meeting = [
        who.find_or_add(person(n), HALL, clock.now())
        for who in (one, other, one)
        for n in range(30)
    ]
    met = await asyncio.gather(*meeting)
    assert [player.name for player in met] == [f"Member {n}" for n in range(30)] * 3
    assert [player.id for player in met[:30]] == [player.id for player in met[30:60]]
    assert await counts(database) == (30, 30, 30)


async def test_whoever_was_met_is_called_otherwise_and_of_strangers_nothing_is_kept(
    database: Database, clock: Clock
) -> None:
    here = people(database)
    ada = await here.find_or_add(person(1, "ada"), HALL, clock.now())
    for number, name in ((1, "Ada"), (2, "Bob")):
        await here.rename(person(number, name))
    await here.rename(Person("paper", "id 1", ""))
    again = await here.find_or_add(Person("paper", "id 1", "Ada"), HALL, clock.now())
    assert (again.id, again.name) == (ada.id, "Ada")
    assert await counts(database) == (1, 1, 1)


async def test_a_name_said_in_passing_does_for_newcomers_and_replaces_none(
    database: Database, clock: Clock
) -> None:
    here = people(database)
    for name, stopgap, called in (
        ("ada", True, "ada"),
        ("Ada", False, "Ada"),
        ("ada", True, "Ada"),
    ):
        met = await here.find_or_add(
            Person("paper", "id 1", name, stopgap=stopgap), HALL, clock.now()
        )
        assert met.name == called
    abroad = await people(database).find_or_add(
        Person("paper", "id 1", "ada", stopgap=True), ABROAD, clock.now()
    )
    assert abroad.name == "Ada"


async def test_another_name_and_another_community_are_noticed(
    database: Database, clock: Clock
) -> None:
    here = people(database)
    ada = await here.find_or_add(person(1), HALL, clock.now())
    renamed, abroad = await asyncio.gather(
        here.find_or_add(person(1, "Ada"), HALL, clock.now()),
        here.find_or_add(person(1, "Ada"), ABROAD, clock.now()),
    )
    assert (renamed.name, abroad.name, renamed.id) == ("Ada", "Ada", ada.id)
    assert await counts(database) == (1, 1, 2)


async def test_a_name_that_the_platform_did_not_tell_changes_nothing(
    database: Database, clock: Clock
) -> None:
    here, nameless = people(database), Person("paper", "id 1", "")
    assert (await here.find_or_add(nameless, HALL, clock.now())).name == "Somebody"
    await here.find_or_add(person(1), HALL, clock.now())
    assert (await here.find_or_add(nameless, HALL, clock.now())).name == "Member 1"


async def test_whoever_left_and_acts_again_is_back(database: Database, clock: Clock) -> None:
    here = people(database)
    await here.find_or_add(person(1), HALL, clock.now())
    await here.leave(person(1), HALL, clock.now())
    assert await left_at(database) == [clock.now()]
    clock.advance(1)
    await here.find_or_add(person(1), HALL, clock.now())
    assert await left_at(database) == [None]


async def left_at(database: Database) -> list[datetime | None]:
    async with database.reading() as tx:
        return list((await tx.execute(select(members.c.left_at))).scalars())


async def test_what_was_on_its_way_when_somebody_left_is_answered_and_brings_nobody_back(
    database: Database, clock: Clock
) -> None:
    """Before one bot or another, and with a press of its own after the return."""
    here, elsewhere, before = people(database), people(database), clock.now()
    ada = await here.find_or_add(person(1), HALL, before)
    clock.advance(1)
    gone = clock.now()
    await here.leave(person(1), HALL, gone)
    for bot in (here, elsewhere, people(database)):
        assert await bot.find_or_add(person(1), HALL, before) == ada
        assert await left_at(database) == [gone]
    clock.advance(1)
    await here.find_or_add(person(1), HALL, clock.now())
    assert await left_at(database) == [None]


async def test_whoever_left_before_they_were_met_stays_away(
    database: Database, clock: Clock
) -> None:
    """A press and a leave that overtook it: nobody stands on a board who is gone."""
    here, before = people(database), clock.now()
    clock.advance(1)
    await here.leave(person(1), HALL, clock.now())
    assert await counts(database) == (0, 0, 0)
    await here.find_or_add(person(1), HALL, before)
    assert await left_at(database) == [clock.now()]
    clock.advance(1)
    await here.find_or_add(person(1), HALL, clock.now())
    assert await left_at(database) == [None]


async def test_acts_and_a_leave_at_one_instant_end_with_nobody_there(
    database: Database, clock: Clock
) -> None:
    here, before = people(database), clock.now()
    clock.advance(1)
    acts = [here.find_or_add(person(1), HALL, before) for _ in range(5)]
    await asyncio.gather(*acts[:2], here.leave(person(1), HALL, clock.now()), *acts[2:])
    await here.find_or_add(person(1), HALL, before)
    assert await left_at(database) == [clock.now()]


async def test_a_place_is_paused_by_one_and_goes_on_when_it_is_resumed(
    database: Database, clock: Clock
) -> None:
    places = Places(database)
    assert sorted(await asyncio.gather(*(places.pause(HALL, clock.now()) for _ in range(3)))) == [
        False,
        False,
        True,
    ]
    assert await places.is_paused(HALL)
    assert not await places.is_paused(ABROAD)
    await places.resume(HALL)
    assert not await places.is_paused(HALL)
    assert await places.pause(HALL, clock.now())


async def test_a_group_that_was_chosen_looks_after_its_own_community_alone(
    database: Database,
) -> None:
    places = Places(database)
    await places.change(HALL, None, None, None, "42 Teachers")
    tess = Person("paper", "tess", "Tess", groups=frozenset({"41", "42"}))
    assert await places.is_admin(tess, HALL)
    assert not await places.is_admin(tess, ABROAD)
    assert not await places.is_admin(person(1), HALL)
    assert (await places.change(HALL, None, None, None)).admins == "Teachers"
    await places.change(HALL, None, None, None, "club everyone")
    assert not await places.is_admin(tess, HALL)


async def test_people_come_and_go_at_once_before_two_bots(database: Database, clock: Clock) -> None:
    """Nobody waits for a lock in a ring: some leave while they act, others come back."""
    bots = [people(database), people(database)]
    crowd = [person(n) for n in range(8)]
    for each in crowd:
        await bots[0].find_or_add(each, HALL, clock.now())
    for going, coming in ((crowd[:4], crowd[4:]), (crowd[4:], crowd[:4])):
        before = clock.now()
        clock.advance(1)
        leaving = [bots[n % 2].leave(each, HALL, clock.now()) for n, each in enumerate(going)]
        acting = [bot.find_or_add(each, HALL, before) for bot in bots for each in reversed(going)]
        meeting = [bot.find_or_add(each, HALL, clock.now()) for bot in bots for each in coming]
        *_, last = await asyncio.gather(*leaving, *acting, *meeting)
        assert last is not None
        assert last.name == coming[-1].name
        async with database.reading() as tx:
            here = await present_members(
                tx, [Arrival(each, HALL, clock.now() + SECOND) for each in crowd]
            )
        assert [each in coming for each in crowd] == [player is not None for player in here]
