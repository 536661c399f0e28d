"""Small words, said the same way everywhere."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.card import Mono, Spans, Strong, Text, text_of
from bot.phrases.formatting import (
    answer_text,
    duration,
    paragraphs,
    parse_markup,
    plural,
    right_answer_text,
    shown_name,
    stopwatch,
    without_marks,
)
from bot.quiz.questions import Key, Number, Phrase
from tests.phrases.scenes import ANN, BOB, SEVERAL
from tests.quiz.generated import GATE


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("plain", ("plain",)),
        ("a `b` c", ("a ", Mono("b"), " c")),
        ("`a``b`", (Mono("a"), Mono("b"))),
        ("**a** and `b`", (Strong("a"), " and ", Mono("b"))),
        ("`2 ** 3`", (Mono("2 ** 3"),)),
        ("x ** 2 and y ** 2", ("x ** 2 and y ** 2",)),
        ("2**3 and 4**5", ("2**3 and 4**5",)),
        ("** a **", ("** a **",)),
        ("one ` alone", ("one ` alone",)),
        ("  \n", ()),
    ],
)
def test_backticks_make_code_and_double_asterisks_make_strong(text: str, spans: Spans) -> None:
    assert parse_markup(text) == spans


@given(st.text("ab `*\n", max_size=30))
def test_an_author_s_words_all_stay_without_their_marks(text: str) -> None:
    kept = without_marks(text)
    assert [letter for letter in kept if letter in "ab"] == [
        letter for letter in text if letter in "ab"
    ]
    assert len(kept) <= len(text)
    assert text_of(parse_markup(text)) == kept


def test_an_empty_line_begins_a_paragraph_and_a_line_s_end_does_not() -> None:
    parts = paragraphs("one\n  two\n\n \n`three`\n")
    assert parts == (Text(("one two",)), Text((Mono("three"),)))
    assert paragraphs("\n") == ()


@pytest.mark.parametrize(
    ("n", "text"), [(0, "0 tries"), (1, "1 try"), (2, "2 tries"), (1200, "1,200 tries")]
)
def test_one_is_singular_and_nothing_else_is(n: int, text: str) -> None:
    assert plural(n, "try", "tries") == text
    assert plural(n, "point") == text.replace("tries", "points").replace("try", "point")


def test_times_are_read_as_on_a_stopwatch() -> None:
    assert [stopwatch(seconds) for seconds in (5, 90, 600)] == ["0:05", "1:30", "10:00"]
    assert duration(timedelta(seconds=12, milliseconds=340)) == "12.3 s"


def test_who_hides_their_name_is_somebody() -> None:
    assert [shown_name(player) for player in (ANN, BOB)] == ["Ann", "Somebody"]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (GATE.key, "A: It keeps state"),
        (SEVERAL.key, "A: It keeps state; B: It stops state"),
        (Number(1234567), "1234567"),
        (Number(0.1), "0.1"),
        (Number(100, 0.5), "100 (±0.5)"),
        (Phrase(("a `gate`", "gate")), "a gate"),
    ],
)
def test_the_right_answer_is_said_in_words(key: Key, text: str) -> None:
    assert right_answer_text(key) == text


def test_an_answer_is_said_with_what_its_letters_mean() -> None:
    assert answer_text(SEVERAL.key, ("A", "D", "Z")) == "A: It keeps state; D: Nothing; Z: ?"
    assert answer_text(Number(1), ("1",)) == "1"
