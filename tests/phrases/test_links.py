"""What is said to members who join their accounts."""

from bot.chat.card import Countdown, plain_text
from bot.model.links import LinkCode, LinkedMember
from bot.phrases.links import link_code_card, linked_card, unlinked_card
from tests.phrases.scenes import ANN, NOON


def test_a_code_says_where_it_goes_and_until_when() -> None:
    card = link_code_card(LinkCode("ABCDE-23456", NOON), linked=False)
    assert "Type /link ABCDE-23456 on the other platform" in plain_text(card)
    assert Countdown(NOON) in card.blocks
    assert card.buttons == ()


def test_whoever_is_linked_already_can_undo_it() -> None:
    assert [
        button.action for button in link_code_card(LinkCode("A", NOON), linked=True).buttons
    ] == ["unlink"]


def test_after_linking_it_says_what_counts_and_how_to_undo_it() -> None:
    card = linked_card(LinkedMember(ANN, NOON))
    assert "the earlier answer counts" in plain_text(card)
    assert f"until {NOON:%d %B, %H:%M} UTC" in plain_text(card)
    assert [button.action for button in card.buttons] == ["unlink"]


def test_after_undoing_it_says_what_stays() -> None:
    assert "two members again" in plain_text(unlinked_card())
