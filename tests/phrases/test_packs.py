"""What is said about packs: the list, the way in, the summary."""

import pytest

from bot.chat.card import Button, plain_text
from bot.model.packs import PackLine, PackOffer
from bot.phrases.packs import next_challenge, pack_card, pack_summary_card, packs_card
from tests.phrases.scenes import (
    DRAWN,
    SEVERAL,
    TRUTH,
    done,
    facts,
    gave,
    labels,
    line,
    offer,
    seat,
    summary,
    table,
    take,
)

NEW = offer()
UNDER_WAY = offer(latest=1, under_way=take(0), reached=2)
TAKEN = offer(latest=1, best=1)
EARNED = offer(latest=3, best=2, has_badge=True)


@pytest.mark.parametrize(
    ("each", "reached"),
    [
        (NEW, "new"),
        (UNDER_WAY, "at challenge 2 of 2"),
        (TAKEN, "best 1 of 2"),
        (EARNED, "🚪 badge earned"),
    ],
)
def test_the_shelf_and_the_door_say_how_far_the_reader_is(each: PackOffer, reached: str) -> None:
    assert table(packs_card([each])).rows == (("Gates", "2 challenges", "~4 min", reached),)
    assert facts(pack_card(each))["You"] == reached


def test_each_pack_on_the_shelf_has_its_door() -> None:
    assert [(button.label, button.action) for button in packs_card([NEW]).buttons] == [
        ("Gates", "pack:gates")
    ]


def test_the_door_tells_length_clocks_and_badge_before_the_start() -> None:
    card = pack_card(NEW)
    assert card.title == "🚪 Gates"
    assert facts(card)["Time"] == "about 4 minutes; each challenge has its own clock"
    assert facts(card)["Badge"] == "🚪 Gate Keeper, for every challenge right"
    assert "The clocks: 1:30, 1:30." in plain_text(card)


@pytest.mark.parametrize(
    ("each", "ways"),
    [
        (NEW, [("Start", "start:gates:0")]),
        (UNDER_WAY, [("Go on", "go:5:1"), ("Start over", "start:gates:1")]),
        (TAKEN, [("Take it again", "start:gates:1")]),
    ],
)
def test_the_door_leads_where_the_reader_left_off(
    each: PackOffer, ways: list[tuple[str, str]]
) -> None:
    assert [(button.label, button.action) for button in pack_card(each).buttons] == ways


def test_a_challenge_leads_to_the_next_and_the_last_to_the_summary() -> None:
    assert next_challenge(5, 0, last=False) == Button("Next challenge", "go:5:1", "primary")
    assert next_challenge(5, 4, last=True) == Button("Summary", "go:5:5", "primary")


def test_the_summary_sets_each_answer_beside_the_key_and_its_concept() -> None:
    wrong = line(TRUTH, gave("B", share=0, points=0), done(0, 0))
    partly = line(SEVERAL, gave("A", share=0.5, points=50), done(0.5, 50, 2))
    missed = PackLine(DRAWN, None, seat())
    card = pack_summary_card(summary(line(), wrong, partly, missed, right=1))
    concept = "A gate multiplies."
    assert table(card).rows == (
        ("1", "What a gate does", "A: It keeps state (✓ right)", "A: It keeps state",
         concept, "100"),
        ("2", "What a gate does", "B: False (✗ not right)", "A: True", concept, "0"),
        ("3", "What a gate does", "A: It keeps state (partly right)",
         "A: It keeps state; B: It stops state", concept, "50"),
        ("4", "What a gate does", "no answer", "A: It keeps state", concept, "0"),
    )  # fmt: skip
    assert facts(card)["Points"] == "150"


def test_all_right_earns_the_badge() -> None:
    card = pack_summary_card(summary())
    assert (card.title, card.tone) == ("Gates: 2 of 2", "good")
    assert "🚪 Gate Keeper is yours: every challenge right." in plain_text(card)


def test_fewer_than_all_are_so_many_short_of_it() -> None:
    card = pack_summary_card(summary(right=1))
    assert card.tone == "plain"
    assert (
        "1 challenge short of the badge. You may take it again as often as you like."
        in plain_text(card)
    )
    assert "2 challenges short" in plain_text(pack_summary_card(summary(right=0)))


def test_a_badge_that_was_earned_stays() -> None:
    assert "is yours: you earned it in an earlier take." in plain_text(
        pack_summary_card(summary(right=1, has_badge=True))
    )
    assert "Every challenge right." in plain_text(pack_summary_card(summary(has_badge=False)))


def test_a_pack_that_is_gone_is_summed_up_and_cannot_be_taken_again() -> None:
    card = pack_summary_card(summary(pack=None, has_badge=False))
    assert card.title == "gates: 2 of 2"
    assert "taken away since" in plain_text(card)
    assert labels(card) == ["All packs"]
