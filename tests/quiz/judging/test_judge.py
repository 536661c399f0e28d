"""The judge: what is right, what is nearly right, and what cannot be read."""

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.phrases.say import explain
from bot.quiz.judging.judge import LONGEST, Mark, is_within_edits, mark, read
from bot.quiz.questions import Choices, Key, Number, Option, Phrase, Question
from tests.quiz.generated import LETTERS, lines, numbers, questions


def choices(right: str, count: int = 4, *, several: bool = False) -> Choices:
    return Choices(
        tuple(Option(letter, f"option {letter}", letter in right) for letter in LETTERS[:count]),
        several,
    )


def share(key: Key, *values: str) -> float:
    return mark(key, read(key, values)).share


def refusal(key: Key, *values: str) -> str:
    with pytest.raises(UserError) as refused:
        read(key, values)
    return explain(refused.value)


def test_one_letter_is_right_and_every_other_is_not() -> None:
    assert [share(choices("C"), letter) for letter in "ABCD"] == [0, 0, 1, 0]


def test_a_letter_may_be_small_and_stand_among_spaces() -> None:
    assert read(choices("C"), [" c "]) == ("C",)


def test_of_one_choice_only_one_known_letter_is_taken() -> None:
    assert refusal(choices("C"), "A", "B") == "Choose one of A, B, C, D."
    assert refusal(choices("C"), "E") == "Choose one of A, B, C, D."
    assert refusal(choices("AC", several=True), "E") == "Choose from A, B, C, D."
    assert refusal(choices("C"), "") == "Tick at least one answer first."


def test_true_or_false_is_a_choice_of_two() -> None:
    key = Choices((Option("A", "True", right=False), Option("B", "False", right=True)))
    assert [share(key, letter) for letter in "AB"] == [0, 1]


@pytest.mark.parametrize(
    ("ticked", "expected"),
    [
        ("AB", 1),
        ("BA", 1),
        ("A", 1 / 2),
        ("ABC", 1 / 2),
        ("AC", 0),
        ("C", 0),
        ("CD", 0),
        ("ABCD", 0),
    ],
)
def test_of_several_each_wrong_one_takes_a_right_one_away(ticked: str, expected: float) -> None:
    assert share(choices("AB", several=True), *ticked) == expected


@given(st.integers(1, 6), st.data())
def test_ticking_everything_earns_nothing_where_no_more_is_right_than_wrong(
    right: int, data: st.DataObject
) -> None:
    count = data.draw(st.integers(max(2, min(6, 2 * right)), 6))
    assume(2 * right <= count)
    assert share(choices(LETTERS[:right], count, several=True), *LETTERS[:count]) == 0


def test_ticked_letters_are_kept_once_and_in_order() -> None:
    assert read(choices("AB", several=True), ["b", "A", "B", ""]) == ("A", "B")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("100", "100"),
        ("0,25", "0.25"),
        ("\N{MINUS SIGN}3", "-3"),
        ("-3", "-3"),
        ("+3", "3"),
        ("1e-3", "0.001"),
        ("1E3", "1000"),
        ("1 000", "1000"),
        (".5", "0.5"),
        ("0,125", "0.125"),
        ("1,5e3", "1500"),
        ("33.333333333333333", "33.3333333333"),
        ("- 3", "-3"),
        ("-0", "0"),
        ("1e-999", "0"),
        ("١٢", "12"),
        ("٣٫٥", "3.5"),
        ("１．５", "1.5"),
        ("3/4", "0.75"),
        ("-3 / 4", "-0.75"),
        ("½", "0.5"),
        ("1,5/3", "0.5"),
        ("1\u202f000", "1000"),
        ("1 000 000,25", "1000000.25"),
        ("1,000,000", "1000000"),
        ("1,000.5", "1000.5"),
        ("1.000,5", "1000.5"),
        ("1’000", "1000"),
        ("\u202e1\u200b2\u202c\0", "12"),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, meant: str) -> None:
    assert read(Number(0), [text]) == (meant,)


