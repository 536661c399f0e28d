"""What the doctor says of Discord."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.chat.discord.doctor_check import check
from bot.doctor import examine
from bot.errors import OperatorError
from bot.settings.environment import read
from bot.settings.settings import Settings, SettingsError
from tests.fakes.discord.guild import Discord


async def test_a_token_that_is_right_is_told_with_the_invite_link(discord: Discord) -> None:
    said = await check(discord.token, discord.api, members=False)
    assert f"client_id={discord.bot}" in said
    assert "scope=bot+applications.commands" in said


async def test_a_wrong_token_is_told_with_the_remedy(discord: Discord) -> None:
    with pytest.raises(OperatorError, match="TORCHPROOF_DISCORD_TOKEN"):
        await check("not.a.token", discord.api, members=False)


async def test_a_missing_intent_is_told_with_the_remedy(discord: Discord) -> None:
    with pytest.raises(OperatorError, match="TORCHPROOF_DISCORD_MEMBERS"):
        await check(discord.token, discord.api, members=True)


async def test_a_discord_that_does_not_answer_is_told(discord: Discord) -> None:
    await discord.fault("cut", "GET /users/@me", times=5)
    with pytest.raises(OperatorError, match="does not answer"):
        await check(discord.token, discord.api, members=False)


async def test_the_doctor_asks_only_where_a_token_is_set(discord: Discord) -> None:
    with_token = Settings(
        discord_token=SecretStr(discord.token), discord_api_url=discord.api, web_port=0
    )
    found = {finding.subject: finding for finding in await examine(with_token)}
    assert found["Discord"].is_well
    assert "Discord" not in {finding.subject for finding in await examine(Settings(web_port=0))}


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("SHARDS", "0", "such as 4"),
        ("SHARDS", "2-1/4", "such as 0-1/4"),
        ("SHARDS", "4/4", "such as 0-1/4"),
        ("API_URL", "discord.com", "begin with https://"),
        ("GATEWAY_URL", "https://gateway.discord.gg", "begin with wss://"),
        ("MEMBERS", "yes", "on"),
    ],
)
def test_a_setting_that_cannot_be_used_is_told_with_its_remedy(
    name: str, value: str, remedy: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=f"TORCHPROOF_DISCORD_{name}: .*{remedy}"):
        read(tmp_path / ".env", {f"TORCHPROOF_DISCORD_{name}": value})
