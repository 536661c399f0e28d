"""Packs where a crash came between two steps of one act."""

from collections.abc import Awaitable, Callable

import pytest

from bot.model.rounds import Round
from bot.quiz.badges import Badge
from bot.quiz.calendar.local_days import ZoneHistory
from bot.quizmaster.packs import Packs
from bot.quizmaster.people import People
from bot.quizmaster.rounds.access import GRACE
from bot.quizmaster.rounds.answers import decision_maker
from bot.store.rounds import rounds
from bot.store.rounds.ledger import record
from bot.store.rounds.submissions import Submission
from tests.cores import core
from tests.quizmaster.conftest import Quiz
from tests.refusing import refused


async def answered(quiz: Quiz, asked: Round, player_id: int) -> None:
    """The right answer is in the ledger, and then the bot went down."""
    at = quiz.clock.now()
    decide = decision_maker(asked, 1.0, at, ZoneHistory("UTC").countable(at))
    async with quiz.database.transaction() as tx:
        await record(
            tx,
            [
                Submission(
                    f"answer {asked.id}", asked.id, player_id, asked.question.id, ("A",), at, decide
                )
            ],
        )


async def timed_out(quiz: Quiz, asked: Round, _: int) -> None:
    """The round is closed, its end is not shown, and then the bot went down."""
    quiz.clock.advance(asked.question.seconds + GRACE.total_seconds())
    async with quiz.database.transaction() as tx:
        assert await rounds.close(tx, [asked.id], quiz.clock.now(), GRACE)


@pytest.mark.parametrize("crash", [answered, timed_out])
async def test_a_take_goes_on_past_a_challenge_whose_end_a_crash_cut_short(
    quiz: Quiz, crash: Callable[[Quiz, Round, int], Awaitable[None]]
) -> None:
    """And the old challenge, which stood on the same card, never comes back over the new one."""
    ada = await quiz.meet("Ada")
    first = await quiz.packs.start(ada, quiz.place, "gates", 0, quiz.clock.now())
    await crash(quiz, first, ada.id)
    second = await quiz.packs.go_to(1, 1, ada, quiz.clock.now())
    assert second.question.id == "gates/truth"
    quiz.clock.advance(3600)
    assert [ended.id for ended in await quiz.rounds.closing.close_due(quiz.clock.now())] == [
        second.id
    ]


async def test_a_take_whose_last_step_was_lost_is_settled_with_its_badge(quiz: Quiz) -> None:
    ada = await quiz.meet("Ada")
    asked = await quiz.packs.start(ada, quiz.place, "gates", 0, quiz.clock.now())
    for position in (1, 2):
        await answered(quiz, asked, ada.id)
        asked = await quiz.packs.go_to(1, position, ada, quiz.clock.now())
    await answered(quiz, asked, ada.id)
    await quiz.packs.finish_all_done(quiz.clock.now())
    offer = await quiz.packs.offer("gates", ada)
    assert (offer.best, offer.has_badge, offer.under_way) == (3, True, None)


async def test_a_badge_outlives_its_pack(quiz: Quiz) -> None:
    """Even one that was earned while the pack was taken away."""
    ada = await quiz.meet("Ada")
    asked = await quiz.packs.start(ada, quiz.place, "gates", 0, quiz.clock.now())
    for position in (1, 2):
        await answered(quiz, asked, ada.id)
        asked = await quiz.packs.go_to(1, position, ada, quiz.clock.now())
    await answered(quiz, asked, ada.id)
    emptied = core(quiz.database)
    await Packs(emptied).finish_all_done(quiz.clock.now())
    mine = await People(emptied, quiz.streaks).profile(ada, quiz.clock.now())
    assert mine.badges == (Badge("pack:gates", "Gates", "🏅"),)
    assert (await quiz.people.profile(ada, quiz.clock.now())).badges == (
        Badge("pack:gates", "Gate Keeper", "🚪"),
    )


async def test_a_take_belongs_to_the_one_who_began_it(quiz: Quiz) -> None:
    ada, bob = await quiz.meet("Ada"), await quiz.meet("Bob")
    await quiz.packs.start(ada, quiz.place, "gates", 0, quiz.clock.now())
    for act in (
        quiz.packs.go_to(1, 0, bob, quiz.clock.now()),
        quiz.packs.summary(1, bob, quiz.clock.now()),
    ):
        with refused("somebody else's"):
            await act
