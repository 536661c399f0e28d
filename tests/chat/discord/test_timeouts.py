"""How long the way of a click is, and how often a kindness is done."""

from bot.chat.discord.timeouts import DeliveryLag, SlidingWindow


def test_a_clock_that_differs_from_discords_is_no_lag() -> None:
    lag = DeliveryLag()
    assert [round(lag.of(took), 2) for took in (-7.0, -7.0, -6.5, -7.0)] == [0, 0, 0.5, 0]


def test_a_way_that_was_long_once_is_the_measure_until_a_shorter_one_comes() -> None:
    lag = DeliveryLag()
    assert [round(lag.of(took), 2) for took in (0.4, 0.1, 0.9)] == [0, 0, 0.8]


def test_what_is_older_than_anybody_waits_is_no_lag() -> None:
    lag = DeliveryLag()
    assert (lag.of(0.0), lag.of(DeliveryLag.LONGEST + 1)) == (0, 0)


def test_an_window_is_spent_and_comes_back_with_time() -> None:
    window = SlidingWindow(2, 60)
    assert [window.spend(now) for now in (0, 1, 2, 61, 61.5)] == [True, True, False, True, True]
    assert not window.spend(62)
