"""The app at Slack: limits, manifest, installing and taking away, signed calls that are forged."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.fakes.denied import Denied
from tests.fakes.slack.bare import Bare
from tests.fakes.slack.workspace import Slack, Workspace
from tests.fakes.slack.world import Json


async def test_a_channel_takes_four_messages_at_once_and_then_one_a_second(
    slack: Slack, home: Workspace, bot: Bare
) -> None:
    await home.channel("rnn")
    statuses = [(await bot.says("x")).status for _ in range(6)]
    assert statuses[:4] == [200] * 4
    assert statuses[5] == 429
    assert (await bot.says("x", "rnn")).status == 200
    limited = await bot.says("x")
    assert (limited.status, limited.error, limited.headers["Retry-After"]) == (
        429,
        "ratelimited",
        "1",
    )
    await slack.advance(1)
    assert (await bot.says("x")).status == 200


async def test_changes_share_one_budget_in_a_workspace(
    slack: Slack, home: Workspace, bot: Bare
) -> None:
    other = await slack.workspace("Elsewhere")
    said = (await bot.says("x")).body
    await slack.drain("chat.update", home)
    where = {"channel": said["channel"], "ts": said["ts"], "text": "y"}
    assert (await bot.ask("chat.update", **where)).status == 429
    assert (await bot.ask("chat.update", **where, token=other.token)).error == "channel_not_found"
    await slack.advance(2)
    assert (await bot.ask("chat.update", **where)).status == 200


MANIFEST: Json = {
    "display_information": {"name": "Torchproof"},
    "features": {
        "bot_user": {"display_name": "torchproof"},
        "slash_commands": [{"command": "/quiz", "description": "A quiz"}],
        "shortcuts": [
            {
                "name": "Report",
                "type": "message",
                "callback_id": "report",
                "description": "Report it",
            }
        ],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
    "settings": {"socket_mode_enabled": True},
}


async def test_only_what_the_manifest_asks_for_is_there(
    slack: Slack, home: Workspace, bot: Bare
) -> None:
    await slack.manifest(MANIFEST)
    ada = await home.join("Ada")
    with pytest.raises(Denied, match="no command '/other'"):
        await ada.slash("/other")
    refused = await bot.ask("users.info", user=ada.id)
    assert (refused.error, refused.body["needed"]) == ("missing_scope", "users:read")
    await ada.writes("nobody subscribed to this")
    await ada.opens_home("messages")
    assert await slack.events() == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("display_information", {"name": "n" * 36}),
        ("display_information", {"nam": "x"}),
        ("settings", {"socket_mode_enabled": False}),
        (
            "settings",
            {
                "socket_mode_enabled": True,
                "event_subscriptions": {"bot_events": ["reaction_added"]},
            },
        ),
        ("oauth_config", {"scopes": {"bot": ["chat:write"]}}),
        ("features", {"slash_commands": [{"command": "/Quiz", "description": "A quiz"}]}),
    ],
)
async def test_a_wrong_manifest_is_refused(slack: Slack, path: str, value: Json) -> None:
    assert await slack.do("manifest", manifest_={**MANIFEST, path: value})
    assert await slack.violations()


async def test_an_app_is_allowed_in_and_taken_away(slack: Slack, bot: Bare) -> None:
    other = await slack.workspace("Elsewhere", installed=False)
    olive = await other.join("Olive", admin=True)
    asked = {
        "client_id": slack.client_id,
        "scope": "chat:write",
        "state": "s",
        "redirect_uri": "http://bot/back",
    }
    back = await olive.allows(f"https://slack.com/oauth/v2/authorize?{urlencode(asked)}")
    told = {key: value[0] for key, value in parse_qs(urlsplit(back).query).items()}
    assert told["state"] == "s"
    key = {"client_id": slack.client_id, "client_secret": slack.client_secret, "code": told["code"]}
    assert (
        await bot.ask("oauth.v2.access", **{**key, "client_secret": "x"})
    ).error == "bad_client_secret"
    granted = (await bot.ask("oauth.v2.access", **key)).body
    assert granted["access_token"] == await other.installed()
    assert (await bot.ask("oauth.v2.access", **key)).error == "invalid_code"
    assert (await bot.ask("auth.test", token=other.token)).body["team_id"] == other.id
    async with bot.connected() as line:
        await other.uninstall()
        for kind in ("tokens_revoked", "app_uninstalled"):
            await line.hear(kind)
    assert (await bot.ask("auth.test", token=other.token)).error == "token_revoked"
    with pytest.raises(Denied, match="not installed"):
        await olive.slash("/quiz")


@pytest.mark.parametrize(
    ("kind", "status", "stands"), [("failed", 500, 0), ("lost", 503, 1), ("limited", 429, 0)]
)
async def test_a_fault_happens_before_or_after_the_work(
    slack: Slack, home: Workspace, bot: Bare, kind: str, status: int, stands: int
) -> None:
    ada = await home.join("Ada")
    await slack.fault(kind, "chat.postMessage", status=status)
    assert (await bot.says("x")).status == status
    assert len(await ada.sees()) == stands
    assert (await bot.says("x")).status == 200
