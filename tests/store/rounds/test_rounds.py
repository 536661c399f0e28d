from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.identity import MessageRef
from bot.model.rounds import RoundProgress
from bot.store.rounds import rounds, sittings
from bot.store.sql.database import Database
from bot.store.sql.tables.rounds import rounds as table
from bot.store.sql.tables.rounds import sittings as sitting_table
from tests.store.scene import ANNEX, HALL, NINE, Scene

GRACE = timedelta(seconds=2)
END = NINE + timedelta(seconds=90)


async def test_a_round_is_found_by_its_message_in_its_own_place_alone(database: Database) -> None:
    round_id = await Scene(database).open_round()
    async with database.reading() as tx:
        found = await rounds.by_message(tx, MessageRef(HALL, "m1"))
        assert found is not None
        assert found.id == round_id
        assert await rounds.by_message(tx, MessageRef(ANNEX, "m1")) is None


async def test_a_round_is_over_two_seconds_after_its_time(database: Database) -> None:
    round_id = await Scene(database).open_round()
    async with database.transaction() as tx:
        assert await rounds.next_closing_time(tx, GRACE) == END + GRACE
        assert await rounds.ready_to_close(tx, END + GRACE - timedelta(microseconds=1), GRACE) == []
        assert await rounds.ready_to_close(tx, END + GRACE, GRACE) == [round_id]


async def test_an_early_end_waits_for_everyone_who_joined(database: Database) -> None:
    scene = Scene(database)
    round_id = await scene.open_round()
    ada, bob = await scene.members("Ada", "Bob")
    early = NINE + timedelta(seconds=15)
    async with database.transaction() as tx:
        await sittings.join(tx, round_id, ada, NINE)
        await rounds.allow_early_close(tx, round_id, early)
        assert await sittings.count(tx, round_id) == RoundProgress(1, 0)
        assert await rounds.next_closing_time(tx, GRACE) == END + GRACE
        assert await rounds.close(tx, [round_id], early, GRACE) == []
        await tx.execute(sitting_table.update().values(finished_at=NINE))
        assert await rounds.next_closing_time(tx, GRACE) == early
        await sittings.join(tx, round_id, bob, NINE)
        assert await rounds.ready_to_close(tx, early, GRACE) == []


async def test_a_close_ends_every_sitting_and_happens_once(database: Database) -> None:
    scene = Scene(database)
    round_id = await scene.open_round()
    (ada,) = await scene.members("Ada")
    async with database.transaction() as tx:
        assert [await sittings.join(tx, round_id, ada, NINE) for _ in range(2)] == [True, False]
        assert [await rounds.close(tx, [round_id], END + GRACE, GRACE) for _ in range(2)] == [
            [round_id],
            [],
        ]
        seat = await sittings.find(tx, round_id, ada)
        assert seat is not None
        assert seat.finished_at == END + GRACE
        assert not await sittings.take_hint(tx, "hint", round_id, ada, 1, NINE)


async def test_a_hint_is_taken_once_and_in_its_order(database: Database) -> None:
    scene = Scene(database)
    round_id = await scene.open_round()
    (ada,) = await scene.members("Ada")
    async with database.transaction() as tx:
        await sittings.join(tx, round_id, ada, NINE)
        taken = [
            await sittings.take_hint(tx, f"hint {number}", round_id, ada, number, NINE)
            for number in (2, 1, 1, 2, 3)
        ]
    assert taken == [False, True, False, True, True]


async def test_the_tables_refuse_a_second_live_round_in_a_place(database: Database) -> None:
    scene = Scene(database)
    await scene.open_round()
    async with database.transaction() as tx:
        await tx.execute(table.update().values(live_in=None, status="announced"))
    await scene.open_round()
    with pytest.raises(IntegrityError):
        async with database.transaction() as tx:
            await tx.execute(table.update().values(live_in=1, status="open"))
