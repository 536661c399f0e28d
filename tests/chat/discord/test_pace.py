"""How long the way of a click is, and how often a kindness is done."""

from bot.chat.discord.timeouts import LONGEST, ClockLag, LookAllowance


def test_a_clock_that_differs_from_discords_is_no_lag() -> None:
    lag = ClockLag()
    assert [round(lag.of(took), 2) for took in (-7.0, -7.0, -6.5, -7.0)] == [0, 0, 0.5, 0]


def test_a_way_that_was_long_once_is_the_measure_until_a_shorter_one_comes() -> None:
    lag = ClockLag()
    assert [round(lag.of(took), 2) for took in (0.4, 0.1, 0.9)] == [0, 0, 0.8]


def test_what_is_older_than_anybody_waits_is_no_lag() -> None:
    lag = ClockLag()
    assert (lag.of(0.0), lag.of(LONGEST + 1)) == (0, 0)


def test_an_allowance_is_spent_and_comes_back_with_time() -> None:
    allowance = LookAllowance(2, 60)
    assert [allowance.spend(now) for now in (0, 1, 2, 61, 61.5)] == [True, True, False, True, True]
    assert not allowance.spend(62)