@pytest.mark.parametrize(
    "text", ["nan", "inf", "-Infinity", "1e999", "ten", "1.2.3", "0x10", "3 %", "1/0", "1/2/3"]
)
def test_what_is_no_number_is_refused_with_what_to_write(text: str) -> None:
    assert (
        refusal(Number(0), text) == "Write the answer as a number, such as 100, 0.25, 3/4 or 1e-3."
    )


@pytest.mark.parametrize("text", ["1 1/2", "1½", "12 5", "2²"])
def test_a_number_that_could_be_run_together_is_never_guessed_at(text: str) -> None:
    assert "Write the answer as a number" in refusal(Number(0), text)


def test_a_comma_that_may_be_a_thousand_costs_no_try() -> None:
    assert (
        refusal(Number(1000), "1,000") == "That comma can be read in two ways. Write 1000 or 1.000."
    )
    assert refusal(Number(-12345), "−12,345").endswith("Write -12345 or -12.345.")


@pytest.mark.parametrize(
    ("value", "tolerance"), [(0.3, 0.1), (0.1, 0.2), (100, 0.1), (-0.7, 0.1), (1e9, 0.3)]
)
def test_the_edge_of_the_tolerance_is_within_it(value: float, tolerance: float) -> None:
    key = Number(value, tolerance)
    assert share(key, f"{value + tolerance:.12g}") == share(key, f"{value - tolerance:.12g}") == 1


def test_beyond_the_tolerance_is_wrong() -> None:
    assert [share(Number(0.3, 0.1), text) for text in ("0.41", "0.19", "-0.3")] == [0, 0, 0]
    assert [share(Number(288), text) for text in ("288", "288.0", "288.001", "287")] == [1, 1, 0, 0]


@given(numbers)
def test_a_number_is_right_as_it_is_shown(value: float) -> None:
    assert share(Number(value), f"{value:.12g}") == 1


@pytest.mark.parametrize(
    "typed",
    [
        "Hidden State",
        "  hidden   state ",
        "hidden_state",
        "“hidden state!”",
        "HIDDEN-STATE",
        "ｈｉｄｄｅｎ state",
        "hidden state.",
    ],
)
def test_case_spaces_punctuation_and_form_do_not_matter(typed: str) -> None:
    assert mark(Phrase(("hidden state",)), read(Phrase(("hidden state",)), [typed])) == Mark(1.0)


HIDDEN = st.sampled_from(
    "\u200b\u200d\u202e\u2066\u00ad\ufeff\u034f\u3164\ufe0f\0\x1b\ud800\U000e0041"
)


@given(st.lists(HIDDEN, min_size=13, max_size=13))
def test_what_nobody_sees_is_no_part_of_an_answer(hidden: list[str]) -> None:
    """Nor is it kept.

    No database has to hold half a character, and no reader sees a text turned round.
    """
    key = Phrase(("hidden state",))
    typed = "".join(map("".join, zip(hidden, "hidden state ", strict=True)))
    assert read(key, [typed]) == ("hidden state",)
    assert refusal(key, *hidden) == "Write an answer first."


def test_a_slip_of_the_pen_is_forgiven_and_told() -> None:
    key = Phrase(("gradient clipping", "clipping"))
    assert mark(key, ("gradiant cliping",)) == Mark(1.0, "gradient clipping")
    assert mark(key, ("clipping",)) == Mark(1.0)


def test_an_exact_wording_goes_before_a_nearly_right_one() -> None:
    assert mark(Phrase(("dropouts", "dropout")), ("dropout",)) == Mark(1.0)


@pytest.mark.parametrize(
    ("accepted", "typed", "right"),
    [
        ("LSTM", "LSTN", 0),  # fewer than five letters: none
        ("tanh", "tan", 0),
        ("softmax", "sofmax", 1),  # fewer than ten: one
        ("softmax", "sofmx", 0),
        ("perplexity", "perplxty", 1),  # from ten on: two
        ("perplexity", "perplxt", 0),
    ],
)
def test_short_phrases_are_forgiven_less(accepted: str, typed: str, right: float) -> None:
    assert share(Phrase((accepted,)), typed) == right


