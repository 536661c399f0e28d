from datetime import timedelta

from bot.store import draws, places
from bot.store.database import Database
from tests.store.scene import ANNEX, HALL, NINE


async def test_each_place_has_a_bag_of_its_own_that_remembers_the_order(database: Database) -> None:
    async with database.act() as tx:
        hall, annex = (await places.enter(tx, HALL)).id, (await places.enter(tx, ANNEX)).id
        for number, name in enumerate(("c", "a", "b", "c")):
            await draws.draw(tx, hall, name, NINE + timedelta(seconds=number))
        assert await draws.drawn(tx, hall, ["a", "b", "c", "d"]) == ["a", "b", "c"]
        assert await draws.drawn(tx, hall, ["d"]) == []
        assert await draws.drawn(tx, annex, ["a", "b", "c"]) == []
        await draws.put_back(tx, hall, ["a", "c"])
        assert await draws.drawn(tx, hall, ["a", "b", "c"]) == ["b"]
