"""The Discord simulator's gateway.

It decides who may come in, what they hear, and how a broken line is taken up again.
"""

import pytest

from tests.fakes.discord.bare import INTENTS, Bare, Gateway, button, row
from tests.fakes.discord.guild import Discord, Guild, Member

MEMBERS, CONTENT = 1 << 1, 1 << 15


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"intents": INTENTS | CONTENT}, 4014),
        ({"intents": 1 << 30}, 4013),
        ({"shard": [2, 2]}, 4010),
    ],
)
async def test_who_may_not_come_in_is_told_why(
    discord: Discord, bot: Bare, asked: dict[str, object], code: int
) -> None:
    async with bot.opened() as gateway:
        await gateway.identify(**{"token": discord.token, **asked})  # type: ignore[arg-type]
        assert await gateway.closed() == code


async def test_nonsense_closes_the_line(bot: Bare) -> None:
    for op, code in ((99, 4001), (8, 4003)):
        async with bot.opened() as gateway:
            await gateway.say(op, {})
            assert await gateway.closed() == code
    async with bot.opened() as gateway:
        await gateway.socket.send_str("{")
        assert await gateway.closed() == 4002
    async with bot.connected() as gateway:
        await gateway.say(2, {"token": bot.discord.token, "intents": INTENTS})
        assert await gateway.closed() == 4005
    async with bot.opened() as gateway:
        for _ in range(121):
            await gateway.say(1, None)
        assert await gateway.closed() == 4008


async def test_the_greeting_names_the_guilds_and_no_members(
    bot: Bare, guild: Guild, ada: Member
) -> None:
    async with bot.connected() as gateway:
        arrival = await gateway.hear("GUILD_CREATE")
    assert (arrival["id"], arrival["member_count"]) == (guild.id, 3)
    assert [one["user"]["id"] for one in arrival["members"]] == [bot.bot]
    assert [one["id"] for one in arrival["channels"]] == [ada.channel]


async def test_what_people_write_is_hidden_without_the_intent(
    discord: Discord, bot: Bare, gateway: Gateway, ada: Member
) -> None:
    await ada.writes("a secret")
    assert (await gateway.hear("MESSAGE_CREATE"))["content"] == ""
    await ada.writes(f"<@{bot.bot}> hello")
    assert (await gateway.hear("MESSAGE_CREATE"))["content"].endswith("hello")
    await (await ada.in_dm()).writes("between us")
    assert (await gateway.hear("MESSAGE_CREATE"))["content"] == "between us"
    await discord.privileged(CONTENT | MEMBERS)
    async with bot.connected(intents=INTENTS | CONTENT | MEMBERS) as second:
        await ada.writes("a secret")
        assert (await second.hear("MESSAGE_CREATE"))["content"] == "a secret"
        await ada.leave()
        assert (await second.hear("GUILD_MEMBER_REMOVE"))["user"]["id"] == ada.id


async def test_only_what_was_asked_for_is_heard(
    bot: Bare, gateway: Gateway, guild: Guild, ada: Member
) -> None:
    """Of the members nothing without their intent; of a channel nothing without seeing it."""
    async with bot.connected(intents=1) as quiet:
        await ada.writes("unheard")
        await guild.join("Carla")
        await guild.channel("lounge")
        await quiet.hear("CHANNEL_CREATE")
        assert {frame["t"] for frame in quiet.events} == {
            None,
            "READY",
            "GUILD_CREATE",
            "CHANNEL_CREATE",
        }
    await guild.overwrite("general", bot.bot, deny=("VIEW_CHANNEL",))
    await ada.writes("unseen")
    await guild.channel("library")
    while (await gateway.hear("CHANNEL_CREATE"))["name"] != "library":
        pass
    assert [frame["t"] for frame in gateway.events].count("MESSAGE_CREATE") == 1


async def test_a_broken_line_is_taken_up_where_it_broke(
    discord: Discord, bot: Bare, ada: Member
) -> None:
    async with bot.connected() as gateway:
        session = gateway.events[-1]["d"]["session_id"]
        await gateway.hear("GUILD_CREATE")
        await discord.drop()
        heard = gateway.sequence
    await discord.offline()
    await ada.writes("meanwhile")
    async with bot.opened() as gateway:
        assert (await gateway.next())["op"] == 10
        await gateway.say(6, {"token": discord.token, "session_id": session, "seq": heard})
        await gateway.hear("MESSAGE_CREATE")
        await gateway.hear("RESUMED")
        await ada.writes("now")
        await gateway.hear("MESSAGE_CREATE")
        assert gateway.sequence == heard + 3


