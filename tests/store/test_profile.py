from datetime import timedelta

from bot.store import profile
from bot.store.rounds import sittings
from bot.store.rounds.ledger import record
from bot.store.sql.database import Database
from bot.store.sql.tables.people import badges
from tests.store.scene import ANNEX, NINE, Scene, answer


async def test_what_a_member_did_is_summed_up_by_wording(database: Database) -> None:
    scene = Scene(database)
    ada, bob = await scene.members("Ada", "Bob")
    here, there = await scene.open_round(), await scene.open_round(ANNEX, "truth")
    async with database.transaction() as tx:
        await record(
            tx,
            [
                answer("1", here, ada),
                answer("2", here, ada, 0.5),
                answer("3", there, ada, 1, name="truth"),
            ],
        )
        await record(tx, [answer("4", here, bob, 1)])
    async with database.reading() as tx:
        assert await profile.accuracy_by_wording(tx, ada) == {
            "digest of gate": (1, 0),
            "digest of truth": (1, 1),
        }
        assert await profile.total_points(tx, ada) == 150
        recent = await profile.recent_scores(tx, ada, 10)
        assert [(each.round_id, each.solved, each.points) for each in recent] == [
            (there, True, 100),
            (here, False, 50),
        ]
        best = await sittings.best_attempt(tx, ada, here)
        assert best is not None
        assert (best.number, best.points) == (2, 50)
        assert await sittings.best_attempt(tx, bob, there) is None


async def test_a_badge_is_given_once(database: Database) -> None:
    (ada,) = await Scene(database).members("Ada")
    async with database.transaction() as tx:
        given = [
            await profile.award_badge(tx, ada, "pack:gates", NINE + timedelta(days=n))
            for n in range(2)
        ]
        assert given == [True, False]
        assert await profile.badges_of(tx, ada) == ["pack:gates"]
    (badge,) = await Scene(database).rows(badges)
    assert badge["at"] == NINE
