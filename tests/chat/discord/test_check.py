"""What the doctor says of Discord."""

import pytest
from pydantic import SecretStr

from bot.chat.discord.check import check
from bot.doctor import examine
from bot.errors import UserError
from bot.settings import Settings
from tests.fakes.discord.guild import Discord


async def test_a_token_that_is_right_is_told_with_the_invite_link(discord: Discord) -> None:
    said = await check(discord.token, discord.api, members=False)
    assert f"client_id={discord.bot}" in said
    assert "scope=bot+applications.commands" in said


async def test_a_wrong_token_is_told_with_the_remedy(discord: Discord) -> None:
    with pytest.raises(UserError, match="TORCHPROOF_DISCORD_TOKEN"):
        await check("not.a.token", discord.api, members=False)


async def test_a_missing_intent_is_told_with_the_remedy(discord: Discord) -> None:
    with pytest.raises(UserError, match="TORCHPROOF_DISCORD_MEMBERS"):
        await check(discord.token, discord.api, members=True)


async def test_a_discord_that_does_not_answer_is_told(discord: Discord) -> None:
    await discord.fault("cut", "GET /users/@me", times=5)
    with pytest.raises(UserError, match="does not answer"):
        await check(discord.token, discord.api, members=False)


async def test_the_doctor_asks_only_where_a_token_is_set(discord: Discord) -> None:
    with_token = Settings(discord_token=SecretStr(discord.token), discord_api_url=discord.api, web_port=0)
    found = {finding.what: finding for finding in await examine(with_token)}
    assert found["Discord"].well
    assert "Discord" not in {finding.what for finding in await examine(Settings(web_port=0))}
