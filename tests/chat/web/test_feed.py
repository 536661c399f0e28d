"""What waits for a browser is bounded."""

from bot.chat.web.feed import Subscriber


async def test_a_browser_that_takes_nothing_is_dropped() -> None:
    dropped: list[int] = []
    seat = Subscriber("mira", lambda: dropped.append(number))
    for number in range(100):  # noqa: B007 (the seat is asked in between)
        seat.tell({"words": "x" * 100_000})
        if dropped:
            break
    assert dropped == [41]


async def test_a_browser_that_keeps_up_is_never_dropped() -> None:
    dropped: list[bool] = []
    seat = Subscriber("mira", lambda: dropped.append(True))
    for number in range(100):
        seat.tell({"words": "x" * 100_000, "number": number})
        assert f'"number":{number}' in await seat.next()
    assert dropped == []
