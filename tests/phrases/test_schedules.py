"""What admins read of their schedules, and everyone of a daily."""

from datetime import timedelta

import pytest

from bot.chat.card import plain_text
from bot.model.daily import Solver
from bot.model.schedules import SchedulePreview
from bot.phrases.daily import SHOWN, daily_end_card
from bot.phrases.formatting import rough_duration
from bot.phrases.rounds.question import question_card
from bot.phrases.say import say
from bot.phrases.schedules import preview_card, schedule_card, schedules_card
from tests.phrases.scenes import ANN, NOON, facts, labels, table
from tests.phrases.schedule_scenes import agenda, entry, every, of_the_day, slot, solved


def test_next_times_are_told_in_the_reader_s_zone_and_the_rhythm_in_the_schedule_s() -> None:
    card = schedules_card(agenda(entry()))
    assert table(card).rows == (
        ("3", "every day at 09:00, Europe/Berlin", "all packs", "Tue 03 Mar 03:00"),
    )
    assert "America/New_York" in plain_text(card)


def test_a_paused_schedule_offers_to_go_on_and_no_date_to_skip() -> None:
    assert labels(schedule_card(agenda(entry(paused=True))))[0] == "Resume"
    assert "Skip the next" not in labels(schedule_card(agenda(entry(paused=True))))
    assert facts(schedule_card(agenda(entry(paused=True))))["Next"] == "paused"


def test_what_was_done_to_a_date_is_told_with_its_weekday() -> None:
    day = NOON.date()
    assert say("schedule_date_skipped", day=day) == "Nothing is asked on Mon 02 Mar 2026."
    assert say("schedule_date_resumed", day=day) == "Mon 02 Mar 2026 is not skipped any more."
    pinned = say("schedule_question_pinned", day=day, question="gates/gate")
    assert pinned == "Mon 02 Mar 2026 is set to gates/gate."
    unpinned = say("schedule_question_unpinned", day=day, question="")
    assert unpinned == "Mon 02 Mar 2026 is drawn from the bag again."
    swapped = say("schedule_questions_swapped", first=day, second=day + timedelta(days=1))
    assert swapped.startswith("Mon 02 Mar 2026 and Tue 03 Mar 2026")


def test_a_preview_has_three_columns_and_says_what_is_no_draw() -> None:
    """The fourth was cut off on a phone; and of very many it says how many more there are."""
    card = preview_card(
        SchedulePreview(
            (slot(), slot(pinned=True), slot(None, off="holiday"), *(slot(),) * 40), "UTC"
        )
    )
    assert table(card).headers == ("When", "No.", "Question")
    asked = [row[2].partition(")")[2] or row[2] for row in table(card).rows[:3]]
    assert asked[1:] == [", set by an admin", "holiday"]
    assert "set" not in table(card).rows[0][2]
    assert "and 12 more" in plain_text(card)


def test_a_daily_tells_how_long_it_is_open_and_waits_for_nobody() -> None:
    card = question_card(of_the_day(), None)
    assert facts(card)["Time"] == "12 h"
    assert "I’m in" not in labels(card)
    assert "late" in plain_text(
        question_card(of_the_day(opened_at=NOON + timedelta(minutes=3)), None)
    )
    assert "late" not in plain_text(
        question_card(of_the_day(opened_at=NOON + timedelta(minutes=1)), None)
    )


def test_the_end_names_who_solved_it_and_counts_the_others() -> None:
    card = daily_end_card(solved(17, *[Solver(ANN, 1, 100, 3)] * 17))
    assert len(table(card).rows) == SHOWN
    assert table(card).rows[0] == ("Ann", "first try", "100", "3 days")
    assert "2 others solved it too." in plain_text(card)
    assert {"Prove it", "Board"} <= set(labels(card))


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "1 min"),
        (45, "45 min"),
        (60, "1 h"),
        (125, "2 h 5 min"),
        (1440, "1 day"),
        (3 * 1440 + 61, "3 days 1 h 1 min"),
    ],
)
def test_a_long_time_is_told_in_its_largest_parts(minutes: int, said: str) -> None:
    assert rough_duration(timedelta(minutes=minutes)) == said


def test_what_was_left_out_of_a_calendar_and_what_comes_too_late_is_told() -> None:
    told = plain_text(dict(every())["holidays out of a calendar"])
    assert "1 day kept off." in told
    assert "What was asked today already stays." in told
    assert "4 (A meeting, Lunch …) left out because they have hours" in told
    assert "1 left out because it is over." in told
