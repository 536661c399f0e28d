"""The Discord simulator's command tree and its quieter routes."""

from collections.abc import Callable

import pytest

from tests.fakes.denied import Denied
from tests.fakes.discord.bare import Bare
from tests.fakes.discord.guild import Discord, Guild, Member
from tests.fakes.discord.world import Json

ASK: Json = {"name": "ask", "description": "Ask"}


def option(name: str, **more: object) -> Json:
    return {"type": 3, "name": name, "description": name, **more}


WRONG: list[list[Json]] = [
    [{"name": "Ask", "description": "a"}],
    [{"name": "ask now", "description": "a"}],
    [{"name": "ask", "description": ""}],
    [{"name": "ask", "description": "d" * 101}],
    [ASK, ASK],
    [{**ASK, "options": [option(f"o{number}") for number in range(26)]}],
    [{**ASK, "options": [option("a"), option("a")]}],
    [{**ASK, "options": [option("a"), option("b", required=True)]}],
    [{**ASK, "options": [option("a", autocomplete=True, choices=[{"name": "x", "value": "x"}])]}],
    [{"name": "Report", "type": 3, "description": "d"}],
    [{"name": f"Report {number}", "type": 3} for number in range(16)],
]


@pytest.mark.parametrize("tree", WRONG)
async def test_a_wrong_tree_is_refused_whole(discord: Discord, bot: Bare, tree: list[Json]) -> None:
    path = f"/applications/{bot.bot}/commands"
    await bot.ask("PUT", path, [{"name": "before", "description": "b"}])
    assert (await bot.ask("PUT", path, tree)).code == 50035
    assert [command["name"] for command in await discord.tree()] == ["before"]
    assert await discord.violations()


async def test_a_command_keeps_its_id_through_a_sync(discord: Discord, bot: Bare) -> None:
    path = f"/applications/{bot.bot}/commands"
    first = (await bot.ask("PUT", path, [ASK])).body[0]
    second = (await bot.ask("PUT", path, [{**ASK, "description": "Ask now"}])).body[0]
    assert (first["id"], second["description"]) == (second["id"], "Ask now")
    assert (await bot.ask("GET", path)).body == [second]
    assert (await bot.ask("POST", path, {"name": "more", "description": "m"})).status == 201
    assert (await bot.ask("POST", path, {"name": "more", "description": "n"})).status == 200
    assert (await bot.ask("GET", f"{path}/{first['id']}")).body == second
    assert (await bot.ask("DELETE", f"{path}/{first['id']}")).status == 204
    assert (await bot.ask("DELETE", f"{path}/{first['id']}")).code == 10063
    assert await discord.syncs() == 2


async def test_two_hundred_commands_are_created_a_day(discord: Discord, bot: Bare) -> None:
    path = f"/applications/{bot.bot}/commands"
    for batch in range(2):
        tree = [{"name": f"c{batch}-{number}", "description": "d"} for number in range(100)]
        assert (await bot.ask("PUT", path, tree)).status == 200
    refused = await bot.ask("PUT", path, [ASK])
    assert (refused.status, refused.code) == (429, 30034)
    await discord.advance(86_400)
    assert (await bot.ask("PUT", path, [ASK])).status == 200


async def test_a_guild_has_commands_of_its_own(bot: Bare, guild: Guild, ada: Member) -> None:
    path = f"/applications/{bot.bot}/guilds/{guild.id}/commands"
    assert (await bot.ask("PUT", path, [ASK])).body[0]["guild_id"] == guild.id
    assert not (await ada.slash("ask", wait=False)).messages
    with pytest.raises(Denied, match="no command"):
        await (await ada.in_dm()).slash("ask")
    assert (await bot.ask("PUT", f"/applications/{bot.bot}/guilds/1/commands", [ASK])).code == 50001
    assert (await bot.ask("PUT", "/applications/1/commands", [ASK])).code == 20001


PATHS: list[Callable[[Bare, Guild, Member], str]] = [
    lambda *_: "/gateway",
    lambda *_: "/gateway/bot",
    lambda *_: "/users/@me",
    lambda *_: "/users/@me/guilds",
    lambda *_: "/applications/@me",
    lambda *_: "/oauth2/applications/@me",
    lambda bot, *_: f"/users/{bot.bot}",
    lambda bot, *_: f"/applications/{bot.bot}/commands",
    lambda _, guild, __: f"/guilds/{guild.id}",
    lambda _, guild, __: f"/guilds/{guild.id}/channels",
    lambda _, guild, __: f"/guilds/{guild.id}/roles",
    lambda _, guild, ada: f"/guilds/{guild.id}/members/{ada.id}",
    lambda *given: f"/channels/{given[2].channel}",
    lambda *given: f"/channels/{given[2].channel}/messages",
]


@pytest.mark.parametrize("path", PATHS)
async def test_what_can_be_read_is_read_as_the_document_says(
    bot: Bare, guild: Guild, ada: Member, path: Callable[[Bare, Guild, Member], str]
) -> None:
    """Where the document is there, each answer is judged by it at the end of the test."""
    await bot.says(ada, "a message to be read")
    await ada.react("🇦", on="to be read")
    assert (await bot.ask("GET", path(bot, guild, ada))).status == 200


async def test_what_is_closed_or_gone_is_refused(
    discord: Discord, bot: Bare, guild: Guild, ada: Member
) -> None:
    assert (await bot.ask("GET", "/users/@me", token="wrong")).status == 401
    assert (await bot.ask("GET", "/users/1")).code == 10013
    assert (await bot.ask("GET", "/guilds/1")).code == 10004
    assert (await bot.ask("GET", f"/guilds/{guild.id}/members")).code == 50001
    assert (await bot.ask("GET", f"/guilds/{guild.id}/members/1")).code == 10007
    await discord.privileged(2)
    assert len((await bot.ask("GET", f"/guilds/{guild.id}/members")).body) == 3
    assert (await bot.ask("DELETE", f"/users/@me/guilds/{guild.id}")).status == 204
    assert (await bot.ask("GET", f"/channels/{ada.channel}")).code == 50001


async def test_a_client_says_who_it_is_and_what_it_sends(
    discord: Discord, bot: Bare, ada: Member
) -> None:
    await bot.ask("GET", "/users/@me", more={"User-Agent": "python"})
    assert len(await discord.violations()) == 1
    path, plain = f"/channels/{ada.channel}/messages", {"Content-Type": "text/plain"}
    assert (await bot.ask("POST", path, {"content": "x"}, more=plain)).code == 50035
    assert len(await discord.violations()) == 1
