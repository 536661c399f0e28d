"""Nothing that is said before the end tells the key.

Two questions that differ only in it give the very same card.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.card import Card, plain_text
from bot.model.feedback import QuestionVotes, Votes
from bot.model.rounds import HintsShown, Refusal, RoundProgress
from bot.phrases.feedback import report_card, report_reasons_card, vote_card
from bot.phrases.packs import pack_card, packs_card
from bot.phrases.rounds.question import hint_card, joined_card, own_question_card, question_card
from bot.phrases.rounds.verdict import verdict_card
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
        question_card(live, b"png"),
        question_card(live, None, RoundProgress(3, 1)),
        question_card(replace(live, by_reaction=True), None),
        own_question_card(live, b"png", seat(hints_taken=taken), ()),
        own_question_card(practice(asking), None, seat(hints_taken=taken), ()),
        own_question_card(live, None, wrong, tried),
        own_question_card(live, None, partly, ()),
        verdict_card(verdict(live, tried, wrong)),
        verdict_card(verdict(live, tried, partly)),
        verdict_card(verdict(live, tried, seat(), refusal=Refusal.OVER)),
        hint_card(HintsShown(live, hints, free=False)),
        joined_card(live, new=True),
        vote_card(QuestionVotes(asking, Votes(1, 0)), 1),
        report_reasons_card(asking, live.id),
        report_card(asking, new=True),
        pack_card(offer(pack=replace(PACK, questions=(asking,)))),
        packs_card([offer(pack=replace(PACK, questions=(asking,)))]),
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
    doors = [pack_card(offer(pack=replace(PACK, questions=(each,)))) for each in (asking, same)]
    assert doors[0] == doors[1]


@pytest.mark.parametrize(
    "text", ["lets everything through", "A gate multiplies", "That is a gate of 0"]
)
def test_the_end_tells_what_was_secret(text: str) -> None:
    """So that the tests above do not hold because nothing is ever told."""
    assert text in plain_text(verdict_card(verdict(asked(), ("B",), done(0, 0, 2))))