async def test_what_cannot_be_resumed_begins_anew(discord: Discord, bot: Bare) -> None:
    async with bot.opened() as gateway:
        await gateway.next()
        await gateway.say(6, {"token": discord.token, "session_id": "gone", "seq": 1})
        assert (await gateway.next()) | {"s": None} == {"op": 9, "d": False, "s": None, "t": None}
    async with bot.connected() as gateway:
        session = gateway.events[-1]["d"]["session_id"]
        async with bot.opened() as second:
            await second.next()
            await second.say(6, {"token": discord.token, "session_id": session, "seq": 999})
            assert await second.closed() == 4007


async def test_a_session_may_be_told_to_come_again(discord: Discord, bot: Bare) -> None:
    async with bot.connected() as gateway:
        await discord.reconnect()
        await discord.invalidate(resumable=True)
        await discord.invalidate()
        await discord.drop(4000)
        assert await gateway.closed() == 4000
    assert (await discord.sessions())["identified"] == 1


async def test_a_gateway_may_turn_everybody_away(discord: Discord, bot: Bare) -> None:
    await discord.close_gateway()
    with pytest.raises(Exception, match="503"):
        async with bot.opened():
            pass
    await discord.close_gateway(closed=False)
    async with bot.connected():
        await discord.online()


async def test_sessions_of_one_shard_begin_five_seconds_apart_where_that_is_asked(
    discord: Discord, bot: Bare
) -> None:
    await discord.pace(on=True)
    async with bot.connected(), bot.opened() as second:
        await second.identify(discord.token)
        assert (await second.next())["op"] == 9
        await discord.advance(5)
        await second.say(2, {"token": discord.token, "intents": INTENTS})
        await second.hear("READY")


async def test_every_session_hears_and_each_shard_its_guilds(
    discord: Discord, bot: Bare, guild: Guild, ada: Member
) -> None:
    mine = (int(guild.id) >> 22) % 2
    async with (
        bot.connected() as first,
        bot.connected() as second,
        bot.connected(shard=[mine, 2]) as its,
        bot.connected(shard=[1 - mine, 2]) as other,
    ):
        await discord.online(4)
        await bot.says(ada, "Which?", components=[row(button("a"))])
        await ada.click("A", on="Which?", wait=False)
        events = [await one.hear("INTERACTION_CREATE") for one in (first, second, its)]
        assert len({event["id"] for event in events}) == 1
        statuses = [(await bot.answers(event, 6)).status for event in events]
        assert statuses == [204, 400, 400]
        await (await ada.in_dm()).writes("in private, to shard 0")
        await (its if mine == 0 else other).hear("MESSAGE_CREATE")
        assert not {"INTERACTION_CREATE"} & {frame["t"] for frame in other.events}


async def test_events_may_come_twice_late_backwards_and_broken(
    discord: Discord, gateway: Gateway, ada: Member
) -> None:
    await discord.twice()
    first = await ada.writes("one")
    assert [(await gateway.hear("MESSAGE_CREATE"))["id"] for _ in range(2)] == [first, first]
    await discord.hold()
    written = [await ada.writes(text) for text in ("two", "three")]
    await discord.release(backwards=True)
    assert [(await gateway.hear("MESSAGE_CREATE"))["id"] for _ in range(2)] == written[::-1]
    await discord.garble("INTERACTION_CREATE", {"id": None})
    assert await gateway.hear("INTERACTION_CREATE") == {"id": None}


async def test_a_bot_that_is_sent_away_hears_it_once(
    bot: Bare, gateway: Gateway, guild: Guild, ada: Member
) -> None:
    await guild.outage()
    assert (await gateway.hear("GUILD_DELETE"))["unavailable"]
    assert (await bot.says(ada, "still here")).status == 200
    await guild.outage(over=True)
    await guild.kick_bot()
    assert (await gateway.hear("GUILD_DELETE"))["id"] == guild.id
    assert (await bot.says(ada, "hello?")).code == 50001
    await guild.invite_bot()
    assert (await gateway.hear("GUILD_CREATE"))["id"] == guild.id
    assert (await bot.ask("GET", f"/guilds/{guild.id}")).status == 200
    await guild.remove_channel("general")
    assert (await gateway.hear("CHANNEL_DELETE"))["id"] == ada.channel
    assert (await bot.says(ada, "hello?")).code == 10003
