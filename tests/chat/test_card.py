"""A card as text, for whoever sees no form: notifications, screen readers, logs."""

from datetime import UTC, datetime

import pytest

from bot.chat.card import (
    Block,
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
    Strong,
    Table,
    Text,
    plain_text,
    text_of,
)


def test_spans_are_said_without_their_form() -> None:
    assert text_of(("a ", Mono("b"), " ", Strong("c"))) == "a b c"
    assert text_of(()) == ""


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        (Text(("a ", Mono("b"))), ["a b"]),
        (Text(("<b> & @all",), note=True), ["<b> & @all"]),
        (Code("x = 1\ny = 2"), ["x = 1", "y = 2"]),
        (Facts((("Level", "Expert"), ("Time", "1:30"))), ["Level: Expert", "Time: 1:30"]),
        (
            Table("Best", ("Rank", "Name"), (("1", "Ann"), ("2", "Bob")), 0),
            ["Best", "Rank 1, Name Ann", "Rank 2, Name Bob"],
        ),
        (Picture(b"png", "Two curves"), ["Figure: Two curves"]),
        (Countdown(datetime(2026, 3, 2, 9, 1, 30, tzinfo=UTC)), ["Until 09:01:30 UTC"]),
        (Choice("Your answers", "tick:1", (("A", "A: one"),)), ["Your answers"]),
        (Input("Your answer", "type:1"), ["Your answer"]),
    ],
)  # fmt: skip
def test_each_block_has_words(block: Block, lines: list[str]) -> None:
    assert plain_text(Card("Title", (block,))).splitlines() == ["Title", *lines]


def test_an_option_says_whether_it_was_right_how_many_chose_it_and_why_not() -> None:
    options = Options(
        (
            ShownOption("A", ("one",)),
            ShownOption("B", ("two",), right=True, chosen=3),
            ShownOption("C", ("three",), right=False, chosen=0, why=("because of ", Mono("x"))),
        )
    )
    assert plain_text(Card("", (options,))).splitlines()[1:] == [
        "A: one",
        "B: two (right), chosen by 3",
        "C: three (wrong), chosen by 0: because of x",
    ]


def test_buttons_are_left_out_of_what_is_read() -> None:
    assert plain_text(Card("Title", (), (Button("Press", "press"),))) == "Title"


def test_a_row_that_does_not_fit_its_heads_is_a_bug_and_is_heard() -> None:
    with pytest.raises(ValueError, match="zip"):
        plain_text(Card("Title", (Table("Best", ("Rank",), (("1", "Ann"),)),)))
