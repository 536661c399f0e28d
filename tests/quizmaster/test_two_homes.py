"""Whatever two accounts did, linked or not, parted again or not, their points are the true ones.

Their streaks are, too.
"""

import pytest

from bot.store.sql.database import Database
from tests.quizmaster.two_homes import TwoHomes


@pytest.mark.parametrize("seed", range(6))
async def test_streaks_and_points_of_linked_accounts_equal_an_independent_recount(
    database: Database, seed: int
) -> None:
    homes = TwoHomes(database, seed)
    await homes.live()
    names = ["ann"] if homes.linked else ["ann", "bea"]
    told = {name: await homes.told(name) for name in names}
    assert told == {name: homes.recounted(name) for name in names}
    boards = await homes.on_boards()
    for name in names:
        points = told[name]["points"]
        assert not points or points in boards[homes.who[name].id], (
            "the board of all places and all time has the sum"
        )
    assert homes.linked <= (homes.who["bea"].id not in boards), (
        "who is somebody else now stands on no board"
    )
