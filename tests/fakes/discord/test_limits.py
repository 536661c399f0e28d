"""The Discord simulator's rate limits, faults and clock."""

import asyncio
from urllib.parse import quote

import aiohttp
import pytest

from tests.fakes.discord.bare import Bare, Gateway, button, pressed, row
from tests.fakes.discord.guild import Discord, Member


async def test_a_bucket_tells_what_is_left_and_then_refuses(
    discord: Discord, bot: Bare, ada: Member
) -> None:
    answers = [await bot.says(ada, str(number)) for number in range(6)]
    assert [answer.status for answer in answers] == [200] * 5 + [429]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers[:5]] == list("43210")
    assert {answer.headers["X-RateLimit-Bucket"] for answer in answers[:5]} != {None}
    assert 0 < float(answers[0].headers["X-RateLimit-Reset-After"]) <= 5
    refused = answers[5]
    assert (refused.headers["Via"], refused.body["global"]) == ("1.1 google", False)
    await discord.advance(refused.body["retry_after"])
    assert (await bot.says(ada, "6")).status == 200


async def test_edits_and_reactions_have_buckets_of_their_own(bot: Bare, ada: Member) -> None:
    path = f"/channels/{ada.channel}/messages/{(await bot.says(ada, 'x')).body['id']}"
    edits = [await bot.ask("PATCH", path, {"content": str(number)}) for number in range(6)]
    assert [answer.status for answer in edits] == [200] * 5 + [429]
    letters = [quote(chr(0x1F1E6 + number)) for number in range(12)]
    reactions = await asyncio.gather(
        *(bot.ask("PUT", f"{path}/reactions/{emoji}/@me") for emoji in letters)
    )
    refused = [answer.body["retry_after"] for answer in reactions if answer.status == 429]
    assert 0 < max(refused) <= 0.25


async def test_everything_together_has_a_limit_but_answers_do_not(
    discord: Discord, bot: Bare, gateway: Gateway, ada: Member
) -> None:
    await bot.says(ada, "Which?", components=[row(button("a"))])
    await discord.do("crowd", times=50, seconds=9)
    refused = await bot.ask("GET", "/users/@me")
    assert (refused.status, refused.body["global"], refused.headers["X-RateLimit-Global"]) == (
        429,
        True,
        "true",
    )
    _, event = await pressed(gateway, ada, "a", "Which?")
    answer = await bot.answers(event, 6)
    assert (answer.status, "X-RateLimit-Bucket" in answer.headers) == (204, False)


async def test_follow_ups_of_a_storm_meet_a_limit_that_no_header_tells(
    bot: Bare, gateway: Gateway, ada: Member
) -> None:
    await bot.says(ada, "Which?", components=[row(button("a"))])
    statuses = []
    for _ in range(31):
        _, event = await pressed(gateway, ada, "a", "Which?")
        await bot.answers(event, 6)
        statuses.append((await bot.hooks("POST", event, content="x", flags=64)).status)
    assert statuses == [200] * 30 + [429]


async def test_who_never_listens_is_shut_out_by_the_network(discord: Discord, bot: Bare) -> None:
    """Ten thousand refusals in ten minutes.

    Here the count is set, as so many requests would take long.
    """
    await discord.do("refused", times=9_999)
    assert (await bot.ask("GET", "/users/@me", token="wrong")).status == 401
    answer = await bot.ask("GET", "/users/@me")
    assert (answer.status, "Via" in answer.headers) == (429, False)
    assert isinstance(answer.body, str)
    await discord.advance(601)
    assert (await bot.ask("GET", "/users/@me")).status == 200


@pytest.mark.parametrize(
    ("kind", "status", "done"),
    [
        ("failed", 500, 0),
        ("lost", 500, 1),
        ("limited", 429, 0),
        ("banned", 429, 0),
        ("slow", 200, 1),
    ],
)
async def test_a_fault_strikes_as_often_as_it_was_asked_for(
    discord: Discord, bot: Bare, ada: Member, kind: str, status: int, done: int
) -> None:
    await discord.fault(kind, "POST .*/messages$", times=1)
    answer = await bot.says(ada, "said")
    assert answer.status == status
    assert len(await ada.sees()) == done
    assert (await bot.says(ada, "said")).status == 200


@pytest.mark.parametrize(("kind", "done"), [("cut", 0), ("cut-after", 1)])
async def test_a_connection_breaks_before_or_after_the_work(
    discord: Discord, bot: Bare, ada: Member, kind: str, done: int
) -> None:
    await discord.fault(kind, "POST .*/messages$")
    with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        await bot.says(ada, "said")
    assert len(await ada.sees()) == done


async def test_an_answer_may_be_garbled(discord: Discord, bot: Bare, ada: Member) -> None:
    await discord.fault("garbled", "/messages$")
    with pytest.raises(ValueError, match="Expecting"):
        await bot.says(ada, "said")


async def test_the_clock_stops_goes_and_is_set(discord: Discord, bot: Bare, ada: Member) -> None:
    await discord.stop_clock()
    stopped = await discord.now()
    assert await discord.now() == stopped
    await discord.set_clock(1_772_442_000)
    assert (await bot.says(ada, "nine")).body["timestamp"] == "2026-03-02T09:00:00+00:00"
    await discord.advance(60)
    assert await discord.now() == 1_772_442_060
    await discord.go_clock()
    assert 1_772_442_060 < await discord.now() < 1_772_442_120


async def test_a_storm_is_pressed_at_once(
    discord: Discord, bot: Bare, gateway: Gateway, ada: Member, bob: Member
) -> None:
    await bot.says(ada, "Which?", components=[row(button("a"))])
    seen = await ada.finds("Which?")
    storm = asyncio.create_task(
        discord.storm([(ada, seen, "A"), (bob, seen, "A"), (ada, seen, "A")])
    )
    for _ in range(2):
        await bot.answers(await gateway.hear("INTERACTION_CREATE"), 6)
    lost = await gateway.hear("INTERACTION_CREATE")
    await discord.advance(3.1)
    assert [act.failed for act in await storm] == [False, False, True]
    assert (await bot.answers(lost, 6)).code == 10062
