"""Packs under way while accounts become one member, and part again.

A take goes on, and the next one can begin.
"""

import pytest

from bot.identity import Place
from bot.model.people import Player
from bot.model.rounds import Round
from bot.quiz.questions import Choices
from bot.quizmaster.links import Links
from tests.quizmaster.conftest import HALL, Quiz
from tests.quizmaster.test_links import YARD, act, join, links, person, solves

__all__ = ["links"]


async def answer(quiz: Quiz, asked: Round, player: Player, place: Place = YARD) -> int:
    """Right, whichever challenge it is; what it paid."""
    key = asked.question.key
    assert isinstance(key, Choices)
    right = [option.letter for option in key.options if option.right]
    verdict = await quiz.rounds.answers.submit(
        act(), asked.id, player, place, right, quiz.clock.now()
    )
    assert verdict.share == 1
    return verdict.sitting.points


async def finish(quiz: Quiz, asked: Round, player: Player, place: Place = YARD) -> None:
    """The rest of a take, from a challenge that is open."""
    assert asked.take_id is not None
    for position in range((asked.position or 0) + 1, await quiz.packs.length(asked.take_id)):
        await answer(quiz, asked, player, place)
        asked = await quiz.packs.go_to(asked.take_id, position, player, quiz.clock.now())
        assert asked.position == position
    await answer(quiz, asked, player, place)


async def test_a_take_goes_on_past_a_challenge_that_counts_no_more(
    quiz: Quiz, links: Links
) -> None:
    """Its first challenge was met by the other account before.

    That sitting is set aside, and the take has it still.
    """
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    await solves(quiz, ann, HALL)
    first = await quiz.packs.start(there, YARD, "gates", 0, quiz.clock.now())
    assert await answer(quiz, first, there) > 0
    await join(quiz, links, ann, HALL, there, YARD)
    whole = await person(quiz, YARD)
    second = await quiz.packs.go_to(first.take_id or 0, 1, whole, quiz.clock.now())
    assert second.position == 1
    await finish(quiz, second, whole)
    summary = await quiz.packs.summary(first.take_id or 0, whole, quiz.clock.now())
    assert summary.best == 3
    assert summary.has_badge


async def test_a_take_that_was_linked_goes_back_whole(quiz: Quiz, links: Links) -> None:
    """With the challenges that were opened meanwhile: half a take would be nobody's."""
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    first = await quiz.packs.start(there, YARD, "gates", 0, quiz.clock.now())
    await answer(quiz, first, there)
    await join(quiz, links, ann, HALL, there, YARD)
    whole = await person(quiz, YARD)
    second = await quiz.packs.go_to(first.take_id or 0, 1, whole, quiz.clock.now())
    await answer(quiz, second, whole)
    await links.undo(act(), ann, quiz.clock.now())
    third = await quiz.packs.go_to(first.take_id or 0, 2, there, quiz.clock.now())
    assert third.position == 2
    await answer(quiz, third, there)
    assert (await quiz.packs.summary(first.take_id or 0, there, quiz.clock.now())).best == 3
    assert (await quiz.packs.offer("gates", ann)).best == 0


@pytest.mark.parametrize("times", [1, 2])
async def test_a_pack_can_be_taken_again_after_any_number_of_links(
    quiz: Quiz, links: Links, times: int
) -> None:
    ann, there = await person(quiz, HALL), await person(quiz, YARD)

    async def take(player: Player) -> int:
        offer = await quiz.packs.offer("gates", player)
        assert offer.under_way is None
        asked = await quiz.packs.start(player, YARD, "gates", offer.latest, quiz.clock.now())
        await finish(quiz, asked, player)
        return asked.take_id or 0

    taken = [await take(ann), await take(there)]
    for _ in range(times):
        await join(quiz, links, ann, HALL, await person(quiz, YARD), YARD)
        taken.append(await take(await person(quiz, YARD)))
        await links.undo(act(), ann, quiz.clock.now())
        taken += [await take(ann), await take(await person(quiz, YARD))]
    assert len(set(taken)) == len(taken)
