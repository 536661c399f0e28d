"""Points: bounded, never better for more tries, hints or time, and explained to the last one."""

import re
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.phrases.rounds.points import calculation
from bot.quiz.judging.points import WORTH, Factors, Pays, score
from bot.quiz.questions import Level

levels = st.sampled_from(Level)
shares = st.fractions(0, 1, max_denominator=6).map(float)
tries = st.integers(1, 5)
hints = st.integers(0, 5)
lefts = st.floats(-10, 10)
pays = st.sampled_from(get_args(Pays))
factors = st.builds(score, levels, shares, tries, hints, lefts, pays)


@pytest.mark.parametrize(("level", "worth"), list(zip(Level, (50, 100, 150, 200), strict=True)))
def test_a_level_has_its_worth(level: Level, worth: int) -> None:
    assert score(level, 1, 1, 0, 0, "yes").points == WORTH[level] == worth


@pytest.mark.parametrize(("number", "points"), [(1, 100), (2, 60), (3, 40), (4, 40), (5, 40)])
def test_a_later_try_is_worth_less(number: int, points: int) -> None:
    assert score(Level.INTERMEDIATE, 1, number, 0, 0, "yes").points == points


def test_each_hint_takes_a_fifth() -> None:
    assert [score(Level.INTERMEDIATE, 1, 1, hints, 0, "yes").points for hints in range(4)] == [
        100,
        80,
        64,
        51,
    ]


@pytest.mark.parametrize(("left", "points"), [(1, 120), (0.5, 110), (0, 100), (-1, 100), (7, 120)])
def test_speed_adds_at_most_a_fifth_and_takes_nothing(left: float, points: int) -> None:
    assert score(Level.INTERMEDIATE, 1, 1, 0, left, "yes").points == points


def test_a_wrong_answer_earns_nothing_however_quick() -> None:
    assert score(Level.EXPERT, 0, 1, 0, 1, "yes").points == 0


@given(factors)
def test_points_stay_between_nothing_and_a_fifth_above_the_worth(factors: Factors) -> None:
    assert 0 <= factors.points <= 1.2 * factors.worth
    assert 0 <= factors.speed <= 0.2 * factors.worth


@given(levels, shares, tries, hints, lefts, pays)
def test_another_try_or_hint_or_moment_never_pays_more(
    level: Level, share: float, number: int, taken: int, left: float, pays: Pays
) -> None:
    points = score(level, share, number, taken, left, pays).points
    assert score(level, share, number + 1, taken, left, pays).points <= points
    assert score(level, share, number, taken + 1, left, pays).points <= points
    assert score(level, share, number, taken, left - 0.1, pays).points <= points


@given(levels, shares, shares, tries, hints, lefts)
def test_more_that_is_right_never_pays_less(
    level: Level, one: float, other: float, number: int, taken: int, left: float
) -> None:
    less, more = (
        score(level, share, number, taken, left, "yes").points for share in sorted((one, other))
    )
    assert less <= more


@given(levels, shares, tries, hints, lefts, st.sampled_from(["practice", "seen"]))
def test_practice_and_a_key_that_was_seen_pay_nothing(
    level: Level, share: float, number: int, taken: int, left: float, why: Pays
) -> None:
    factors = score(level, share, number, taken, left, why)
    assert factors.points == 0
    assert calculation(factors).startswith("none, ")


def calculated(line: str) -> tuple[Fraction, int, int]:
    """What a line names: the product, the speed points and the sum.

    Such a line is `100 × 2/3 (partly right) + 5 speed = 72`.
    """
    left, _, total = re.sub(r" \([^)]*\)", "", line).partition(" = ")
    if not total:
        return Fraction(left), 0, int(left)
    product, _, speed = left.removesuffix(" speed").partition(" + ")
    value = Fraction(1)
    for part in product.split(" × "):
        value *= Fraction(part)
    return value, int(speed or 0), int(total)


@given(levels, shares, tries, hints, lefts)
def test_whoever_calculates_the_line_again_comes_to_the_same_points(
    level: Level, share: float, number: int, taken: int, left: float
) -> None:
    factors = score(level, share, number, taken, left, "yes")
    product, speed, total = calculated(calculation(factors))
    assert total == factors.points
    assert abs(product - (total - speed)) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("factors", "line"),
    [
        (Factors(100, 1, 1, 0, 0, "yes"), "100"),
        (Factors(100, 1, 2, 1, 5, "yes"), "100 × 0.6 (2nd try) × 0.8 (1 hint) + 5 speed = 53"),
        (
            Factors(150, 2 / 3, 3, 2, 0, "yes"),
            "150 × 2/3 (partly right) × 0.4 (3rd try) × 0.64 (2 hints) = 26",
        ),
        (Factors(50, 0, 4, 0, 0, "yes"), "50 × 0 (not right) × 0.4 (4th try) = 0"),
        (Factors(50, 1, 1, 0, 0, "practice"), "none, this was practice"),
        (Factors(50, 1, 1, 0, 9, "seen"), "none, you saw its key less than 30 days ago"),
    ],
)
def test_the_line_names_each_factor_that_is_not_one(factors: Factors, line: str) -> None:
    assert calculation(factors) == line
