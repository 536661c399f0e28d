"""Cards on Discord are valid whatever they hold, and say the most that there is room for."""

import json
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given, settings

from bot.chat.card import (
    Button,
    Card,
    Choice,
    Code,
    Countdown,
    Facts,
    File,
    Input,
    Mono,
    Options,
    Picture,
    ShownOption,
    Strong,
    Table,
    Text,
)
from bot.chat.discord.outgoing.cards import (
    EPHEMERAL,
    IS_COMPONENTS_V2,
    MAX_FILE_BYTES,
    MAX_LETTERS,
    render,
)
from bot.chat.discord.outgoing.components import custom_ids
from bot.chat.discord.outgoing.markdown import escaped
from tests.chat.discord.samples import PNG, cards, long_words
from tests.fakes.discord import validation
from tests.fakes.discord.components import walk
from tests.fakes.discord.judge import OpenApiJudge
from tests.fakes.discord_server import DOCUMENT
from tests.fakes.schemas import schemas

POST = ("POST", "/channels/{channel_id}/messages")
ANSWER = ("POST", "/interactions/{interaction_id}/{interaction_token}/callback")


@cache
def judge() -> OpenApiJudge | None:
    folder = schemas()
    return OpenApiJudge(folder / DOCUMENT) if folder else None


def texts(card: Card) -> str:
    return "\n".join(
        part["content"] for _, part in walk(render(card).components) if part["type"] == 10
    )


@given(cards)
@settings(max_examples=200)
def test_every_card_is_a_message_that_discord_takes(card: Card) -> None:
    """By its own rules, and by its official document where that is at hand."""
    drawn = render(card)
    body = json.loads(json.dumps(drawn.body()))
    assert list(validation.message(body, body["flags"])) == []
    if official := judge():
        assert official.request(*POST, body) == []
        assert (
            official.request(
                *ANSWER, {"type": 4, "data": {**body, "flags": IS_COMPONENTS_V2 | EPHEMERAL}}
            )
            == []
        )


@given(cards)
@settings(max_examples=50)
def test_all_texts_together_stay_within_4000_letters(card: Card) -> None:
    parts = [part["content"] for _, part in walk(render(card).components) if part["type"] == 10]
    assert sum(map(len, parts)) <= MAX_LETTERS
    assert all(part.strip() for part in parts)


@given(long_words)
def test_what_people_write_is_never_markdown_a_call_or_a_link(text: str) -> None:
    said = escaped(text)
    plain = said.replace("\\\\", "")
    for mark in "*_~`|<>[]":
        assert plain.count(mark) == plain.count(f"\\{mark}")
    assert "@everyone" not in said
    assert "@here" not in said
    assert not any(link in said.casefold() for link in ("http://", "https://", "steam://"))
    assert "discord.gg" not in said.casefold()


def test_letters_stand_on_buttons_and_full_texts_in_the_body() -> None:
    text = "A very long answer. " * 10
    items = (
        ShownOption("A", (text,)),
        ShownOption("B", ("b",), right=False, chosen=2, why=("Because ", Mono("x"), ".")),
    )
    buttons = tuple(Button(letter, f"answer:7:{letter}", "primary") for letter in "AB")
    card = Card("Which", (Options(items),), buttons)
    assert f"**A:** {text.strip()}" in texts(card)
    assert "**B:** b (wrong), chosen by 2: Because `x`." in texts(card)
    parts = [part for _, part in walk(render(card).components) if part["type"] == 2]
    assert [(part["label"], part["custom_id"]) for part in parts] == [
        ("A", "answer:7:A"),
        ("B", "answer:7:B"),
    ]


def test_a_countdown_is_relative_and_absolute() -> None:
    card = Card("Soon", (Countdown(datetime(2026, 3, 2, 9, tzinfo=UTC)),))
    assert "<t:1772442000:T>, <t:1772442000:R>" in texts(card)


def test_a_figure_is_attached_and_said_in_words() -> None:
    drawn = render(Card("Curves", (Picture(PNG + b"rest", "Two curves", "loss.png"),)))
    gallery = next(part for _, part in walk(drawn.components) if part["type"] == 12)
    name = drawn.attachments[0].name
    assert gallery["items"] == [
        {"media": {"url": f"attachment://{name}"}, "description": "Two curves"}
    ]
    assert drawn.body()["attachments"] == [
        {"id": "0", "filename": name, "description": "Two curves"}
    ]


