from datetime import datetime, timedelta

from bot.identity import Person, Place
from bot.model.people import Arrival, Player
from bot.store import people
from bot.store.sql.database import Database, Transaction
from bot.store.sql.tables.people import accounts, players
from tests.players import add_player
from tests.store.scene import ABROAD, ANNEX, HALL, NINE, Scene

ADA = Person("paper", "1", "Ada")
SECOND = timedelta(seconds=1)
LATER = NINE + SECOND


async def is_present(tx: Transaction, place: Place, at: datetime = LATER) -> bool:
    """Whether somebody who acts there then is known to be a member."""
    return await people.present_members(tx, [Arrival(ADA, place, at)]) != [None]


async def test_a_person_is_one_player_however_often_added(database: Database) -> None:
    scene = Scene(database)
    async with database.transaction() as tx:
        first, second = await add_player(tx, ADA, NINE), await add_player(tx, ADA, NINE)
    assert first == second
    assert len(await scene.rows(players)) == len(await scene.rows(accounts)) == 1


async def test_the_same_id_on_another_platform_is_somebody_else(database: Database) -> None:
    async with database.transaction() as tx:
        here, there = (
            await add_player(tx, ADA, NINE),
            await add_player(tx, Person("web", "1", "Ada"), NINE),
        )
    assert here.id != there.id


async def test_a_member_belongs_to_the_whole_community_until_they_leave_it_and_again_on_return(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        ada = (await add_player(tx, ADA, NINE)).id
        assert not await is_present(tx, HALL)
        assert await people.enter_community(tx, ada, HALL, NINE)
        assert await is_present(tx, ANNEX)
        assert not await is_present(tx, ABROAD)
        await people.leave_community(tx, ada, ANNEX, NINE)
        assert not await is_present(tx, HALL)
        assert await people.enter_community(tx, ada, HALL, LATER)
        assert await is_present(tx, HALL)


async def test_what_was_done_before_leaving_brings_nobody_back(database: Database) -> None:
    """Nor does an older leave move a newer one."""
    async with database.transaction() as tx:
        ada = (await add_player(tx, ADA, NINE)).id
        await people.enter_community(tx, ada, HALL, NINE)
        await people.leave_community(tx, ada, HALL, LATER)
        await people.leave_community(tx, ada, HALL, NINE)
        assert not await people.enter_community(tx, ada, HALL, NINE)
        assert not await people.enter_community(tx, ada, HALL, LATER)
        assert not await is_present(tx, HALL, LATER + SECOND)
        assert await is_present(tx, HALL, LATER)


async def test_a_name_is_kept_as_it_is(database: Database) -> None:
    name = "O'Néill 🦜 %s {x} \\ <script>"
    async with database.transaction() as tx:
        ada = (await add_player(tx, ADA, NINE)).id
        await people.rename(tx, ada, name)
        await people.set_name_hidden(tx, ada, hidden=True)
        assert await people.get(tx, ada) == Player(ada, name, None, name_hidden=True)
