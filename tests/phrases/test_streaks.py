"""Streaks, reminders and digests in words."""

from datetime import timedelta

import pytest

from bot.chat.card import Countdown, Picture, plain_text
from bot.model.boards import Board
from bot.phrases.digests import digest_bars, digest_card, digest_switch_card
from bot.phrases.profile import profile_card
from bot.phrases.reminders import reminder_card, reminder_settings_card
from bot.phrases.rounds.verdict import verdict_card
from bot.phrases.streaks import _hours, repair_card, streak_card, streak_news, zone_text
from bot.quiz.badges import MILESTONES
from bot.quiz.streaks import Streak
from tests.phrases.day_scenes import (
    ENDED,
    FROZE,
    MOVED,
    SKIPPED,
    TODAY,
    WISH,
    away,
    letter,
    news,
    standing,
    week,
)
from tests.phrases.scenes import (
    BOB,
    NOON,
    asked,
    done,
    facts,
    labels,
    profile,
    ranked,
    table,
    verdict,
)


def test_a_streak_says_how_long_it_is_and_what_comes_next() -> None:
    card = streak_card(standing())
    assert card.title == "🔥 3 days in a row"
    assert facts(card) == {
        "Today": "counts already",
        "Longest": "3 days",
        "Freezes": "0; the next after 4 more days",
        "Time zone": "UTC (you have set none)",
        "Next milestone": "🔥 A week in a row (7)",
    }
    assert table(card).rows == (
        ("Mon 2 Mar", "✓ counts"),
        ("Sun 1 Mar", "✓ counts"),
        ("Sat 28 Feb", "✓ counts"),
    )


def test_a_streak_that_today_has_not_counted_for_says_how_long_there_is_time() -> None:
    card = streak_card(standing((1,)))
    assert facts(card)["Today"] == "still open, for 16 hours"
    assert table(card).rows[0] == ("Mon 2 Mar", "still open")
    late = standing((1,), now=NOON + timedelta(hours=15, minutes=30))
    assert facts(streak_card(late))["Today"] == "still open, for 24 hours", "the third has begun"


def test_less_than_an_hour_is_said_so() -> None:
    west = standing((1,), calendar=MOVED)
    assert "less than an hour" in _hours(timedelta(minutes=59))
    assert facts(streak_card(west))["Time zone"] == "UTC; from Tue 3 Mar on Asia/Tokyo"


def test_each_of_the_last_days_says_what_became_of_it() -> None:
    told = standing(
        (0, 1, 4, 5, *range(7, 15)), (3,), outages=(away(2),), repairs={1: "no **network**"}
    )
    assert [row[1] for row in table(streak_card(told)).rows][:8] == [
        "✓ counts",
        "repaired by Somebody: no **network**",
        "excused: I was not here",
        "excused: I posted no daily question",
        "✓ counts",
        "✓ counts",
        "❄️ covered by a freeze",
        "✓ counts",
    ]
    assert table(streak_card(standing((0, 5)))).rows[1:5] == (
        ("Sun 1 Mar", "nothing solved"),
        ("Sat 28 Feb", "nothing solved"),
        ("Fri 27 Feb", "nothing solved"),
        ("Thu 26 Feb", "✗ the streak ended: no freeze was left"),
    )


def test_a_date_that_a_change_of_zone_left_out_is_excused() -> None:
    told = [
        row
        for row in table(streak_card(standing((0, 2, 3), calendar=SKIPPED))).rows
        if "zone" in row[1]
    ]
    assert len(told) == 1


def test_who_holds_the_most_freezes_earns_none_and_who_has_every_milestone_is_shown_none() -> None:
    most = facts(streak_card(standing(range(400))))
    assert most["Freezes"] == "2, the most that can be held"
    assert "Next milestone" not in most
    assert len(table(streak_card(standing(range(400)))).rows) == 14


def test_a_chosen_zone_is_shown_as_it_is() -> None:
    theirs = standing(player=BOB)
    assert facts(streak_card(theirs))["Time zone"] == "UTC (you have set none)"
    assert zone_text("UTC", None, chosen=True) == "UTC"