def test_what_is_no_picture_is_told_by_its_words() -> None:
    card = Card("Curves", (Picture(b"<svg>", "Two curves"),))
    assert render(card).attachments == ()
    assert "-# Figure: Two curves" in texts(card)


def test_a_file_is_attached_under_its_label_and_a_name_that_is_safe() -> None:
    drawn = render(Card("Run", (File(b"step 1", "../whole output.txt", "The whole output"),)))
    assert drawn.body()["attachments"] == [{"id": "0", "filename": "0-whole-output.txt"}]
    assert [part.get("file") for _, part in walk(drawn.components) if part["type"] == 13] == [
        {"url": "attachment://0-whole-output.txt"}
    ]
    assert drawn.attachments[0].content == b"step 1"


def test_a_file_that_is_too_large_is_told_by_its_words() -> None:
    card = Card("Run", (File(bytes(MAX_FILE_BYTES + 1), "all.txt", "The whole output"),))
    assert render(card).attachments == ()
    assert "The whole output: too large to attach" in texts(card)


def test_an_output_that_has_to_be_cut_comes_whole_as_a_file() -> None:
    output = "\n".join(f"step {number}" for number in range(900))
    drawn = render(
        Card("Run", (Code("train()"), Code(output, "text")), (Button("Again", "again"),))
    )
    assert [(each.name, each.content.decode()) for each in drawn.attachments] == [
        ("0-output.txt", output)
    ]
    assert "more lines\n```" in texts(Card("Run", (Code(output, "text"),)))
    brought = Card(
        "Run", (Code(output, "text"), File(b"all of it", "output.txt", "The whole output"))
    )
    assert [each.content for each in render(brought).attachments] == [b"all of it"]
    assert render(Card("Run", (Code("short", "text"),))).attachments == ()


def test_boxes_are_a_menu_from_which_as_many_as_there_are_may_be_chosen() -> None:
    card = Card("All", (Choice("Your answers", "tick:7", (("A", "A: x" * 60), ("B", "B: y"))),))
    menu = next(part for _, part in walk(render(card).components) if part["type"] == 3)
    assert (menu["custom_id"], menu["min_values"], menu["max_values"]) == ("tick:7", 1, 2)
    assert [option["value"] for option in menu["options"]] == ["A", "B"]
    assert 90 < len(menu["options"][0]["label"]) <= 100


def test_a_line_to_write_is_a_button_that_opens_a_form() -> None:
    card = Card("What", (Input("Your answer", "type:7"),))
    assert custom_ids(render(card).components) == {"write/type:7"}


def test_the_same_action_twice_is_told_apart() -> None:
    card = Card("Twice", (), (Button("One", "packs"), Button("Two", "packs")))
    assert custom_ids(render(card).components) == {"packs", "packs~2"}


def test_a_narrow_table_stands_in_columns_and_marks_its_reader_in_words() -> None:
    table = Table("Top", ("Rank", "Name"), (("1", "Ada"), ("2", "漢")), marked=1)
    assert texts(Card("Board", (table,))).endswith(
        "**Top**\n```\nRank  Name\n1     Ada\n2     漢    ◂ you\n```"
    )


def test_a_wide_table_is_told_row_by_row() -> None:
    table = Table(
        "Answers",
        ("Question", "Answer"),
        (("What a gate does *today*", "It lets everything through"),),
    )
    assert "• **Question** What a gate does \\*today\\*, **Answer** It lets" in texts(
        Card("All", (table,))
    )


def test_a_card_that_is_too_long_loses_of_its_longest_parts_only() -> None:
    code = "\n".join(f"print({number})" for number in range(2000))
    card = Card("Long", (Text(("Short and whole.",)), Code(code), Facts((("Level", "Expert"),))))
    said = texts(card)
    assert "Short and whole." in said
    assert "**Level:** Expert" in said
    assert "more lines\n```" in said
    assert len(said) > MAX_LETTERS - 200


@pytest.mark.parametrize(
    ("span", "drawn"),
    [
        (Strong("*"), "**\\***"),
        (Strong(" a "), " **a** "),
        (Mono("a`b"), "`` a`b ``"),
        (Mono(" "), " "),
        ("# no title", "\N{ZERO WIDTH SPACE}# no title"),
        ("3.0 s", "3.0 s"),
    ],
)
def test_spans_keep_their_form_and_nothing_else_has_one(span: str, drawn: str) -> None:
    assert texts(Card("T", (Text(("", span)),))).partition("\n")[2].strip() == drawn.strip()
