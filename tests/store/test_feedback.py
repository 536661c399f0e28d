from bot.store import feedback
from bot.store.database import Database
from bot.store.feedback import Votes
from tests.store.scene import NINE, Scene


async def test_the_last_vote_of_a_member_stands(database: Database) -> None:
    ada, bob = await Scene(database).members("Ada", "Bob")
    async with database.act() as tx:
        for player, value in ((ada, 1), (bob, 1), (ada, -1), (ada, -1)):
            await feedback.vote(tx, "gates/gate", player, value, NINE)
        assert await feedback.votes_for(tx, "gates/gate") == Votes(1, 1)
        assert await feedback.votes_for(tx, "gates/other") == Votes(0, 0)


async def test_a_wording_is_reported_once_by_a_member_and_a_new_wording_again(database: Database) -> None:
    ada, bob = await Scene(database).members("Ada", "Bob")
    async with database.act() as tx:
        filed = [
            await feedback.report(tx, "gates/gate", digest, player, "key", NINE)
            for digest, player in (("one", ada), ("one", ada), ("one", bob), ("two", ada))
        ]
    assert filed == [True, False, True, True]


async def test_a_report_is_settled_once_and_listed_no_more(database: Database) -> None:
    (ada,) = await Scene(database).members("Ada")
    async with database.act() as tx:
        await feedback.report(tx, "gates/gate", "one", ada, "key", NINE)
        (report,) = await feedback.open_reports(tx)
        assert (report.question, report.reason, report.name) == ("gates/gate", "key", "Ada")
        assert [await feedback.settle(tx, report.id, NINE) for _ in range(2)] == [True, False]
        assert await feedback.open_reports(tx) == []
