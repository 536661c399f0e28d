from bot.model.feedback import Votes
from bot.store import feedback, places
from bot.store.sql.database import Database, Transaction
from tests.store.scene import ABROAD, ANNEX, HALL, NINE, Scene


async def report(tx: Transaction, digest: str, player_id: int, place_id: int) -> bool:
    return await feedback.report(
        tx,
        question="gates/gate",
        digest=digest,
        player_id=player_id,
        place_id=place_id,
        reason="key",
        at=NINE,
    )


async def test_the_last_vote_of_a_member_stands(database: Database) -> None:
    ada, bob = await Scene(database).members("Ada", "Bob")
    async with database.transaction() as tx:
        for player, value in ((ada, 1), (bob, 1), (ada, -1), (ada, -1)):
            await feedback.vote(tx, "gates/gate", player, value, NINE)
        assert await feedback.votes_for(tx, "gates/gate") == Votes(1, 1)
        assert await feedback.votes_for(tx, "gates/other") == Votes(0, 0)


async def test_a_wording_is_reported_once_by_a_member_in_a_place_and_a_new_wording_again(
    database: Database,
) -> None:
    ada, bob = await Scene(database).members("Ada", "Bob")
    async with database.transaction() as tx:
        hall, abroad = [(await places.get_or_add(tx, place)).id for place in (HALL, ABROAD)]
        filed = [
            await report(tx, digest, player, room)
            for digest, player, room in (
                *(("one", ada, hall), ("one", ada, hall), ("one", ada, abroad)),
                *(("one", bob, hall), ("two", ada, hall)),
            )
        ]
    assert filed == [True, False, True, True, True]


async def test_a_report_is_settled_once_and_listed_no_more(database: Database) -> None:
    (ada,) = await Scene(database).members("Ada")
    async with database.transaction() as tx:
        hall = (await places.get_or_add(tx, HALL)).id
        await report(tx, "one", ada, hall)
        (filed,) = await feedback.open_reports(tx, HALL)
        assert (filed.question, filed.reason, filed.name) == ("gates/gate", "key", "Ada")
        assert [await feedback.close_report(tx, filed.id, HALL, NINE) for _ in range(2)] == [
            True,
            False,
        ]
        assert await feedback.open_reports(tx, HALL) == []


async def test_a_report_is_read_and_settled_in_its_own_community_alone(database: Database) -> None:
    (ada,) = await Scene(database).members("Ada")
    async with database.transaction() as tx:
        room = (await places.get_or_add(tx, ANNEX)).id
        await report(tx, "one", ada, room)
        assert [len(await feedback.open_reports(tx, place)) for place in (HALL, ABROAD, None)] == [
            1,
            0,
            1,
        ]
        (filed,) = await feedback.open_reports(tx, None)
        assert not await feedback.close_report(tx, filed.id, ABROAD, NINE)
        assert await feedback.close_report(tx, filed.id, HALL, NINE)
