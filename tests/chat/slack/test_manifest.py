"""The manifest that an admin pastes, made from the list of commands."""

import json

from bot.chat.slack.manifest import BOT_EVENTS, SCOPES, manifest
from bot.commands import VERBS
from tests.fakes.slack.workspace import Slack

NEEDS = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "user_change": "users:read",
}


async def test_slack_takes_both_manifests(slack: Slack) -> None:
    """For Socket Mode, and for calls to an address of ours."""
    await slack.manifest(manifest())
    await slack.manifest(manifest("https://quiz.example"))


def test_every_verb_is_named_in_a_hint_as_far_as_there_is_room() -> None:
    quiz, run = manifest()["features"]["slash_commands"]
    assert quiz["usage_hint"].startswith("|".join(verb.name for verb in VERBS[:3]))
    assert len(quiz["usage_hint"]) <= 100
    assert run["description"] == next(verb.summary for verb in VERBS if verb.name == "run")
    assert quiz["should_escape"]


def test_every_event_has_the_right_that_it_needs() -> None:
    assert {NEEDS[event] for event in BOT_EVENTS if event in NEEDS} <= set(SCOPES)
    assert len(set(SCOPES)) == len(SCOPES)


def test_calls_are_sent_to_one_address_and_no_socket_is_opened() -> None:
    told = manifest("https://quiz.example")
    assert not told["settings"]["socket_mode_enabled"]
    assert json.dumps(told).count("https://quiz.example/slack/events") == 4
    assert told["oauth_config"]["redirect_urls"] == ["https://quiz.example/slack/oauth_redirect"]
