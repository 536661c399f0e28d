"""A crowd that arrives at once, on each engine and before two bots."""

import asyncio

from sqlalchemy import func, select

from bot.identity import Person, Place
from bot.quiz.bank import Bank
from bot.quizmaster.people import People
from bot.quizmaster.places import Places
from bot.quizmaster.streaks import Streaks
from bot.store.database import Database
from bot.store.tables import accounts, members, players
from tests.conftest import Clock

HALL = Place("paper", "club", "hall")
ABROAD = Place("paper", "elsewhere", "hall")


def person(number: int, name: str = "") -> Person:
    return Person("paper", f"id {number}", name or f"Member {number}")


def people(database: Database) -> People:
    return People(database, no_bank, "UTC", Streaks(database, "UTC"))


def no_bank() -> Bank:
    raise AssertionError("nobody asks for badges here")


async def counts(database: Database) -> tuple[int, ...]:
    async with database.look() as tx:
        tables = (players, accounts, members)
        return tuple([(await tx.execute(select(func.count()).select_from(table))).scalar_one() for table in tables])


async def test_a_crowd_is_let_in_at_once_and_everybody_once(database: Database, clock: Clock) -> None:
    """Two bots before one database hear all of them twice."""
    one, other = people(database), people(database)
    meeting = [who.meet(person(n), HALL, clock.now()) for who in (one, other, one) for n in range(30)]
    met = await asyncio.gather(*meeting)
    assert [player.name for player in met] == [f"Member {n}" for n in range(30)] * 3
    assert [player.id for player in met[:30]] == [player.id for player in met[30:60]]
    assert await counts(database) == (30, 30, 30)


async def test_another_name_and_another_community_are_noticed(database: Database, clock: Clock) -> None:
    here = people(database)
    ada = await here.meet(person(1), HALL, clock.now())
    renamed, abroad = await asyncio.gather(
        here.meet(person(1, "Ada"), HALL, clock.now()), here.meet(person(1, "Ada"), ABROAD, clock.now())
    )
    assert (renamed.name, abroad.name, renamed.id) == ("Ada", "Ada", ada.id)
    assert await counts(database) == (1, 1, 2)


async def test_a_name_that_the_platform_did_not_tell_changes_nothing(database: Database, clock: Clock) -> None:
    here, nameless = people(database), Person("paper", "id 1", "")
    assert (await here.meet(nameless, HALL, clock.now())).name == "Somebody"
    await here.meet(person(1), HALL, clock.now())
    assert (await here.meet(nameless, HALL, clock.now())).name == "Member 1"


async def test_whoever_left_and_acts_again_is_back(database: Database, clock: Clock) -> None:
    here = people(database)
    ada = await here.meet(person(1), HALL, clock.now())
    await here.leave(ada, HALL, clock.now())
    await here.meet(person(1), HALL, clock.now())
    async with database.look() as tx:
        left = (await tx.execute(select(members.c.left_at))).scalar_one()
    assert left is None


async def test_a_place_is_paused_by_one_and_goes_on_when_it_is_resumed(database: Database, clock: Clock) -> None:
    places = Places(database)
    assert sorted(await asyncio.gather(*(places.pause(HALL, clock.now()) for _ in range(3)))) == [False, False, True]
    assert await places.is_paused(HALL)
    assert not await places.is_paused(ABROAD)
    await places.resume(HALL)
    assert not await places.is_paused(HALL)
    assert await places.pause(HALL, clock.now())


async def test_a_group_that_was_chosen_looks_after_its_own_community_alone(database: Database) -> None:
    places = Places(database)
    await places.change(HALL, None, None, None, "42 Teachers")
    tess = Person("paper", "tess", "Tess", groups=frozenset({"41", "42"}))
    assert await places.is_admin(tess, HALL)
    assert not await places.is_admin(tess, ABROAD)
    assert not await places.is_admin(person(1), HALL)
    assert (await places.read(HALL)).admins == "Teachers"
    await places.change(HALL, None, None, None, "club everyone")
    assert not await places.is_admin(tess, HALL)
