"""Every streak equals a recount from the raw attempts, whatever members and bots did meanwhile."""

import pytest

from bot.store.sql.database import Database
from tests.quizmaster.streak_year import Year


@pytest.mark.parametrize("seed", [3])
async def test_every_streak_equals_an_independent_recount_from_the_raw_attempts(
    database: Database, seed: int
) -> None:
    year = Year(database, days=46, members=10, seed=seed)
    await year.live()
    solved = await year.raw()
    told = {soul.player: await year.told(soul) for soul in year.souls}
    recounted = {
        soul.player: year.recounted(soul, solved.get(soul.player, [])) for soul in year.souls
    }
    assert told == recounted
    assert year.outages
    assert any(soul.moves for soul in year.souls)
