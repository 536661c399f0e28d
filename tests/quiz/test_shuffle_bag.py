"""The shuffle bag: nothing comes again before all that fit have come."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.shuffle_bag import ShuffleBag

NAMES = tuple("abcdefgh")
LAPS = st.integers(0, 2**31)


def come(bag: ShuffleBag, fitting: Sequence[str], times: int) -> tuple[list[str], ShuffleBag]:
    came = []
    for _ in range(times):
        name, bag = bag.draw(fitting)
        came.append(name)
    return came, bag


@given(LAPS, st.integers(2, len(NAMES)))
def test_each_lap_brings_all_once_and_does_not_begin_with_the_last_of_the_one_before(
    lap: int, many: int
) -> None:
    fitting = NAMES[:many]
    came, _ = come(ShuffleBag(lap), fitting, 5 * many)
    for begin in range(0, len(came), many):
        assert sorted(came[begin : begin + many]) == list(fitting)
    assert all(one != following for one, following in pairwise(came))


def test_laps_have_orders_of_their_own() -> None:
    came, _ = come(ShuffleBag(7), NAMES, 6 * len(NAMES))
    assert len({tuple(came[begin : begin + 8]) for begin in range(0, 48, 8)}) == 6


@given(LAPS, st.lists(st.sampled_from(["top", "bottom"]), max_size=60))
def test_from_whichever_end_it_is_drawn_none_comes_again_before_all_have(
    lap: int, ends: list[str]
) -> None:
    bag, came = ShuffleBag(lap), list[str]()
    for end in ends:
        name, bag = bag.draw(NAMES, end="top" if end == "top" else "bottom")
        came.append(name)
    for begin in range(0, len(came), len(NAMES)):
        lap_of = came[begin : begin + len(NAMES)]
        assert len(set(lap_of)) == len(lap_of)


@given(LAPS, st.integers(0, 4))
def test_what_is_taken_from_the_bottom_changes_nothing_at_the_top_while_enough_is_left(
    lap: int, taken: int
) -> None:
    foretold, _ = come(ShuffleBag(lap), NAMES, len(NAMES) - taken)
    bag = ShuffleBag(lap)
    for _ in range(taken):
        _, bag = bag.draw(NAMES, end="bottom")
    assert come(bag, NAMES, len(NAMES) - taken)[0] == foretold


@given(LAPS)
def test_what_is_kept_for_a_day_of_its_own_comes_last(lap: int) -> None:
    bag, came = ShuffleBag(lap), list[str]()
    for _ in NAMES:
        name, bag = bag.draw(NAMES, avoided={"c", "d"})
        came.append(name)
    assert set(came[-2:]) == {"c", "d"}


def test_one_question_alone_comes_every_time() -> None:
    assert come(ShuffleBag(1), ("a",), 3)[0] == ["a", "a", "a"]


@given(LAPS)
def test_a_question_that_was_asked_without_drawing_it_is_out_of_the_bag(lap: int) -> None:
    came, _ = come(ShuffleBag(lap).without("c"), NAMES, len(NAMES) - 1)
    assert "c" not in came
    assert ShuffleBag(lap, ("c", "a")).without("c").drawn == ("a", "c")


@given(LAPS, st.lists(st.sampled_from([NAMES[:3], NAMES[2:6], NAMES]), max_size=40))
def test_of_those_that_fit_one_in_the_bag_comes_before_any_that_is_out_of_it(
    lap: int, wishes: list[tuple[str, ...]]
) -> None:
    bag = ShuffleBag(lap)
    for fitting in wishes:
        inside = set(fitting) - set(bag.drawn)
        name, left = bag.draw(fitting)
        assert not inside or name in inside
        assert set(bag.drawn) - set(fitting) <= set(left.drawn), "others stay out"
        bag = left
