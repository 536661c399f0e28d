"""The connection is kept up whatever Discord does, and ends only for what a person must mend."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.chat.discord.incoming import slash_commands
from bot.chat.discord.incoming.gateway import Shards, intents, parse_shards
from bot.chat.discord.platform import DiscordPlatform
from bot.chat.platform_interface import Command, Leaving, Returned
from bot.errors import OperatorError
from tests.chat.discord.scene import Talk, platform, served
from tests.chat.memory_storage import MemoryStorage
from tests.fakes.discord.guild import Discord, Guild, Member

PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
DEADLINE_S = 10


async def failing(made: DiscordPlatform) -> str:
    with pytest.raises(OperatorError) as said:
        async with asyncio.timeout(DEADLINE_S):
            await made.run(Talk().hear)
    return str(said.value)


async def test_no_privileged_intent_is_asked_for() -> None:
    assert intents(members=False).value & PRIVILEGED == 0


async def test_a_wrong_token_ends_it_with_a_sentence_that_says_what_to_do(discord: Discord) -> None:
    said = await failing(platform(discord, token="not.a.token"))
    assert "TORCHPROOF_DISCORD_TOKEN" in said


async def test_a_missing_intent_ends_it_with_a_sentence_that_says_what_to_do(
    discord: Discord,
) -> None:
    said = await failing(platform(discord, members=True))
    assert "TORCHPROOF_DISCORD_MEMBERS" in said


@pytest.mark.usefixtures("guild")
async def test_a_token_that_is_no_longer_known_ends_it(discord: Discord, talk: Talk) -> None:
    running = asyncio.create_task(platform(discord).run(talk.hear))
    await talk.hears(Returned)
    await discord.drop(4004)
    with pytest.raises(OperatorError, match="Copy a new one"):
        async with asyncio.timeout(DEADLINE_S):
            await running


@pytest.mark.parametrize("code", [0, 1000, 1001, 4000, 4009])
@pytest.mark.usefixtures("bot")
async def test_a_dropped_connection_is_resumed_and_nothing_is_missed(
    discord: Discord, talk: Talk, ada: Member, code: int
) -> None:
    await discord.close_gateway()
    await discord.drop(code)
    pressed = await ada.slash("help", wait=False)
    await discord.close_gateway(closed=False)
    await talk.hears(Command)
    assert (await discord.outcome(pressed)).answer is not None
    assert (await discord.sessions())["identified"] == 1


@pytest.mark.usefixtures("bot")
async def test_a_request_to_connect_anew_is_followed(discord: Discord, ada: Member) -> None:
    await discord.reconnect()
    await discord.resumed(1)
    assert not (await ada.slash("help")).failed


@pytest.mark.usefixtures("bot")
async def test_a_session_that_was_ended_is_followed_by_a_new_one_which_looks_at_what_was_missed(
    discord: Discord, talk: Talk, ada: Member
) -> None:
    await discord.invalidate()
    await discord.identified(2)
    await talk.hears(Returned, 2)
    assert not (await ada.slash("help")).failed
    assert await discord.syncs() == 1, "the same commands are not told twice"


@pytest.mark.usefixtures("bot")
async def test_an_event_that_makes_no_sense_ends_a_client_and_not_the_bot(
    discord: Discord, talk: Talk, ada: Member
) -> None:
    await discord.garble("INTERACTION_CREATE", {"id": "1"})
    assert not (await ada.slash("help")).failed
    for name, payload in (
        ("MESSAGE_REACTION_ADD", {"emoji": None}),
        ("GUILD_CREATE", {"nothing": 0}),
    ):
        seen = len(talk.of(Returned))
        await discord.garble(name, payload)
        await talk.hears(Returned, seen + 1)
    assert not (await ada.slash("help")).failed


@pytest.mark.parametrize("fault", ["failed", "cut"])
@pytest.mark.usefixtures("guild")
async def test_a_discord_that_does_not_answer_at_first_is_asked_again(
    discord: Discord, talk: Talk, ada: Member, fault: str
) -> None:
    await discord.fault(fault, "GET /users/@me", status=503)
    async with served(discord, talk):
        assert not (await ada.slash("help")).failed


@pytest.mark.usefixtures("guild")
async def test_a_gateway_that_turns_the_first_connection_away_is_asked_again(
    discord: Discord, talk: Talk, ada: Member
) -> None:
    await discord.close_gateway()
    running = asyncio.create_task(platform(discord).run(talk.hear))
    async with asyncio.timeout(DEADLINE_S):
        while len(await discord.requests("GET", "/users/@me")) < 2:
            assert not running.done()
    await discord.close_gateway(closed=False)
    await talk.hears(Returned)
    assert not (await ada.slash("help")).failed
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.usefixtures("guild")
async def test_commands_are_told_once_and_again_when_they_changed(
    discord: Discord, talk: Talk
) -> None:
    storage = MemoryStorage()
    for _ in range(2):
        async with served(discord, talk, storage=storage):
            pass
    assert await discord.syncs() == 1
    storage.values = dict.fromkeys(storage.values, "of an older bot")
    async with served(discord, talk, storage=storage):
        assert await discord.syncs() == 2
    assert {command["name"] for command in await discord.tree()} == {
        command["name"] for command in slash_commands.application_commands()
    }


@pytest.mark.usefixtures("guild")
async def test_commands_that_cannot_be_told_do_not_keep_the_bot_from_starting(
    discord: Discord, talk: Talk, ada: Member
) -> None:
    async with served(discord, talk):
        pass
    await discord.fault("failed", "PUT /applications/.*/commands", status=503, times=5)
    async with served(discord, talk):
        assert not (await ada.slash("help")).failed


async def test_several_connections_serve_all_servers(discord: Discord, talk: Talk) -> None:
    groups = [await discord.guild(f"Group {number}") for number in range(3)]
    members = [await group.join("Ada") for group in groups]
    async with served(discord, talk, shards=Shards(2)):
        await discord.online(2)
        assert not any([(await member.slash("help")).failed for member in members])
    assert (await discord.sessions())["identified"] == 2


@pytest.mark.parametrize(
    ("text", "shards"),
    [("1", Shards(1)), ("4", Shards(4)), ("0-1/4", Shards(4, (0, 1))), ("3/4", Shards(4, (3,)))],
)
def test_shards_are_read_from_their_setting(text: str, shards: Shards) -> None:
    assert parse_shards(text) == shards


async def test_who_leaves_is_told_where_the_members_intent_is_on(
    discord: Discord, guild: Guild, talk: Talk, ada: Member
) -> None:
    await discord.privileged(PRIVILEGED)
    async with served(discord, talk, members=True):
        await ada.leave()
        (leaving,) = await talk.hears(Leaving)
    assert (leaving.person.id, leaving.place.community) == (ada.id, guild.id)
    assert abs((leaving.at - datetime.now(UTC)).total_seconds()) < 60
