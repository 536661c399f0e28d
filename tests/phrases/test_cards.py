"""What holds of every card, whatever it says."""

import re
from datetime import datetime

import pytest

from bot import app
from bot.chat.card import Button, Card, Choice, Input, Options, Table, plain_text
from bot.quiz.files.bank import Bank
from bot.store.sql.database import Database
from tests.phrases.cards import every
from tests.phrases.scenes import leaves

CARDS = every()


@pytest.fixture(params=list(CARDS), ids=list(CARDS))
def card(request: pytest.FixtureRequest) -> Card:
    return CARDS[request.param]


def actions(card: Card) -> list[str]:
    return [
        each.action
        for each in (*card.buttons, *card.blocks)
        if isinstance(each, Button | Choice | Input)
    ]


def test_it_is_plain_data(card: Card) -> None:
    assert {type(leaf) for leaf in leaves(card)} <= {str, int, bool, bytes, datetime, type(None)}
    assert hash(card) == hash(card)


def test_it_has_a_title_and_reads_as_text(card: Card) -> None:
    assert card.title.strip() == card.title != ""
    assert plain_text(card).startswith(card.title)


def test_its_actions_fit_on_a_button(card: Card) -> None:
    assert all(1 <= len(action) <= 100 for action in actions(card))
    assert all(re.fullmatch(r"[a-z]+(:[A-Za-z0-9.-]*)*", action) for action in actions(card))


def test_each_button_has_a_label_of_its_own(card: Card) -> None:
    said = [button.spoken or button.label for button in card.buttons]
    assert all(button.label for button in card.buttons)
    assert len(set(said)) == len(said)


def test_a_sign_or_a_letter_alone_is_spoken_in_words(card: Card) -> None:
    assert all(button.spoken for button in card.buttons if not re.search(r"\w\w", button.label))


def test_each_table_has_a_caption_and_a_head_for_each_column(card: Card) -> None:
    for block in card.blocks:
        if isinstance(block, Table):
            assert block.caption
            assert all(block.headers)
            assert {len(row) for row in block.rows} == {len(block.headers)}


def test_a_tone_is_said_in_words_too(card: Card) -> None:
    """Who sees no colour reads the same."""
    words = {
        "good": (
            r"every assertion in it held|Every assertion in it held|"
            r"Done|right|Right|Thank|Solved|badge|reports|Settings"
        ),
        "bad": r"Not that|not work|wrong|raised|Out of|Too much|crashed|killed|could not|shut out",
        "partly": r"Partly|Time is up",
        "over": r"over|Time is up|No tries|Stopped|lost|stopped|Taken away|Nothing can",
    }
    if card.tone != "plain":
        assert re.search(words[card.tone], plain_text(card).partition("\n\n")[0])


def test_an_option_that_is_marked_is_marked_in_words(card: Card) -> None:
    for block in card.blocks:
        if isinstance(block, Options):
            marked = sum(option.right is not None for option in block.items)
            assert len(re.findall(r"\((right|wrong)\)", plain_text(Card("", (block,))))) == marked


def test_no_number_stands_before_a_word_of_another_number(card: Card) -> None:
    said = plain_text(card)
    assert not re.search(r"\b1 (tries|points|hints|members|challenges|minutes|days)\b", said)
    assert not re.search(
        r"(?<![\d.,])(0|[2-9]|\d\d+) (try|point|hint|member|challenge|minute|day)\b", said
    )


def test_no_mark_of_an_author_is_left_in_a_cell_or_a_label() -> None:
    """Backticks and double asterisks are for spans; a cell and a spoken label show none."""
    said = [text for card in CARDS.values() for text in map(str, leaves(card))]
    assert [text for text in said if re.search(r"`|\*\*", text)] == []


def no_bank() -> Bank:
    raise AssertionError("nothing is asked of it")


@pytest.fixture(scope="module")
def presses(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The presses that the conversation answers."""
    file = tmp_path_factory.mktemp("bot") / "torchproof.db"
    bot = app.build(Database(f"sqlite+aiosqlite:///{file}"), no_bank, {}, "UTC")
    return set(bot.conversation.presses)


def test_every_button_is_answered(presses: set[str], card: Card) -> None:
    assert {action.partition(":")[0] for action in actions(card)} <= presses


def test_every_press_that_is_answered_has_a_button(presses: set[str]) -> None:
    """But `run`, which comes from the menu on a message."""
    assert {
        action.partition(":")[0] for card in CARDS.values() for action in actions(card)
    } == presses - {"run"}