def test_a_verdict_tells_what_the_answer_did_to_the_streak() -> None:
    counted = news(lapses=(FROZE, ENDED), badges=(MILESTONES[7],))
    said = plain_text(verdict_card(verdict(asked(), ("A",), done(), counted=counted)))
    assert "❄️ A freeze covered Mon 2 Mar." in said
    assert "On Mon 2 Mar your streak of 1 day ended: you held no freeze." in said
    assert "🔥 8 days in a row." in said
    assert "New badge: 🔥 A week in a row" in said
    assert "in a row" not in plain_text(verdict_card(verdict(asked(), ("A",), done())))


def test_a_day_that_began_to_count_without_making_a_streak_is_told_too() -> None:
    """As when the clock jumped back, and the day lies before a gap."""
    (line,) = streak_news(news(streak=Streak(0, 3, today=False)))
    assert line.spans == ("Mon 2 Mar counts now.",)


def test_in_the_hours_of_grace_the_day_is_named() -> None:
    (line,) = streak_news(news(day=TODAY - timedelta(days=1)))
    assert line.spans == (
        "🔥 8 days in a row. This one counted for Sun 1 Mar, within its hours of grace.",
    )


def test_a_profile_tells_of_freezes_and_of_a_zone_to_come() -> None:
    mine = profile(streak=Streak(9, 9, today=True, freezes=1), coming=(TODAY, "Asia/Tokyo"))
    assert facts(profile_card(mine))["Streak"] == "9 days, today included; 1 freeze held"
    assert facts(profile_card(mine))["Time zone"] == "Europe/Berlin; from Mon 2 Mar on Asia/Tokyo"


def test_an_admin_hears_what_a_repair_came_to() -> None:
    assert "Mon 2 Mar counts for Ann now: 3 days in a row." in plain_text(
        repair_card(standing(), TODAY)
    )


@pytest.mark.parametrize(("dailies", "title"), [(1, "question is"), (2, "questions are")])
def test_a_reminder_counts_down_to_each_end_and_can_be_ended(dailies: int, title: str) -> None:
    card = reminder_card(letter(dailies))
    assert title in card.title
    assert sum(isinstance(block, Countdown) for block in card.blocks) == dailies
    assert labels(card) == ["No more reminders"]


def test_somebody_who_could_not_be_reached_is_told_what_to_do() -> None:
    assert "19:00" in plain_text(reminder_settings_card(WISH))
    refused = reminder_settings_card(
        type(WISH)(WISH.player_id, 19, WISH.person, WISH.place, NOON, NOON)
    )
    assert "I could not reach you on 02 March: allow private messages from me" in plain_text(
        refused
    )
    assert refused.tone == "bad"


def test_a_digest_says_in_words_what_its_picture_shows() -> None:
    card = digest_card(week(), b"PNG")
    (picture,) = (block for block in card.blocks if isinstance(block, Picture))
    assert all(
        f"{name}: {points}" in picture.alt.replace(",", "") for name, points in digest_bars(week())
    )
    said = plain_text(card)
    assert "Hardest: " in said
    assert "solved by 1 of 3 (33 %)" in said
    assert "🔥 A week in a row: Ann" in said
    assert "🚪 Gate Keeper: Somebody" in said


def test_a_digest_without_points_has_no_picture_and_no_table() -> None:
    card = digest_card(week(board=Board((), (), 0)), b"PNG")
    assert "points" not in plain_text(card).lower()
    assert week(board=Board((), (), 0), hardest=None, badges=()).empty
    assert not week(board=Board((ranked(BOB),), (), 1), hardest=None, badges=()).empty


def test_an_admin_hears_when_the_next_digest_comes() -> None:
    assert "on Mon 2 Mar and on every Monday at nine" in plain_text(digest_switch_card(NOON.date()))
    assert "No weekly digest" in plain_text(digest_switch_card(None))
