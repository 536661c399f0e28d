"""Rounds where several want the same thing at the same instant."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from bot.errors import UserError
from bot.identity import MessageRef
from bot.model.people import Player
from bot.model.rounds import QuestionFilter, Refusal, Round
from bot.phrases.say import explain
from bot.quiz.questions import Choices
from bot.quizmaster.rounds.access import GRACE
from bot.quizmaster.rounds.closing import OpenRounds
from bot.quizmaster.rounds.rounds import POST_WITHIN
from bot.store.rounds import rounds, sittings
from bot.store.rounds import rounds as rows
from tests.quizmaster.conftest import Quiz
from tests.refusing import refused

ANY = QuestionFilter()
GATE = QuestionFilter("gates", "intermediate")


async def opened(quiz: Quiz, act: str, wish: QuestionFilter = GATE) -> Round:
    """A live round whose card stands."""
    asked = await quiz.rounds.live.open(act, quiz.place, wish, quiz.clock.now())
    return await quiz.rounds.live.mark_posted(
        asked.id, MessageRef(quiz.place, f"card of {act}"), quiz.clock.now()
    )


async def test_of_many_who_ask_at_once_one_gets_the_round_and_all_others_a_sentence(
    quiz: Quiz,
) -> None:
    asking = (
        quiz.rounds.live.open(f"act {n}", quiz.place, ANY, quiz.clock.now()) for n in range(8)
    )
    got = await asyncio.gather(*asking, return_exceptions=True)
    assert sum(isinstance(one, Round) for one in got) == 1
    assert (
        sum(isinstance(one, UserError) and "under way here already" in explain(one) for one in got)
        == 7
    )


async def test_one_act_delivered_many_times_at_once_claims_one_round(quiz: Quiz) -> None:
    asking = (quiz.rounds.live.open("the act", quiz.place, ANY, quiz.clock.now()) for _ in range(8))
    assert len({asked.id for asked in await asyncio.gather(*asking)}) == 1


async def test_practice_asked_for_many_times_at_once_still_works_afterwards(quiz: Quiz) -> None:
    ada = await quiz.meet("Ada")
    for acts in ([f"act {n}" for n in range(6)], ["the act"] * 6):
        asking = (quiz.practice.open(act, ada, quiz.place, ANY, quiz.clock.now()) for act in acts)
        await asyncio.gather(*asking)
    last = await quiz.practice.open("the last", ada, quiz.place, ANY, quiz.clock.now())
    async with quiz.database.reading() as tx:
        room = await rows.open_practice(tx, 1, ada.id)
    assert [asked.id for asked in room] == [last.id]


async def test_a_pack_started_many_times_at_once_is_one_take(quiz: Quiz) -> None:
    ada = await quiz.meet("Ada")
    starting = (quiz.packs.start(ada, quiz.place, "gates", 0, quiz.clock.now()) for _ in range(6))
    assert len({asked.id for asked in await asyncio.gather(*starting)}) == 1
    assert (await quiz.packs.offer("gates", ada)).latest == 1


async def test_somebody_new_met_many_times_at_once_is_one_player(quiz: Quiz) -> None:
    met = await asyncio.gather(*(quiz.meet("Ada") for _ in range(8)))
    assert len({player.id for player in met}) == 1


async def test_a_round_is_closed_by_exactly_one_of_many(quiz: Quiz) -> None:
    asked = await opened(quiz, "act")
    quiz.clock.advance(100)

    async def close() -> bool:
        async with quiz.database.transaction() as tx:
            return bool(await rounds.close(tx, [asked.id], quiz.clock.now(), GRACE))

    assert sorted(await asyncio.gather(*(close() for _ in range(5)))) == [
        False,
        False,
        False,
        False,
        True,
    ]


async def test_an_answer_and_the_close_at_the_same_instant_agree_with_each_other(
    quiz: Quiz,
) -> None:
    """Whichever comes first, the answer counts and is in the result, or is refused and is not."""
    ada = await quiz.meet("Ada")
    for number in range(6):
        asked = await opened(quiz, f"act {number}")
        at = quiz.clock.now()
        quiz.clock.advance(92)
        answering = quiz.rounds.answers.submit(
            f"answer {number}", asked.id, ada, quiz.place, ("A",), at
        )
        verdict, ended = await asyncio.gather(
            answering, quiz.rounds.closing.close_due(quiz.clock.now())
        )
        assert [one.id for one in ended] == [asked.id]
        result = await quiz.rounds.closing.result(ended[0])
        assert result.solved == (verdict.refusal is None) == (result.first is not None)
        assert verdict.refusal in {None, Refusal.OVER}
        await quiz.rounds.closing.mark_announced(ended[0], quiz.clock.now())


async def test_an_answer_counts_though_the_card_stood_before_its_row_said_so(quiz: Quiz) -> None:
    ada, bob = await quiz.meet("Ada"), await quiz.meet("Bob")
    asked = await quiz.rounds.live.open("act", quiz.place, GATE, quiz.clock.now())
    at = quiz.clock.now()
    assert (await quiz.rounds.answers.join(asked.id, bob, quiz.place, at))[1]
    assert not (await quiz.rounds.hints.take("hint", asked.id, bob, quiz.place, at)).free
    verdict = await quiz.rounds.answers.submit("answer", asked.id, ada, quiz.place, ("A",), at)
    assert verdict.sitting.solved
    await quiz.rounds.live.mark_posted(asked.id, MessageRef(quiz.place, "card"), at)
    _, tally = await quiz.rounds.tally(asked.id)
    assert (tally.joined, tally.finished) == (2, 1)


async def test_hints_asked_for_at_once_are_logged_one_by_one(quiz: Quiz) -> None:
    ada = await quiz.meet("Ada")
    asked = await opened(quiz, "act")
    hinting = (
        quiz.rounds.hints.take(f"hint {n}", asked.id, ada, quiz.place, quiz.clock.now())
        for n in range(6)
    )
    given = await asyncio.gather(*hinting)
    assert 1 <= sum(not hint.free for hint in given) <= 2
    seat, _ = await quiz.rounds.answers.sitting_and_attempts(asked, ada.id)
    assert seat.hints_taken == sum(not hint.free for hint in given)


async def test_the_bag_repeats_nothing_until_it_is_empty_and_never_twice_in_a_row(
    quiz: Quiz,
) -> None:
    names = [await _asked_and_closed(quiz, n) for n in range(15)]
    assert all(len(set(names[start : start + 5])) == 5 for start in (0, 5, 10))
    assert all(one != other for one, other in pairwise(names))


async def _asked_and_closed(quiz: Quiz, number: int) -> str:
    asked = await opened(quiz, f"act {number}", ANY)
    quiz.clock.advance(3600)
    for ended in await quiz.rounds.closing.close_due(quiz.clock.now()):
        await quiz.rounds.closing.mark_announced(ended, quiz.clock.now())
    return asked.question.id


async def test_a_claim_too_old_to_be_welcome_is_dropped_and_the_place_is_free_again(
    quiz: Quiz,
) -> None:
    await quiz.rounds.live.open("act", quiz.place, ANY, quiz.clock.now())
    quiz.clock.advance(POST_WITHIN.total_seconds())
    assert len(await quiz.rounds.live.unposted(quiz.clock.now())) == 1
    quiz.clock.advance(1)
    assert await quiz.rounds.live.unposted(quiz.clock.now()) == []
    await opened(quiz, "another")


@pytest.mark.parametrize(
    "values", [(), ("",), ("Z",), ("A", "B"), ("A" * 10_000,), ("\u202eA",), ("<script>",)]
)
async def test_what_is_no_answer_costs_no_try(quiz: Quiz, values: tuple[str, ...]) -> None:
    ada = await quiz.meet("Ada")
    asked = await opened(quiz, "act")
    with pytest.raises(UserError):
        await quiz.rounds.answers.submit(
            "answer", asked.id, ada, quiz.place, values, quiz.clock.now()
        )
    assert (await quiz.rounds.answers.sitting_and_attempts(asked, ada.id))[1] == []


def test_a_wish_survives_its_button() -> None:
    for wish in (ANY, GATE, QuestionFilter(kind="metrics"), QuestionFilter("a", "b", "c")):
        assert QuestionFilter.decoded(wish.code) == wish


async def test_a_practice_question_that_was_given_up_is_shown_to_no_repeated_act(
    quiz: Quiz,
) -> None:
    ada = await quiz.meet("Ada")
    for act in ("first", "second"):
        await quiz.practice.open(act, ada, quiz.place, ANY, quiz.clock.now())
    with refused("given up"):
        await quiz.practice.open("first", ada, quiz.place, ANY, quiz.clock.now())


async def test_a_live_round_that_nobody_posted_in_time_is_shown_to_no_repeated_act(
    quiz: Quiz,
) -> None:
    await quiz.rounds.live.open("the act", quiz.place, ANY, quiz.clock.now())
    quiz.clock.advance(POST_WITHIN.total_seconds() + 1)
    assert await quiz.rounds.live.unposted(quiz.clock.now()) == []
    with refused("given up"):
        await quiz.rounds.live.open("the act", quiz.place, ANY, quiz.clock.now())


async def test_whoever_tried_a_question_in_practice_is_not_paid_for_it_afterwards(
    quiz: Quiz,
) -> None:
    ada = await quiz.meet("Ada")
    tried = await quiz.practice.open("practice", ada, quiz.place, GATE, quiz.clock.now())
    await quiz.rounds.hints.take("hint", tried.id, ada, quiz.place, quiz.clock.now())
    asked = await opened(quiz, "live")
    assert asked.question.id == tried.question.id
    assert isinstance(asked.question.key, Choices)
    given = await quiz.rounds.answers.submit(
        "answer", asked.id, ada, quiz.place, tuple(asked.question.key.right), asked.opened_at
    )
    assert given.factors is not None
    assert given.factors.pays == "seen"


async def press(quiz: Quiz, asked: Round, player: Player) -> None:
    assert (
        await quiz.rounds.answers.submit(
            "late", asked.id, player, quiz.place, ("A",), quiz.clock.now()
        )
    ).refusal


async def ask_in(quiz: Quiz, asked: Round, player: Player) -> None:
    assert (await quiz.rounds.answers.join(asked.id, player, quiz.place, quiz.clock.now()))[
        1
    ] is None


async def prove(quiz: Quiz, asked: Round, player: Player) -> None:
    await quiz.rounds.hints.proof(asked.id, player, quiz.place, quiz.clock.now())


async def paid(quiz: Quiz, act: str, player: Player) -> str | None:
    """Whether the same question, asked once more and solved, pays."""
    asked = await opened(quiz, act)
    verdict = await quiz.rounds.answers.submit(
        f"in {act}", asked.id, player, quiz.place, ("A",), quiz.clock.now()
    )
    quiz.clock.advance(100)
    await quiz.rounds.closing.close_due(quiz.clock.now())
    return verdict.factors.pays if verdict.factors else None


@pytest.mark.parametrize("look", [press, ask_in, prove])
async def test_a_key_that_is_told_after_the_end_was_seen(
    quiz: Quiz, look: Callable[[Quiz, Round, Player], Awaitable[None]]
) -> None:
    """By whoever asked, for thirty days, and without taking part in what is over."""
    ada, bob, cy = [await quiz.meet(name) for name in ("Ada", "Bob", "Cy")]
    asked = await opened(quiz, "first")
    await quiz.rounds.answers.submit("in time", asked.id, ada, quiz.place, ("B",), quiz.clock.now())
    quiz.clock.advance(100)
    (ended,) = await quiz.rounds.closing.close_due(quiz.clock.now())
    quiz.clock.advance(30)
    for _ in range(2):
        await look(quiz, asked, bob)
    assert (await quiz.rounds.closing.result(ended)).joined == 1
    assert (await quiz.people.profile(bob, quiz.clock.now())).recent == ()
    assert [await paid(quiz, f"again {player.name}", player) for player in (bob, cy)] == [
        "seen",
        "yes",
    ]
    quiz.clock.advance(31 * 24 * 3600)
    assert await paid(quiz, "later", bob) == "yes"


async def test_who_came_a_moment_too_late_was_told_nothing(quiz: Quiz) -> None:
    """The time is up, but the round is not closed: its key is still a secret."""
    bob = await quiz.meet("Bob")
    asked = await opened(quiz, "first")
    quiz.clock.advance(asked.question.seconds + GRACE.total_seconds() + 0.1)
    for look in (press, ask_in):
        await look(quiz, asked, bob)
    with refused("The proof tells the answer"):
        await prove(quiz, asked, bob)
    await quiz.rounds.closing.close_due(quiz.clock.now())
    assert await paid(quiz, "again", bob) == "yes"


async def test_whoever_comes_while_a_round_closes_is_in_it_whole_or_not_at_all(quiz: Quiz) -> None:
    """No sitting goes on in a round that is over."""
    members = [await quiz.meet(f"Member {n}") for n in range(12)]
    for time in range(3):
        asked = await opened(quiz, f"act {time}")
        at = quiz.clock.now()
        quiz.clock.advance(asked.question.seconds + GRACE.total_seconds())
        coming = [
            quiz.rounds.answers.join(asked.id, player, quiz.place, at) for player in members[:6]
        ]
        hints = [
            quiz.rounds.hints.take(f"{time} {player.id}", asked.id, player, quiz.place, at)
            for player in members[6:]
        ]
        await asyncio.gather(
            *coming[:3],
            *hints[:3],
            quiz.rounds.closing.close_due(quiz.clock.now()),
            *coming[3:],
            *hints[3:],
        )
        async with quiz.database.reading() as tx:
            assert all(seat.finished_at for seat in await sittings.of_participants(tx, [asked.id]))
            ended = await rows.find(tx, asked.id)
        assert ended is not None
        await quiz.rounds.closing.mark_announced(ended, quiz.clock.now())


async def test_two_bots_end_what_many_finish_at_once(quiz: Quiz) -> None:
    """Each in an order of its own: neither waits for the other in a ring."""
    ada = await quiz.meet("Ada")
    at = quiz.clock.now()
    halls = [replace(quiz.place, channel=f"hall {n}") for n in range(6)]
    asked = [await quiz.rounds.live.open(f"in {hall.channel}", hall, GATE, at) for hall in halls]
    for each in asked:
        await quiz.rounds.answers.join(each.id, ada, each.place, at)
    bots = [OpenRounds(quiz.database) for _ in range(2)]
    for _ in range(5):
        ends = [
            bot.close_early(each, at)
            for bot, way in zip(bots, (1, -1), strict=True)
            for each in asked[::way]
        ]
        await asyncio.gather(*ends)
