"""Who reads what was reported."""

from bot.identity import Person, Place
from bot.model.rounds import QuestionFilter
from bot.quizmaster.feedback import Feedback
from tests.cores import core
from tests.quizmaster.conftest import Quiz

ABROAD = Place("paper", "elsewhere", "hall")
WEB = Place("web", "local", "general")


async def test_admins_read_their_own_communitys_reports_and_the_bots_owners_read_all(
    quiz: Quiz,
) -> None:
    feedback, now = Feedback(core(quiz.database), {"web"}), quiz.clock.now()
    for number, place in enumerate((quiz.place, ABROAD)):
        ada = await quiz.people.find_or_add(Person("paper", "Ada", "Ada"), place, now)
        asked = await quiz.rounds.live.open(
            f"act {number}", place, QuestionFilter(level="intermediate"), now
        )
        for new in (True, False):
            assert (await feedback.report(asked.id, ada, place, "key", now))[1] is new
    assert [len(await feedback.open_reports(place)) for place in (quiz.place, ABROAD, WEB)] == [
        1,
        1,
        2,
    ]
    (theirs,) = await feedback.open_reports(ABROAD)
    await feedback.close_report(theirs.id, quiz.place, now)
    assert await feedback.open_reports(ABROAD) == [theirs]
    await feedback.close_report(theirs.id, WEB, now)
    assert await feedback.open_reports(ABROAD) == []
