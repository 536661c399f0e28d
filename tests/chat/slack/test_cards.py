"""Cards on Slack are valid whatever they hold, and say the most that there is room for."""

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings

from bot.chat.card import (
    Button,
    Card,
    Choice,
    Countdown,
    File,
    Input,
    Mono,
    Options,
    Picture,
    ShownOption,
    Table,
    Text,
)
from bot.chat.slack.outgoing import cards as rendering
from bot.chat.slack.outgoing.cards import MOST_BLOCKS, Rendered
from bot.chat.slack.outgoing.controls import action_ids
from bot.chat.slack.outgoing.files import UploadedFile
from bot.chat.slack.outgoing.rich_text import MOST_LETTERS
from bot.phrases.say import say
from tests.chat.discord.samples import PNG, cards, long_words
from tests.chat.slack.judges import wrongs


def render(card: Card) -> Rendered:
    return rendering.render(card, say)


def finished(drawn: Rendered) -> list[dict[str, Any]]:
    kept = {
        each.name: UploadedFile(f"F{number}", "https://slack.test/f")
        for number, each in enumerate(drawn.attachments)
    }
    return drawn.with_files(kept)


def words(card: Card) -> str:
    """All that is written in the blocks of a card."""
    return "".join(_texts(finished(render(card))))


def _texts(part: Any) -> list[str]:
    if isinstance(part, list):
        return [text for each in part for text in _texts(each)]
    if not isinstance(part, dict):
        return []
    own = [part["text"]] if isinstance(part.get("text"), str) else []
    return own + [text for each in part.values() for text in _texts(each)]


@given(cards)
@settings(max_examples=100)
def test_every_card_is_a_message_that_slack_takes(card: Card) -> None:
    """By its official types where they are at hand, its library's models, and what neither says."""
    drawn = render(card)
    blocks = json.loads(json.dumps(finished(drawn)))
    assert wrongs(blocks) == []
    assert 1 <= len(drawn.text) <= 3000
    assert len(blocks) <= MOST_BLOCKS


@given(cards)
@settings(max_examples=30)
def test_files_that_cannot_be_kept_leave_a_valid_message(card: Card) -> None:
    assert wrongs(json.loads(json.dumps(render(card).with_files({})))) == []


@given(long_words)
def test_what_people_write_is_shown_literally_and_calls_nobody(text: str) -> None:
    """Rich text reads no markup; the text beside the blocks, which does, has none left."""
    drawn = render(Card("x", (Text((text, Mono(text))),)))
    kinds = {
        part["type"]
        for block in drawn.blocks
        if block["type"] == "rich_text"
        for part in block["elements"]
    }
    assert kinds <= {"rich_text_section"}
    assert "<" not in drawn.text
    assert ">" not in drawn.text


@given(cards)
@settings(max_examples=30)
def test_all_rich_texts_together_stay_within_bounds(card: Card) -> None:
    rich = [block for block in render(card).blocks if block["type"] == "rich_text"]
    assert len("".join(_texts(rich))) <= 2 * MOST_LETTERS


def test_letters_stand_on_buttons_and_full_texts_in_the_body() -> None:
    text = "A very long answer. " * 10
    items = (
        ShownOption("A", (text,)),
        ShownOption("B", ("b",), right=False, chosen=2, why=("Because ", Mono("x"), ".")),
    )
    buttons = tuple(Button(letter, f"answer:7:{letter}", "primary") for letter in "AB")
    card = Card("Which", (Options(items),), buttons)
    assert f"A: {text}" in words(card)
    assert "B: b (wrong), chosen by 2: Because x." in words(card)
    assert action_ids(render(card).blocks) == ["answer:7:A", "answer:7:B"]


def test_commands_are_named_as_they_are_typed_here() -> None:
    card = Card(
        "Help", (Text(("Type ", Mono("/pack rnn"), " or /me. /run runs code; see a/me/b.")),)
    )
    assert "Type /quiz pack rnn or /quiz me. /run runs code; see a/me/b." in words(card)
    assert "/quiz pack rnn" in render(card).text


def test_an_end_is_a_date_in_the_readers_own_zone() -> None:
    card = Card("Soon", (Countdown(datetime(2026, 3, 2, 9, tzinfo=UTC)),))
    (section,) = render(card).blocks[1]["elements"]
    assert section["elements"][1] == {
        "type": "date",
        "timestamp": 1772442000,
        "format": "{time_secs}",
        "fallback": "09:00:00 UTC",
    }


def test_a_figure_is_a_file_of_slack_with_its_words() -> None:
    drawn = render(Card("Curves", (Picture(PNG + b"rest", "Two curves", "loss.png"),)))
    assert finished(drawn)[1] == {
        "type": "image",
        "slack_file": {"id": "F0"},
        "alt_text": "Two curves",
    }
    assert [each.content for each in drawn.attachments] == [PNG + b"rest"]


def test_what_is_no_picture_is_told_by_its_words() -> None:
    card = Card("Curves", (Picture(b"<svg>", "Two curves"),))
    assert render(card).attachments == []
    assert "Figure: Two curves" in words(card)


def test_a_file_is_a_link_under_its_label() -> None:
    card = Card("Run", (File(b"step 1", "output.txt", "The whole output"),))
    link = finished(render(card))[1]["elements"][0]["elements"][1]
    assert link == {"type": "link", "url": "https://slack.test/f", "text": "The whole output"}


def test_boxes_stand_beside_the_button_that_sends_them() -> None:
    choice = Choice("Which?", "tick:3", tuple((letter, f"{letter}: it") for letter in "ABC"))
    (row,) = [block for block in render(Card("x", (choice,))).blocks if block["type"] == "actions"]
    boxes, send = row["elements"]
    assert boxes["type"] == "checkboxes"
    assert [option["value"] for option in boxes["options"]] == ["A", "B", "C"]
    assert send["action_id"] == "tick:3"


def test_more_than_ten_boxes_are_a_menu() -> None:
    choice = Choice("Which?", "tick:3", tuple((str(n), f"{n}") for n in range(11)))
    (row,) = [block for block in render(Card("x", (choice,))).blocks if block["type"] == "actions"]
    assert row["elements"][0]["type"] == "multi_static_select"


def test_a_line_to_type_is_a_button_that_opens_a_form() -> None:
    card = Card("x", (Input("Your answer", "type:5"),))
    assert action_ids(render(card).blocks) == ["write/type:5"]


def test_very_many_buttons_end_in_a_menu() -> None:
    card = Card("x", buttons=tuple(Button(str(n), f"go:{n}") for n in range(30)))
    last = render(card).blocks[-1]["elements"][0]
    assert last["type"] == "static_select"
    assert len(last["options"]) == 10


def test_letters_to_react_with_are_numbers_that_every_workspace_has() -> None:
    items = tuple(ShownOption(letter, (letter,)) for letter in "AB")
    drawn = render(Card("x", (Options(items),), reactions=("🇦", "🇧")))
    (section,) = drawn.blocks[1]["elements"]
    assert section["elements"][0] == {"type": "emoji", "name": "one"}


def test_a_wide_table_is_told_row_by_row() -> None:
    table = Table("Ranks", ("Name", "Points"), (("Ann " * 20, "3"), ("Bob", "2")), marked=1)
    assert "• Name Bob, Points 2 ◂ you" in words(Card("x", (table,)))