@pytest.mark.parametrize(
    ("accepted", "typed"),
    [
        ("supervised learning", "unsupervised learning"),
        ("bidirectional", "unidirectional"),
        ("is decreasing", "is increasing"),
        ("synchronous", "asynchronous"),
        ("not padding", "net padding mask loss gradient hidden cell"),
    ],
)
def test_a_word_that_begins_otherwise_is_no_slip(accepted: str, typed: str) -> None:
    assert share(Phrase((accepted,)), typed) == 0


def test_a_space_more_or_less_is_a_slip() -> None:
    assert share(Phrase(("back propagation",)), "backpropagation") == 1


@pytest.mark.parametrize(
    ("accepted", "typed"),
    [
        ("two layers of 128", "two layers of 256"),
        ("shape (2, 10, 64)", "shape (2, 64, 10)"),
        ("softmax over dim -1", "softmax over dim 1"),
        ("version 1.5", "version 15"),
        ("about 10 steps each", "about 1 steps each"),
    ],
)
def test_figures_must_match_with_their_sign(accepted: str, typed: str) -> None:
    assert share(Phrase((accepted,)), typed) == 0
    assert share(Phrase((accepted,)), accepted.upper()) == 1


def test_a_minus_is_heard_however_it_is_typed_and_a_hyphen_is_not() -> None:
    assert share(Phrase(("dim=-1",)), "dim = −1") == 1
    assert share(Phrase(("GRU-2",)), "gru 2") == 1


def test_where_there_are_only_signs_the_signs_are_the_answer() -> None:
    assert share(Phrase(("@",)), " @ ") == 1
    assert share(Phrase(("@",)), "*") == 0


def test_all_words_of_the_subject_at_once_are_no_answer() -> None:
    spam = "gradient clipping dropout momentum softmax hidden state cell gate padding mask"
    assert share(Phrase(("gradient clipping", "dropout")), spam) == 0


def test_an_answer_is_one_line_of_at_most_200_characters() -> None:
    assert read(Phrase(("x",)), ["a \n\t b"]) == ("a b",)
    assert len(read(Phrase(("x",)), ["x" * LONGEST])[0]) == 200
    assert refusal(Phrase(("x",)), "x" * 201) == "Keep your answer under 200 characters."
    assert refusal(Phrase(("x",)), " \n ") == refusal(Number(1)) == "Write an answer first."


@given(lines)
@example("İ")
@example("-1")
@example("…")
def test_every_accepted_wording_is_right_as_it_stands(wording: str) -> None:
    assert share(Phrase((wording,)), wording) == 1


@given(lines)
def test_the_unicode_form_of_an_answer_does_not_matter(wording: str) -> None:
    assert share(Phrase((wording,)), unicodedata.normalize("NFD", wording)) == 1
    assert share(Phrase((wording,)), unicodedata.normalize("NFKC", wording)) == 1


@given(questions, st.lists(st.text(max_size=220), max_size=4))
def test_any_answer_is_read_and_marked_or_refused_in_words(
    question: Question, values: list[str]
) -> None:
    key = question.key
    assume(not isinstance(key, Choices) or key.right)
    try:
        given_answer = read(key, values)
    except UserError as refused:
        assert explain(refused).endswith(".")
    else:
        assert 0 <= mark(key, given_answer).share <= 1


@given(st.data(), st.booleans())
def test_any_letters_get_a_share_between_nothing_and_all(
    data: st.DataObject, several: bool
) -> None:
    right = "".join(data.draw(st.sets(st.sampled_from("ABCD"), min_size=1)))
    ticked = data.draw(st.sets(st.sampled_from("ABCD"), min_size=1, max_size=4 if several else 1))
    assert 0 <= share(choices(right, several=several), *ticked) <= 1


def distance(one: str, other: str) -> int:
    """Levenshtein's, by its definition."""
    if not one or not other:
        return len(one) + len(other)
    if one[0] == other[0]:
        return distance(one[1:], other[1:])
    return 1 + min(distance(one[1:], other), distance(one, other[1:]), distance(one[1:], other[1:]))


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.integers(0, 4))
def test_within_counts_letters_added_dropped_and_changed(one: str, other: str, most: int) -> None:
    assert is_within_edits(one, other, most) == (distance(one, other) <= most)
