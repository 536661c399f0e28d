"""What is said around one question."""

from dataclasses import replace

import pytest

from bot.chat.card import (
    Button,
    Card,
    Choice,
    Code,
    Countdown,
    Facts,
    Input,
    Mono,
    Options,
    Picture,
    ShownOption,
    Text,
    plain_text,
)
from bot.model.rounds import HintsShown, Refusal, RoundProgress
from bot.phrases.rounds.question import (
    hint_card,
    joined_card,
    letter_of,
    own_question_card,
    question_card,
)
from bot.phrases.rounds.verdict import missed_card, result_card, verdict_card
from bot.quiz.questions import Question
from tests.phrases.scenes import (
    DRAWN,
    NOON,
    NUMBER,
    PHRASE,
    SEVERAL,
    TRUTH,
    asked,
    done,
    factors,
    facts,
    kinds,
    labels,
    practice,
    result,
    seat,
    verdict,
)
from tests.quiz.generated import GATE

ONWARD = (Button("Next challenge", "go:5:1", "primary"), Button("Packs", "packs"))


def test_a_question_says_what_it_is_and_what_it_pays() -> None:
    card = question_card(asked(), None)
    assert card.title == "🧠 What a gate does"
    assert facts(card) == {
        "Kind": "Conceptual",
        "Level": "Intermediate",
        "Time": "1:30",
        "Tries": "2",
        "Worth": "up to 120 points",
    }
    assert facts(question_card(asked(speed=False), None))["Worth"] == "up to 100 points"
    assert labels(card) == ["A", "B", "C", "D", "I’m in", "Hint (−20 %)", "👍", "👎", "Report"]
    assert Countdown(asked().closes_at or NOON) in card.blocks


def test_a_figure_comes_before_the_code_and_the_options_after() -> None:
    drawn = replace(GATE, figure=DRAWN.figure)
    assert kinds(question_card(asked(drawn), b"png")) == [
        Facts,
        Text,
        Picture,
        Code,
        Options,
        Countdown,
        Text,
    ]
    assert Picture not in kinds(question_card(asked(drawn), None))


def test_the_crowd_is_counted_once_somebody_is_in() -> None:
    said = [
        plain_text(question_card(asked(), None, tally))
        for tally in (None, RoundProgress(0, 0), RoundProgress(1, 0), RoundProgress(3, 2))
    ]
    assert all("Everyone here may answer" in text for text in said[:2])
    assert "1 member in, 0 finished." in said[2]
    assert "3 members in, 2 finished." in said[3]


def test_where_reactions_answer_there_are_no_letters_to_press_and_one_try() -> None:
    card = question_card(asked(by_reaction=True), None)
    assert card.reactions == ("🇦", "🇧", "🇨", "🇩")
    assert "A" not in labels(card)
    assert facts(card)["Tries"] == "1"
    assert "React with the letter of your answer. The first one counts." in plain_text(card)


@pytest.mark.parametrize(
    ("emoji", "letter"), [("🇦", "A"), ("🇫\ufe0f", "F"), ("👍", None), ("A", None)]
)
def test_an_emoji_stands_for_its_letter(emoji: str, letter: str | None) -> None:
    assert letter_of(emoji) == letter


def test_several_answers_are_ticked_and_the_rule_is_said() -> None:
    card = question_card(asked(SEVERAL), None)
    (ticks,) = [block for block in card.blocks if isinstance(block, Choice)]
    assert ticks.action == "tick:42"
    assert ticks.options[0] == ("A", "A: It keeps state")
    assert "Tick all that apply. Your share is (right − wrong) ÷ all that are right" in plain_text(
        card
    )
    assert labels(card)[0] == "I’m in"


@pytest.mark.parametrize("question", [NUMBER, PHRASE])
def test_numbers_and_phrases_are_typed(question: Question) -> None:
    card = question_card(asked(question), None)
    assert Input("Your answer", "type:42") in card.blocks


def test_a_hint_says_what_it_costs_before_it_is_taken() -> None:
    def hint(card: Card) -> list[tuple[str, str]]:
        return [
            (button.label, button.spoken) for button in card.buttons if button.action == "hint:42"
        ]

    priced = ("Hint (−20 %)", "A hint, which lowers what this question pays you by 20 %")
    assert hint(own_question_card(asked(), None, seat(hints_taken=1), ())) == [priced]
    assert hint(own_question_card(practice(), None, seat(), ())) == [
        ("Hint (free)", "A hint, free")
    ]
    assert hint(own_question_card(asked(), None, seat(hints_taken=2), ())) == []
    assert hint(question_card(asked(DRAWN), None)) == []


