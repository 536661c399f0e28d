from bot.identity import Person
from bot.store import people
from bot.store.database import Database
from bot.store.tables import accounts, players
from tests.store.scene import ABROAD, ANNEX, HALL, NINE, Scene

ADA = Person("paper", "1", "Ada")


async def test_a_person_is_one_player_however_often_added(database: Database) -> None:
    scene = Scene(database)
    async with database.act() as tx:
        first, second = await people.add(tx, ADA, NINE), await people.add(tx, ADA, NINE)
    assert first == second
    assert len(await scene.rows(players)) == len(await scene.rows(accounts)) == 1


async def test_the_same_id_on_another_platform_is_somebody_else(database: Database) -> None:
    async with database.act() as tx:
        here, there = await people.add(tx, ADA, NINE), await people.add(tx, Person("web", "1", "Ada"), NINE)
    assert here.id != there.id


async def test_a_member_belongs_to_the_whole_community_until_they_leave_it_and_again_on_return(
    database: Database,
) -> None:
    async with database.act() as tx:
        ada = (await people.add(tx, ADA, NINE)).id
        assert not await people.is_member(tx, ada, HALL)
        await people.enter(tx, ada, HALL)
        assert await people.is_member(tx, ada, ANNEX)
        assert not await people.is_member(tx, ada, ABROAD)
        await people.leave(tx, ada, ANNEX, NINE)
        assert not await people.is_member(tx, ada, HALL)
        await people.enter(tx, ada, HALL)
        assert await people.is_member(tx, ada, HALL)


async def test_a_name_is_kept_as_it_is(database: Database) -> None:
    name = "O'Néill 🦜 %s {x} \\ <script>"
    async with database.act() as tx:
        ada = (await people.add(tx, ADA, NINE)).id
        await people.rename(tx, ada, name)
        await people.hide_name(tx, ada, hidden=True)
        assert await people.get(tx, ada) == people.Player(ada, name, None, name_hidden=True)
