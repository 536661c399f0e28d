"""Our own questions: all there, each with what its proof showed, and no pattern to guess by."""

import subprocess
import sys
from collections import Counter
from statistics import mean

import pytest

from bot.quiz.files.bank import Bank, load
from bot.quiz.questions import Choices, Kind, Question
from bot.settings.settings import ROOT
from tests.quiz.folders import is_truth


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load(ROOT / "questions")


@pytest.fixture(scope="module")
def questions(bank: Bank) -> tuple[Question, ...]:
    return bank.matching()


def test_five_packs_hold_thirty_questions(bank: Bank) -> None:
    assert {pack.name: len(pack.questions) for pack in bank.packs} == {
        "gru": 5,
        "rnn-sequence-models": 10,
        "rnn-text-generation": 5,
        "sequence-classification": 5,
        "why-rnns": 5,
    }
    assert len({pack.badge for pack in bank.packs}) == 5


def test_every_question_has_a_proof_whose_output_is_kept(
    bank: Bank, questions: tuple[Question, ...]
) -> None:
    assert [
        question.id
        for question in questions
        if not question.proof or bank.proof_output(question) is None
    ] == []


@pytest.mark.parametrize(
    "name", ["gru/output-shape", "gru/stacked-layers", "rnn-sequence-models/notation"]
)
def test_a_proof_copied_out_of_the_chat_runs_in_plain_python(bank: Bank, name: str) -> None:
    """Nothing is imported for it and no seed is sown; `check` holds all of them to that."""
    program = [sys.executable, "-I", "-c", bank.question(name).proof]
    run = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.strip()


def test_every_predicted_output_has_fifty_variants_and_each_is_its_own_question(bank: Bank) -> None:
    for question in bank.matching(kind=Kind.PREDICT_OUTPUT):
        variants = {bank.variant(question.id, seed).code for seed in range(1000)}
        assert len(variants) >= 50, question.id


def test_no_letter_is_the_likeliest_answer(questions: tuple[Question, ...]) -> None:
    letters = Counter(
        letter
        for question in questions
        if isinstance(question.key, Choices)
        and len(question.key.options) == 4
        and not question.key.several
        for letter in question.key.right
    )
    assert set(letters) == set("ABCD")
    assert max(letters.values()) - min(letters.values()) <= 3


def test_the_length_of_an_option_does_not_give_it_away(questions: tuple[Question, ...]) -> None:
    """A reader who always takes the longest option, or the shortest, gains nothing worth having."""
    choices = [
        question.key
        for question in questions
        if isinstance(question.key, Choices) and not is_truth(question)
    ]
    right = [mean(len(option.text) for option in key.options if option.right) for key in choices]
    wrong = [
        mean(len(option.text) for option in key.options if not option.right) for key in choices
    ]
    assert 0.85 < mean(right) / mean(wrong) < 1.15
    longest = [max(key.options, key=lambda option: len(option.text)).right for key in choices]
    shortest = [min(key.options, key=lambda option: len(option.text)).right for key in choices]
    assert max(mean(longest), mean(shortest)) < 0.5


def test_a_question_has_one_and_a_half_two_or_three_minutes_and_two_tries(
    questions: tuple[Question, ...],
) -> None:
    assert {question.seconds for question in questions} == {90, 120, 180}
    assert all(question.tries == (1 if is_truth(question) else 2) for question in questions)


def test_every_question_explains_itself_and_every_wrong_option_too(
    questions: tuple[Question, ...],
) -> None:
    for question in questions:
        assert question.hints
        assert question.explanation
        assert question.concept
        assert isinstance(question.key, Choices)
        assert all(option.right or option.why_not for option in question.key.options), question.id
