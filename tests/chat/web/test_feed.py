"""What waits for a browser is bounded."""

from bot.chat.web.feed import Subscriber


async def test_a_browser_that_takes_nothing_is_dropped() -> None:
    dropped: list[int] = []
    subscriber = Subscriber("mira", "127.0.0.1", lambda: dropped.append(number))
    for number in range(100):  # noqa: B007 (the lambda reads it)
        subscriber.send({"words": "x" * 100_000})
        if dropped:
            break
    assert dropped == [41]


async def test_a_browser_that_keeps_up_is_never_dropped() -> None:
    dropped: list[bool] = []
    subscriber = Subscriber("mira", "127.0.0.1", lambda: dropped.append(True))
    for number in range(100):
        subscriber.send({"words": "x" * 100_000, "number": number})
        assert f'"number":{number}' in await subscriber.next_text()
    assert dropped == []
