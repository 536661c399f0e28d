"""Nothing that is said before the end tells the key: two questions that differ only in it give the very same card."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.card import Card, plain_text
from bot.model.feedback import QuestionVotes, Votes
from bot.model.rounds import HintsShown, Refusal, RoundProgress
from bot.phrases import feedback, packs, rounds
from bot.quiz.questions import Choices, Question
from tests.phrases.scenes import PACK, asked, done, offer, practice, seat, verdict
from tests.quiz.generated import GATE, Secrets, Shown, question, secrets, shown

twins = st.tuples(shown, secrets, secrets)
"""What is shown of a question, and two sets of what is not."""


def open_cards(asking: Question, taken: int) -> list[Card]:
    """What people see of a question while it is open, whoever they are and however far."""
    live, hints = asked(asking), asking.hints[:taken]
    tried = ("A",) if isinstance(asking.key, Choices) and not asking.key.several else ()
    wrong = seat(tries_used=1, hints_taken=taken)
    partly = seat(tries_used=1, hints_taken=taken, share=0.5, points=30)
    return [
        rounds.challenge(live, b"png"),
        rounds.challenge(live, None, RoundProgress(3, 1)),
        rounds.challenge(replace(live, by_reaction=True), None),
        rounds.own(live, b"png", seat(hints_taken=taken), ()),
        rounds.own(practice(asking), None, seat(hints_taken=taken), ()),
        rounds.own(live, None, wrong, tried),
        rounds.own(live, None, partly, ()),
        rounds.verdict(verdict(live, tried, wrong)),
        rounds.verdict(verdict(live, tried, partly)),
        rounds.verdict(verdict(live, tried, seat(), refusal=Refusal.OVER)),
        rounds.hint(HintsShown(live, hints, free=False)),
        rounds.joined(live, new=True),
        feedback.voted(QuestionVotes(asking, Votes(1, 0)), 1),
        feedback.reasons(asking, live.id),
        feedback.reported(asking, new=True),
        packs.door(offer(pack=replace(PACK, questions=(asking,)))),
        packs.shelf([offer(pack=replace(PACK, questions=(asking,)))]),
    ]


@settings(max_examples=50)
@given(twins, st.integers(0, 5))
def test_an_open_question_shows_nothing_of_its_key(
    twins: tuple[Shown, Secrets, Secrets], taken: int
) -> None:
    seen, one, other = twins
    assert open_cards(question(seen, one), taken) == open_cards(question(seen, other), taken)


@given(shown, secrets, st.lists(st.text(max_size=20), min_size=5, max_size=5))
def test_a_hint_that_was_not_taken_is_not_shown(
    seen: Shown, secret: Secrets, others: list[str]
) -> None:
    """Other texts in the place of the later hints change nothing."""
    hints = (*seen.hints[:1], *others[: max(0, len(seen.hints) - 1)])
    one, other = question(seen, secret), question(replace(seen, hints=hints), secret)
    assert open_cards(one, 1) == open_cards(other, 1)


@given(twins)
def test_a_pack_s_door_shows_nothing_of_its_questions_but_their_clocks(
    twins: tuple[Shown, Secrets, Secrets],
) -> None:
    seen, one, _ = twins
    asking = question(seen, one)
    same = replace(GATE, seconds=seen.seconds)
    doors = [packs.door(offer(pack=replace(PACK, questions=(each,)))) for each in (asking, same)]
    assert doors[0] == doors[1]


@pytest.mark.parametrize(
    "text", ["lets everything through", "A gate multiplies", "That is a gate of 0"]
)
def test_the_end_tells_what_was_secret(text: str) -> None:
    """So that the tests above do not hold because nothing is ever told."""
    assert text in plain_text(rounds.verdict(verdict(asked(), ("B",), done(0, 0, 2))))
