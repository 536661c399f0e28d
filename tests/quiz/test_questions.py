"""Questions are kept as JSON and come back as they were."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from bot.quiz.questions import Choices, Key, Number, Option, Phrase, Question, from_json, to_json
from tests.quiz.generated import GATE, questions


@given(questions)
def test_a_question_comes_back_from_json_as_it_was(question: Question) -> None:
    assert from_json(json.loads(json.dumps(to_json(question)))) == question


def options(*texts: str) -> Choices:
    return Choices(
        tuple(
            Option(letter, text, not n)
            for n, (letter, text) in enumerate(zip("ABC", texts, strict=False))
        )
    )


@pytest.mark.parametrize(
    ("key", "is_truth"),
    [
        (options("True", "False"), True),
        (options("False", "True"), False),
        (options("True", "False", "Neither"), False),
        (options("Yes", "No"), False),
        (Number(1), False),
        (Phrase(("True",)), False),
    ],
)
def test_only_true_and_false_in_that_order_are_a_truth(key: Key, is_truth: bool) -> None:
    assert replace(GATE, key=key).is_truth is is_truth


def test_the_right_letters_are_those_of_the_right_options() -> None:
    assert options("x", "y").right == {"A"}
