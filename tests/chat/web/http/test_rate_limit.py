"""How fast somebody may go on."""

from bot.chat.web.http.rate_limit import RateLimit


def test_a_rate_limit_refills_and_forgets() -> None:
    at = [0.0]
    rate_limit = RateLimit(burst=2, rate=0.5, clock=lambda: at[0])

    def spends(who: str) -> bool:
        if not rate_limit.has_left(who):
            return False
        rate_limit.spend(who)
        return True

    assert [spends("a") for _ in range(3)] == [True, True, False]
    assert rate_limit.has_left("b")
    at[0] = 2.0
    assert [spends("a") for _ in range(2)] == [True, False]
    for number in range(20_000):
        rate_limit.spend(str(number))
    assert len(rate_limit._left._values) <= 10_000


def test_a_rate_limit_keeps_who_is_too_fast_waiting() -> None:
    at = [0.0]
    rate_limit = RateLimit(burst=2, rate=0.5, clock=lambda: at[0])
    assert [rate_limit.spend("a") for _ in range(4)] == [0, 0, 2, 4]
    at[0] = 8.0
    assert [rate_limit.spend("a"), rate_limit.spend("a"), rate_limit.spend("b")] == [0, 0, 0]