def test_hints_that_were_taken_stay_on_the_card() -> None:
    card = own_question_card(asked(), None, seat(hints_taken=2), ())
    assert Text(("💡 ", "What is ", Mono("1 * 7"), "?")) in card.blocks


def test_practice_has_no_clock() -> None:
    card = own_question_card(practice(), None, seat(), ())
    assert facts(card)["Time"] == "no clock"
    assert Countdown not in kinds(card)


def test_a_wrong_try_says_so_marks_its_letter_and_takes_its_button_away() -> None:
    card = own_question_card(asked(), None, seat(tries_used=1), ("B",))
    assert (card.tone, facts(card)["Tries"]) == ("bad", "1 left")
    assert plain_text(card).splitlines()[1] == "Not that. 1 try left."
    assert "B: It stops state (wrong)" in plain_text(card)
    assert "B" not in labels(card)


def test_a_partly_right_try_keeps_the_best() -> None:
    card = own_question_card(asked(SEVERAL), None, seat(tries_used=1, share=0.5), ())
    assert card.tone == "partly"
    assert "Partly right (50 %); your best answer counts. 1 try left." in plain_text(card)


def test_before_the_last_try_a_verdict_tells_only_right_or_not() -> None:
    wrong = verdict_card(verdict(asked(), ("B",), seat(tries_used=1)))
    assert plain_text(wrong) == "Not that. 1 try left.\nYou said B: It stops state."
    partly = verdict_card(verdict(asked(SEVERAL), ("A",), seat(tries_used=1, share=0.5)))
    assert partly.title == "Partly right: 50 %"
    assert "1 try left. Your best answer counts" in plain_text(partly)


def test_right_is_told_with_points_and_the_explanation() -> None:
    card = verdict_card(verdict(asked(), ("A",), done(points=64), read_as="gate"), ONWARD)
    assert (card.title, card.tone) == ("✓ Right", "good")
    assert facts(card) == {
        "You said": "A: It keeps state",
        "Points": "64",
        "Key concept": "A gate multiplies.",
    }
    assert "Read as “gate”." in plain_text(card)
    assert "It lets everything through.\nA gate of 0 stops it." in plain_text(card)
    assert labels(card) == [
        "Next challenge",
        "Packs",
        "Why these points?",
        "Run",
        "Prove it",
        "👍",
        "👎",
        "Report",
    ]


@pytest.mark.parametrize(("question", "which"), [(GATE, "last"), (TRUTH, "only")])
def test_wrong_at_the_end_is_told_with_the_key_and_why_not(question: Question, which: str) -> None:
    card = verdict_card(verdict(asked(question), ("B",), done(0, 0, 2)))
    assert card.title == f"✗ Not that, and that was the {which} try"
    assert facts(card)["Right answer"].startswith("A: ")
    assert "Why not B: " in plain_text(card)


def test_partly_right_at_the_end_is_neither_right_nor_wrong() -> None:
    card = verdict_card(verdict(asked(SEVERAL), ("A",), done(0.5, 30, 2)))
    assert (card.title, card.tone) == ("Partly right: 50 %", "partly")
    assert facts(card)["Right answer"] == "A: It keeps state; B: It stops state"
    assert "Why not" not in plain_text(verdict_card(verdict(asked(NUMBER), ("7",), done(0, 0, 2))))


def test_only_what_has_a_proof_can_be_proven() -> None:
    assert "Prove it" not in labels(verdict_card(verdict(asked(DRAWN), ("A",), done())))
    assert "Prove it" in labels(missed_card(asked(), seat(), ()))
    assert "Prove it" in labels(result_card(result(), None))


@pytest.mark.parametrize("question", [GATE, DRAWN, NUMBER])
def test_a_private_verdict_shows_the_question_again_with_its_options_judged(
    question: Question,
) -> None:
    card = verdict_card(verdict(practice(question), ("B",), done(0, 0, 2)))
    assert card.title == "✗ Not that, and that was the last try: What a gate does"
    assert "What does a gate of 1 do?" in plain_text(card)
    assert (Code in kinds(card)) == bool(question.code)
    assert ("B: It stops state (wrong): That is a gate of 0." in plain_text(card)) == (
        question is not NUMBER
    )


def test_practice_pays_nothing_and_says_so() -> None:
    card = verdict_card(
        verdict(practice(), ("A",), done(points=0), factors=factors(pays="practice"))
    )
    assert facts(card)["Points"] == "none, this was practice"
    assert "Why these points?" not in labels(card)
    assert "Points" not in facts(verdict_card(verdict(asked(), ("A",), done(), factors=None)))


