"""A member's own page: what is asked now, how they stand, what there is to take."""

from dataclasses import replace

from bot.chat.card import Countdown, plain_text
from bot.phrases.home import home_card
from tests.phrases.day_scenes import WISH
from tests.phrases.scenes import BOB, NOON, asked, facts, own_page, profile, ranked, view
from tests.quiz.generated import GATE


def test_it_tells_points_rank_streak_and_badges() -> None:
    assert facts(home_card(own_page())) == {
        "Points": "1,234",
        "This week": "rank 2 of 2 members",
        "Streak": "3 days, today included; your longest was 5 days",
        "Freezes": "0; the next after 7 more days",
        "Badges": "🚪 Gate Keeper",
    }


def test_whoever_has_nothing_yet_is_told_so() -> None:
    told = facts(home_card(own_page(profile=profile(badges=()), week=view(ranked(BOB)))))
    assert told["This week"] == "no points yet"
    assert told["Badges"] == "none yet"


def test_a_question_that_is_open_is_named_with_its_end() -> None:
    card = home_card(own_page())
    assert f"Open now: {asked().question.title}." in plain_text(card)
    assert any(isinstance(block, Countdown) for block in card.blocks)
    timeless = home_card(own_page(live=(asked(closes_at=None),)))
    assert not any(isinstance(block, Countdown) for block in timeless.blocks)


def test_todays_question_is_called_so_and_markup_in_its_title_is_none() -> None:
    card = home_card(own_page(live=(asked(mode="daily"), asked(replace(GATE, title="**loud**")))))
    assert f"Today’s question: {GATE.title}." in plain_text(card)
    assert "Open now: **loud**." in plain_text(card)


def test_between_two_questions_it_tells_when_the_next_one_comes() -> None:
    card = home_card(own_page(live=(), next_daily=NOON))
    assert (
        "No question is open just now. The next one comes Mon 02 Mar 13:00, in your time zone."
        in plain_text(card)
    )


def test_a_reminder_is_told_with_its_hour_and_its_end() -> None:
    assert "You get no reminders" in plain_text(home_card(own_page()))
    assert "A reminder comes at 19:00" in plain_text(home_card(own_page(reminder=WISH)))
    refused = plain_text(home_card(own_page(reminder=replace(WISH, refused_at=NOON))))
    assert (
        "I could not remind you: allow private messages from me, then use /remind hour:19."
        in refused
    )


def test_without_an_open_question_it_says_how_to_ask_one() -> None:
    assert "No question is open just now." in plain_text(home_card(own_page(live=())))


def test_packs_are_started_from_it() -> None:
    assert "pack:gates" in [button.action for button in home_card(own_page()).buttons]


def test_settings_are_told() -> None:
    assert "Your time zone is Europe/Berlin, your name is shown on boards." in plain_text(
        home_card(own_page())
    )
    assert "hidden from boards" in plain_text(home_card(own_page(profile=profile(player=BOB))))
