"""What the doctor says of Slack."""

import pytest

from bot.chat.slack.doctor_check import check, manifest_problems
from bot.chat.slack.manifest import manifest
from bot.errors import OperatorError
from tests.fakes.slack.workspace import Slack, Workspace


async def test_right_tokens_are_well(slack: Slack, home: Workspace) -> None:
    await slack.manifest(manifest())
    said = await check(home.token, slack.app_token, slack.api)
    assert "is in Study group; Socket Mode is open" in said


async def test_what_slack_tells_no_bot_is_said_with_where_to_look(
    slack: Slack, home: Workspace
) -> None:
    await slack.manifest(manifest())
    said = await check(home.token, slack.app_token, slack.api)
    assert "https://api.slack.com/apps/A0TORCH0001" in said
    for word in (
        "Event Subscriptions",
        "message.im",
        "Interactivity",
        "Messages tab",
        "TORCHPROOF_SLACK_CONFIG_TOKEN",
    ):
        assert word in said
    assert "https://api.slack.com/apps " in await check("", slack.app_token, slack.api)


async def test_with_a_configuration_token_the_app_is_compared_with_its_manifest(
    slack: Slack, home: Workspace
) -> None:
    for whole in (manifest(), manifest("https://quiz.example")):
        await slack.manifest(whole)
        said = await check(home.token, slack.app_token, slack.api, slack.config_token)
        assert said.endswith("the app is set up like its manifest")
    fewer = manifest()
    fewer["settings"]["event_subscriptions"]["bot_events"].remove("message.im")
    fewer["settings"]["interactivity"]["is_enabled"] = False
    fewer["features"]["app_home"]["messages_tab_read_only_enabled"] = True
    fewer["features"]["slash_commands"].pop()
    fewer["features"]["slash_commands"][0]["should_escape"] = False
    fewer["features"]["shortcuts"].pop()
    await slack.manifest(fewer)
    with pytest.raises(OperatorError, match="not set up like its manifest") as found:
        await check(home.token, slack.app_token, slack.api, slack.config_token)
    for word in (
        "message.im",
        "buttons and forms are off",
        "nobody may write",
        "/run",
        "report_question",
        "escaped",
    ):
        assert word in str(found.value)


def test_an_app_that_is_not_set_up_at_all_lacks_everything() -> None:
    assert len(list(manifest_problems({}))) == 5
    assert list(manifest_problems(manifest())) == []


async def test_a_configuration_token_that_is_too_old_is_told_where_to_make_another(
    slack: Slack, home: Workspace
) -> None:
    await slack.manifest(manifest())
    with pytest.raises(OperatorError, match="TORCHPROOF_SLACK_CONFIG_TOKEN"):
        await check(home.token, slack.app_token, slack.api, "xoxe-old")


async def test_a_wrong_bot_token_is_told_where_to_copy_it(slack: Slack) -> None:
    with pytest.raises(OperatorError, match="TORCHPROOF_SLACK_BOT_TOKEN"):
        await check("xoxb-wrong", "", slack.api)


async def test_a_wrong_app_token_is_told_where_to_make_it(slack: Slack, home: Workspace) -> None:
    await slack.manifest(manifest())
    with pytest.raises(OperatorError, match="TORCHPROOF_SLACK_APP_TOKEN"):
        await check(home.token, "xapp-wrong", slack.api)


async def test_a_missing_right_is_named(slack: Slack, home: Workspace) -> None:
    fewer = manifest()
    fewer["oauth_config"]["scopes"]["bot"].remove("reactions:write")
    await slack.manifest(fewer)
    with pytest.raises(OperatorError, match="reactions:write"):
        await check(home.token, slack.app_token, slack.api)


async def test_a_server_that_is_not_there_is_said() -> None:
    with pytest.raises(OperatorError, match="does not answer"):
        await check("xoxb-any", "", "http://127.0.0.1:9/api/")
