"""Drawing variants.

Every one is a combination of the values, none comes twice, and the first values come first.
"""

from hypothesis import given
from hypothesis import strategies as st

from bot.authors.checking.parameter_draws import MOST, combinations, draw_parameters, values


def test_a_range_holds_both_its_ends() -> None:
    assert values("2..5") == [2, 3, 4, 5]
    assert values("-1..5 step 3") == [-1, 2, 5]
    assert values([True, "x"]) == [True, "x"]


def test_few_combinations_are_all_drawn() -> None:
    assert draw_parameters("q", {"a": [1, 2], "b": "7..8"}) == (
        {"a": 1, "b": 7},
        {"a": 2, "b": 7},
        {"a": 1, "b": 8},
        {"a": 2, "b": 8},
    )


def test_an_empty_range_gives_nothing_to_draw() -> None:
    assert combinations({"a": "5..2"}) == 0
    assert draw_parameters("q", {"a": "5..2"}) == ()


@given(
    st.dictionaries(
        st.sampled_from("abcd"), st.integers(1, 100_000).map(lambda end: f"1..{end}"), min_size=1
    )
)
def test_as_many_are_drawn_as_are_kept_and_none_twice(vary: dict[str, str]) -> None:
    found = draw_parameters("q", vary)
    assert len(found) == min(MOST, combinations(vary))
    assert len({tuple(draw.values()) for draw in found}) == len(found)
    assert set(found[0].values()) == {1}
    assert found == draw_parameters("q", vary)