def late(refusal: Refusal, status: str = "open", points: int = 1) -> str:
    given = verdict(
        asked(status=status), ("B",), done(points=points), refusal=refusal, factors=None
    )
    return plain_text(verdict_card(given, ONWARD))


def test_an_answer_that_is_not_taken_hears_why() -> None:
    assert "You solved this one already, for 1 point." in late(Refusal.SOLVED)
    assert "for 64 points. Your first right answer stands." in late(Refusal.SOLVED, points=64)
    assert "Your tries on this one are used up." in late(Refusal.SPENT)
    assert "Right answer: A: It keeps state" in late(Refusal.SPENT)


def test_after_the_time_the_key_is_told_only_once_the_round_is_closed() -> None:
    assert (
        late(Refusal.OVER)
        == "Time is up\nThat came just after the time was up, so it could not count."
    )
    assert "takes no more answers" in late(Refusal.OVER, "closed")
    assert "Right answer: A: It keeps state" in late(Refusal.OVER, "announced")


def test_a_question_whose_time_ran_out_tells_its_key_and_leads_on() -> None:
    card = missed_card(asked(), seat(), ONWARD)
    assert (card.title, card.tone) == ("⏱ Time is up: What a gate does", "over")
    assert facts(card) == {"Right answer": "A: It keeps state", "Key concept": "A gate multiplies."}
    assert labels(card)[:2] == ["Next challenge", "Packs"]
    partly = missed_card(asked(SEVERAL), seat(tries_used=1, share=0.5, points=50), ())
    assert (partly.tone, facts(partly)["Points"]) == ("partly", "50")


def test_a_hint_is_private_and_says_what_it_cost() -> None:
    paid = plain_text(hint_card(HintsShown(asked(), GATE.hints[:1], free=False)))
    assert paid.startswith("💡 Hint\n💡 Think of a product.")
    assert paid.endswith(
        "Each hint lowers what the question pays you by 20 %. Nobody else sees this."
    )
    free = hint_card(HintsShown(asked(), GATE.hints, free=True))
    assert free.title == "💡 2 hints"
    assert plain_text(free).endswith("That cost you nothing. Nobody else sees this.")
    assert "without a hint" in plain_text(hint_card(HintsShown(asked(DRAWN), (), free=True)))


def test_who_joins_hears_that_the_round_waits() -> None:
    assert "will not close early before you have finished" in plain_text(
        joined_card(asked(), new=True)
    )
    assert "The round waits for you" in plain_text(joined_card(asked(), new=False))


def test_the_end_shows_who_chose_what_the_key_and_who_was_first() -> None:
    card = result_card(result(GATE, ["A", "B"]), None)
    assert card.title == "🧠 What a gate does (over)"
    assert facts(card) == {
        "Solved by": "1 of 2 members",
        "First": "Ann after 12.3 s",
        "Key concept": "A gate multiplies.",
    }
    (options,) = [block for block in card.blocks if isinstance(block, Options)]
    assert options.items[0] == ShownOption("A", ("It keeps ", Mono("state")), right=True, chosen=1)
    assert [(each.right, each.chosen) for each in options.items] == [
        (True, 1),
        (False, 1),
        (False, 0),
        (False, 0),
    ]
    assert labels(card)[:5] == ["A", "B", "C", "D", "Ask another"]
    assert Countdown not in kinds(card)


def test_the_end_without_anybody_says_so() -> None:
    ended = replace(result(GATE, (), None, 0), joined=0)
    assert facts(result_card(ended, None))["Solved by"] == "nobody (no one took part)"


def test_typed_answers_are_counted_at_the_end_and_nobody_s_words_are_shown() -> None:
    card = result_card(result(PHRASE, ["door", "gate", "gate", "a", "b"]), None)
    assert facts(card)["Right answer"] == "a gate"
    assert facts(card)["Answers"].endswith(" other")
    assert "door" not in plain_text(card)
    assert facts(result_card(result(NUMBER), None))["Answers"] == "none"


def test_the_end_keeps_figure_and_code() -> None:
    both = replace(GATE, figure=DRAWN.figure)
    assert {Picture, Code} <= set(kinds(result_card(result(both), b"png")))
    assert Code not in kinds(result_card(result(DRAWN), None))


def test_a_private_verdict_shows_the_question_again_with_its_figure() -> None:
    both = replace(GATE, figure=DRAWN.figure)
    judged = verdict_card(verdict(practice(both), ("A",), done()), (), b"png")
    late = missed_card(asked(both), seat(), (), b"png")
    assert all({Picture, Code, Options} <= set(kinds(card)) for card in (judged, late))
