"""Badges are for every challenge right, none left out."""

import pytest

from bot.quiz.badges import (
    MILESTONES,
    Badge,
    deserves_badge,
    milestones_reached,
    pack_badge,
    shown_badge,
)
from bot.quiz.questions import Pack


def test_a_pack_s_badge_is_named_after_the_pack() -> None:
    pack = Pack("gates", "Gates", "What a gate lets through.", "Gate Keeper", "🚪", 4, ())
    assert pack_badge(pack) == Badge("pack:gates", "Gate Keeper", "🚪")


def test_a_badge_whose_pack_is_gone_is_called_after_it() -> None:
    pack = Pack("why-gates", "Gates", "What a gate lets through.", "Gate Keeper", "🚪", 4, ())
    assert shown_badge("pack:why-gates", [pack]) == Badge("pack:why-gates", "Gate Keeper", "🚪")
    assert shown_badge("pack:why-gates", []) == Badge("pack:why-gates", "Why gates", "🏅")


@pytest.mark.parametrize(
    ("solved", "earned"),
    [([True, True, True], True), ([True, False, True], False), ([True, True], False), ([], False)],
)
def test_a_badge_is_earned_by_all_three_of_three(solved: list[bool], earned: bool) -> None:
    assert deserves_badge(solved, 3) is earned


def test_a_streak_earns_a_badge_at_each_of_its_milestones() -> None:
    earned = [[badge.id for badge in milestones_reached(days)] for days in (6, 7, 100, 400)]
    assert earned[:3] == [[], ["streak:7"], ["streak:7", "streak:30", "streak:100"]]
    assert earned[3] == [badge.id for badge in MILESTONES.values()]
