"""What a board shows, and to whom."""

from dataclasses import replace

from bot.chat.card import plain_text
from bot.phrases.boards import board_card
from tests.phrases.scenes import ANN, BOB, ranked, table, view


def test_a_board_says_when_and_where_in_words() -> None:
    assert board_card(view()).title == "🏆 This week, here"
    assert (
        board_card(replace(view(), period="all", scope="everywhere")).title
        == "🏆 All time, everywhere"
    )


def test_the_reader_s_own_line_is_marked_and_named() -> None:
    top = table(board_card(view(ranked(ANN, 1200), ranked(BOB, 50, 2))))
    assert top.rows == (("1", "Ann (you)", "1,200"), ("2", "Somebody", "50"))
    assert top.marked == 0


def test_a_hidden_name_is_shown_to_its_owner_alone() -> None:
    assert (
        table(board_card(view(ranked(BOB), reader=BOB))).rows[0][1]
        == "Bob (you, hidden from others)"
    )


def test_who_is_not_in_the_top_sees_those_around_them() -> None:
    card = board_card(view(ranked(BOB), around=(ranked(BOB, 3, 11), ranked(ANN, 2, 12))))
    assert (table(card, 1).caption, table(card, 1).marked) == ("Around you", 1)
    assert table(card).marked is None


def test_who_has_no_points_is_told_so() -> None:
    assert "You have no points on this board yet." in plain_text(board_card(view(ranked(BOB))))
    assert "You have no points" not in plain_text(board_card(view(ranked(ANN))))
    assert "Nobody has points here yet." in plain_text(board_card(view()))


def test_ties_share_their_rank_and_members_are_counted() -> None:
    card = board_card(view(ranked(ANN), ranked(BOB)))
    assert [row[0] for row in table(card).rows] == ["1", "1"]
    assert plain_text(card).endswith("2 members on this board.")


def test_the_buttons_lead_to_every_period_and_scope_and_stress_the_one_that_is_shown() -> None:
    card = board_card(view())
    assert [button.action for button in card.buttons] == [
        "board:week:here",
        "board:month:here",
        "board:all:here",
        "board:week:here",
        "board:week:community",
        "board:week:everywhere",
    ]
    assert [button.label for button in card.buttons if button.style == "primary"] == [
        "This week",
        "Here",
    ]
