"""Questions are kept as JSON and come back as they were."""

import json

from hypothesis import given

from bot.quiz.questions import Choices, Option, Question, from_json, to_json
from tests.quiz.generated import questions


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


def test_the_right_letters_are_those_of_the_right_options() -> None:
    assert options("x", "y").right == {"A"}
