"""What members are told about themselves, and where their points came from."""

import pytest

from bot.chat.card import plain_text
from bot.model.profile import Accuracy
from bot.phrases.profile import profile_card
from bot.phrases.rounds.points import score_card, scores_card
from bot.quiz.judging.points import Factors
from bot.quiz.streaks import Streak
from tests.phrases.scenes import BOB, factors, facts, finished, gave, profile, table, why


def test_a_profile_shows_points_streak_badges_zone_and_name() -> None:
    card = profile_card(profile())
    assert card.title == "👤 Ann"
    assert facts(card) == {
        "Points": "1,234",
        "Streak": "3 days, today included; your longest was 5 days",
        "Badges": "🚪 Gate Keeper",
        "Time zone": "Europe/Berlin (you have set none)",
        "Name on boards": "shown",
    }
    assert facts(profile_card(profile(player=BOB, badges=())))["Name on boards"] == "hidden"
    assert facts(profile_card(profile(badges=())))["Badges"] == "none yet"


@pytest.mark.parametrize(
    ("streak", "text"),
    [
        (Streak(1, 1, today=True), "1 day, today included"),
        (Streak(2, 2, today=False), "2 days, solve something new today to go on"),
        (Streak(0, 0, today=False), "none now, solve something new to begin one"),
        (
            Streak(0, 1, today=False),
            "none now, solve something new to begin one; your longest was 1 day",
        ),
    ],
)
def test_a_streak_says_whether_today_still_has_to_be_done(streak: Streak, text: str) -> None:
    assert facts(profile_card(profile(streak=streak)))["Streak"] == text


def test_accuracy_is_told_by_kind_and_by_level() -> None:
    card = profile_card(
        profile(by_kind={"predict-output": Accuracy(1, 3)}, by_level={"expert": Accuracy(0, 2)})
    )
    assert table(card, 0).headers == ("Kind", "Right", "Share")
    assert table(card, 0).rows == (("Predict output", "1 of 3", "33 %"),)
    assert (table(card, 1).caption, table(card, 1).rows) == (
        "Accuracy by level",
        (("Expert", "0 of 2", "0 %"),),
    )
    assert [row[1] for row in table(card, 2).rows] == ["✓ right", "✗ not right"]


def test_who_has_answered_nothing_is_shown_a_start() -> None:
    assert "`/practice`" not in plain_text(profile_card(profile(by_kind={})))
    assert "/practice is a good start" in plain_text(profile_card(profile(by_kind={})))


def test_a_score_is_explained_factor_by_factor() -> None:
    card = score_card(why(given=gave("A", points=53), parts=factors(number=2, hints=1, left=0.25)))
    assert card.title == "Why 53 points: What a gate does"
    assert facts(card) == {
        "Your answer": "A: It keeps state",
        "Worth": "100 (Intermediate)",
        "Right": "100 %",
        "Try": "2nd of 2: × 0.6",
        "Hints": "1: × 0.8",
        "Speed": "+ 5",
        "Together": "100 × 0.6 (2nd try) × 0.8 (1 hint) + 5 speed = 53",
    }
    assert "A score never changes once it is given." in plain_text(card)


def test_one_point_is_one_point() -> None:
    given = gave("A", points=1)
    assert score_card(why(given=given, parts=Factors(1, 1, 1, 0, 0, "yes"))).title.startswith(
        "Why 1 point:"
    )


def test_the_latest_scores_each_have_a_button_that_explains_them() -> None:
    card = scores_card((finished(), finished(solved=False, points=0, round_id=43)))
    assert table(card).rows == (
        ("1", "What a gate does", "right", "100"),
        ("2", "What a gate does", "not right", "0"),
    )
    assert [(button.action, button.spoken) for button in card.buttons] == [
        ("why:42", "Explain score 1: What a gate does"),
        ("why:43", "Explain score 2: What a gate does"),
    ]
    assert "Answer a question first" in plain_text(scores_card(()))


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        (factors(pays="practice"), "none, this was practice"),
        (factors(pays="seen"), "none, you saw its key less than 30 days ago"),
        (factors(0), "100 × 0 (not right) = 0"),
        (
            factors(1 / 3, number=3, hints=2),
            "100 × 1/3 (partly right) × 0.4 (3rd try) × 0.64 (2 hints) = 9",
        ),
    ],
)
def test_what_a_score_came_from_stands_in_one_line(parts: Factors, line: str) -> None:
    assert facts(score_card(why(parts=parts)))["Together"] == line
