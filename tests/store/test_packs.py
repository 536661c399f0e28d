from datetime import timedelta

from bot.model.packs import Take
from bot.store import packs, places
from bot.store.rounds import rounds, sittings
from bot.store.sql.database import Database, Transaction
from tests.store.scene import HALL, NINE, Scene, question


async def begin(tx: Transaction, player_id: int, act: str = "act") -> Take:
    room = await places.get_or_add(tx, HALL)
    return await packs.start(
        tx,
        act,
        player_id=player_id,
        place_id=room.id,
        pack="gates",
        digests=["digest of gate", "digest of truth"],
        started_at=NINE,
    )


async def test_the_same_act_finds_the_take_it_began(database: Database) -> None:
    (ada,) = await Scene(database).members("Ada")
    async with database.transaction() as tx:
        assert await begin(tx, ada) == await begin(tx, ada)
        assert await packs.latest(tx, ada, "gates") == await begin(tx, ada)


async def test_a_take_ends_once_and_its_best_is_kept(database: Database) -> None:
    (ada,) = await Scene(database).members("Ada")
    async with database.transaction() as tx:
        for number, right in enumerate((1, 2, 0)):
            take = await begin(tx, ada, f"act {number}")
            assert await packs.latest(tx, ada, "gates") == take
            assert await packs.finish(tx, take.id, right, NINE)
            assert not await packs.finish(tx, take.id, 5, NINE)
            assert (await packs.latest(tx, ada, "gates")) != take, "it has its end"
        assert await packs.best_results(tx, ada) == {"gates": 2}


async def test_a_take_is_ripe_when_all_its_challenges_are_finished_and_it_is_not(
    database: Database,
) -> None:
    (ada,) = await Scene(database).members("Ada")
    async with database.transaction() as tx:
        take = await begin(tx, ada)
        for position, name in enumerate(("gate", "truth")):
            assert await packs.ready_to_finish(tx) == []
            await _challenge(tx, take, position, name)
            assert await packs.ready_to_finish(tx) == []
            await rounds.close(tx, [position + 1], NINE + timedelta(hours=1), timedelta())
        assert await packs.ready_to_finish(tx) == [take.id]
        await packs.finish(tx, take.id, 0, NINE)
        assert await packs.ready_to_finish(tx) == []


async def _challenge(tx: Transaction, take: Take, position: int, name: str) -> None:
    round_id = await rounds.claim(
        tx,
        question(name),
        act=f"challenge {position}",
        mode="pack",
        status="open",
        place_id=take.place_id,
        player_id=take.player_id,
        take_id=take.id,
        position=position,
        speed=False,
        answers="buttons",
        opened_at=NINE,
        closes_at=NINE + timedelta(seconds=90),
    )
    assert round_id == position + 1
    await sittings.join(tx, round_id, take.player_id, NINE)
