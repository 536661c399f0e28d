"""What the doctor says of Slack."""

import pytest

from bot.chat.slack.check import check
from bot.chat.slack.manifest import manifest
from bot.errors import UserError
from tests.fakes.slack.workspace import Slack, Workspace


async def test_right_tokens_are_well(slack: Slack, home: Workspace) -> None:
    await slack.manifest(manifest())
    said = await check(home.token, slack.app_token, slack.api)
    assert "is in Study group; Socket Mode is open" in said


async def test_a_wrong_bot_token_is_told_where_to_copy_it(slack: Slack) -> None:
    with pytest.raises(UserError, match="TORCHPROOF_SLACK_BOT_TOKEN"):
        await check("xoxb-wrong", "", slack.api)


async def test_a_wrong_app_token_is_told_where_to_make_it(slack: Slack, home: Workspace) -> None:
    await slack.manifest(manifest())
    with pytest.raises(UserError, match="TORCHPROOF_SLACK_APP_TOKEN"):
        await check(home.token, "xapp-wrong", slack.api)


async def test_a_missing_right_is_named(slack: Slack, home: Workspace) -> None:
    fewer = manifest()
    fewer["oauth_config"]["scopes"]["bot"].remove("reactions:write")
    await slack.manifest(fewer)
    with pytest.raises(UserError, match="reactions:write"):
        await check(home.token, slack.app_token, slack.api)


async def test_a_server_that_is_not_there_is_said() -> None:
    with pytest.raises(UserError, match="does not answer"):
        await check("xoxb-any", "", "http://127.0.0.1:9/api/")
