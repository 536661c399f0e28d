"""A member's own page: what is asked now, how they stand, what there is to take."""

from bot.chat.card import Countdown, plain
from bot.phrases import home
from tests.phrases.scenes import BOB, asked, facts, own_page, profile, ranked, view


def test_it_tells_points_rank_streak_and_badges() -> None:
    assert facts(home.home(own_page())) == {
        "Points": "1,234",
        "This week": "rank 2 of 2 members",
        "Streak": "3 days, today included; your longest was 5 days",
        "Badges": "🚪 Gate Keeper",
    }


def test_whoever_has_nothing_yet_is_told_so() -> None:
    told = facts(home.home(own_page(profile=profile(badges=()), week=view(ranked(BOB)))))
    assert told["This week"] == "no points yet"
    assert told["Badges"] == "none yet"


def test_a_question_that_is_open_is_named_with_its_end() -> None:
    card = home.home(own_page())
    assert f"Open now: {asked().question.title}." in plain(card)
    assert any(isinstance(block, Countdown) for block in card.blocks)
    timeless = home.home(own_page(live=(asked(closes_at=None),)))
    assert not any(isinstance(block, Countdown) for block in timeless.blocks)


def test_without_an_open_question_it_says_how_to_ask_one() -> None:
    assert "No question is open just now." in plain(home.home(own_page(live=())))


def test_packs_are_started_from_it() -> None:
    assert "pack:gates" in [button.action for button in home.home(own_page()).buttons]


def test_settings_are_told() -> None:
    assert "Your time zone is Europe/Berlin, your name is shown on boards." in plain(home.home(own_page()))
    assert "hidden from boards" in plain(home.home(own_page(profile=profile(player=BOB))))
