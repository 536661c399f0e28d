"""Cards as HTML: everything is shown, nothing is run."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    Strong,
    Table,
    Text,
)
from bot.chat.web import markup
from bot.chat.web.cards import render
from tests.chat.web.samples import EVERY, PNG

EVIL = """<script>alert(1)</script>"'><img src=x onerror=alert(1)> &lt;b&gt; `x`"""
ALLOWED = {
    *(
        "div h3 p code strong em figure pre button ul li span progress dl dt dd table "
        "caption thead tbody"
    ).split(),
    *"tr th td img time form fieldset legend label input".split(),
}
TURNS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
UNCLOSED = {"img", "input"}
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Reading(HTMLParser):
    """Checks that what is opened is closed, and gathers words and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.close()
        assert self.tags == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        assert not any(name.startswith("on") or name in {"style", "href"} for name, _ in attrs)
        self.seen.append((tag, dict(attrs)))
        if tag not in UNCLOSED:
            self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.tags.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.seen if name == tag]


def poisoned(value: Any) -> Any:
    """The same card with hostile words in every field that holds words."""
    if isinstance(value, str):
        return EVIL
    if isinstance(value, tuple):
        return tuple(poisoned(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        kept = {"tone", "style"}
        return replace(
            value,
            **{
                each.name: poisoned(getattr(value, each.name))
                for each in fields(value)
                if each.name not in kept
            },
        )
    return value


def test_hostile_words_in_every_field_stay_words() -> None:
    reading = Reading(render(poisoned(EVERY)).html)
    assert reading.words.count("<script>alert(1)</script>") > 25


@given(st.text())
def test_whatever_is_typed_stays_words(text: str) -> None:
    Reading(markup.person_message(text))
    Reading(markup.typed_command(text))


@given(st.text(), st.sampled_from(["python", "text", "nothing-known", ""]))
def test_code_keeps_every_character(text: str, language: str) -> None:
    reading = Reading(markup.code_html(text, language))
    shown = re.sub(f"[{TURNS}]", lambda turn: f"⟨U+{ord(turn[0]):04X}⟩", text)
    shown = shown.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    assert (
        reading.words.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
        == f"{shown}Copy"
    )


def test_a_fence_becomes_a_block_of_code() -> None:
    html = markup.person_message("look:\n```python\nx = 1\n```\nthere")
    assert '<p class="said" dir="auto">look:</p><figure class="code">' in html
    assert html.endswith('<p class="said" dir="auto">there</p>')


@pytest.mark.parametrize("turn", "\u061c \u200e \u200f \u202a \u202e \u2066 \u2069".split())
def test_what_turns_the_writing_around_is_left_out_of_words_and_shown_in_code(turn: str) -> None:
    """In words it would reverse what stands beside it.

    In code it could make a line read as another one.
    """
    said = markup.person_message(
        f"a{turn}b `c{turn}d`\n```\nx = 1{turn}\n```\n```text\n{turn}\n```"
    ) + markup.typed_command(f"/run {turn}x")
    hostile = Card(
        turn, (Text((turn, Mono(turn))), Facts(((turn, turn),)), Table(turn, (turn,), ((turn,),)))
    )
    assert turn not in said + render(hostile).html
    assert Reading(said).words.count(f"⟨U+{ord(turn):04X}⟩") == 2


def test_python_in_words_can_be_run_and_other_code_cannot() -> None:
    text = "```python\na\n```\n```text\nb\n```\n```\nc\n```\n```PY\nd\n```"
    assert [
        one.get("data-run")
        for one in Reading(markup.person_message(text)).all("button")
        if "data-run" in one
    ] == [
        "0",
        "2",
        "3",
    ]
    assert [markup.code_block(text, number) for number in range(5)] == ["a", None, "c", "d", None]


def test_an_option_whose_letter_is_a_button_is_that_button() -> None:
    options = Options((ShownOption("A", ("one",)), ShownOption("B", (Mono("two"),))))
    buttons = (Button("A", "answer:1:A"), Button("B", "answer:1:B"), Button("Hint", "hint:1"))
    reading = Reading(render(Card("Which?", (options,), buttons)).html)
    assert [one.get("data-action") for one in reading.all("button")] == [
        "answer:1:A",
        "answer:1:B",
        "hint:1",
    ]
    assert "A one" in reading.words


def test_boxes_to_tick_stand_on_their_options() -> None:
    options = Options((ShownOption("A", (Mono("one"),)), ShownOption("B", ("two",))))
    choice = Choice("Which?", "tick:1", (("A", "A: one"), ("B", "B: two")))
    reading = Reading(render(Card("Which?", (options, choice))).html)
    assert [box["value"] for box in reading.all("input")] == ["A", "B"]
    assert reading.words.count("two") == 1


def test_after_the_end_right_and_wrong_are_said_in_words() -> None:
    options = Options(
        (ShownOption("A", ("one",), True, 3), ShownOption("B", ("two",), False, 0, ("because",)))
    )
    words = Reading(render(Card("Over", (options,), (Button("A", "late"),))).html).words
    assert "✓ Right" in words
    assert "3 chose this" in words
    assert "✗ Wrong" in words
    assert "nobody chose this" in words
    assert "because" in words


def test_the_readers_own_row_is_marked_for_eye_and_ear() -> None:
    """Beside the words `(you)`, which every platform shows."""
    reading = Reading(
        render(
            Card("Board", (Table("Now", ("Place", "Name"), (("1", "A"), ("2", "B")), marked=1),))
        ).html
    )
    assert [row.get("aria-current") for row in reading.all("tr")] == [None, None, "true"]


def test_a_spoken_name_holds_what_is_seen() -> None:
    """So that "press thumbs up" works for those who speak to their computer."""
    card = Card(
        "Vote",
        (),
        (Button("Good", "up", spoken="A good question"), Button("+", "more", spoken="Show all")),
    )
    spoken = [one.get("aria-label") for one in Reading(render(card).html).all("button")]
    assert spoken == ["A good question", "+: Show all"]


def test_a_countdown_carries_its_instant() -> None:
    reading = Reading(render(Card("Quick", (Countdown(AT),))).html)
    assert reading.all("time")[0]["datetime"] == "2026-03-02T09:00:00.000Z"
    assert "until 09:00:00 UTC" in reading.words


def test_a_picture_is_named_by_its_bytes_and_keeps_its_place_free() -> None:
    drawn = render(Card("Look", (Picture(PNG, "a curve"),)))
    (digest,) = drawn.files
    image = Reading(drawn.html).all("img")[0]
    assert image == {
        "src": f"/pictures/{digest}.png",
        "alt": "a curve",
        "width": "3",
        "height": "2",
    }


@pytest.mark.parametrize("data", [b"", b"<svg onload=alert(1)>", b"<!doctype html>", b"%PDF"])
def test_what_is_no_picture_is_told_in_words(data: bytes) -> None:
    drawn = render(Card("Look", (Picture(data, "a curve"),)))
    assert drawn.files == {}
    assert "Figure: a curve" in drawn.html


def test_letters_as_emoji_are_drawn_as_letters() -> None:
    chip = render(Card("React", reactions=("🇨", "👍"))).html
    assert 'data-emoji="🇨">C<' in chip
    assert 'data-emoji="👍">👍<' in chip


def test_small_things_have_their_own_form() -> None:
    blocks = (
        Text(("quiet ", Strong("words")), note=True),
        Facts((("Points", "3"),)),
        Input("Say", "type:1"),
        Code("x"),
    )
    html = render(Card("All", blocks)).html
    for piece in (
        "class=note",
        "<strong>words</strong>",
        "<dt>Points</dt><dd>3</dd>",
        'data-action="type:1"',
    ):
        assert piece in html
