"""Workspaces of one organisation, and channels that several workspaces share.

It must be clear whose act it is, and where.
"""

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.chat.platform_interface import Command, Press, Snippet
from bot.chat.slack.incoming import interaction_payloads
from bot.chat.slack.members import is_admin
from bot.chat.slack.payload import team_of, time_of
from bot.chat.slack.platform import SlackPlatform
from bot.identity import Place
from tests.chat.discord.scene import Talk, question
from tests.chat.slack.scene import served
from tests.fakes.slack.workspace import Member, Slack, Workspace

FORM = "application/x-www-form-urlencoded"
FOREIGN = "T0FOREIGN01"


@pytest.fixture
async def bot(slack: Slack, home: Workspace, talk: Talk) -> AsyncIterator[SlackPlatform]:
    async with served(slack, home, talk, signed=True) as made:
        yield made


def pressed(home: Workspace, user: str, ts: str, **around: Any) -> dict[str, Any]:
    """A press as the service tells of it, with what is different in its surroundings."""
    button = {
        "type": "button",
        "action_id": "answer:1:A",
        "block_id": "b",
        "action_ts": "1795000002.000000",
    }
    channel = home.channels["general"]
    return {
        "type": "block_actions",
        "team": {"id": home.id, "domain": home.domain},
        "user": {"id": user, "username": "guest", "name": "guest", "team_id": home.id},
        "api_app_id": "A0TORCH0001",
        "container": {
            "type": "message",
            "message_ts": ts,
            "channel_id": channel,
            "is_ephemeral": False,
        },
        "channel": {"id": channel, "name": "general"},
        "message": {"ts": ts, "text": ""},
        "trigger_id": "1.2.3",
        "actions": [{**button, "text": {"type": "plain_text", "text": "A"}}],
        **around,
    }


async def send(slack: Slack, payload: dict[str, Any]) -> int:
    """Signed as the service signs."""
    body = urlencode({"payload": json.dumps(payload)})
    sent = await slack.do(
        "forged_request", body=body, form=FORM, secret=slack.signing_secret, age=0
    )
    return int(sent)


async def no_file(*_: object) -> bytes:
    raise AssertionError("nobody handed one over")


async def test_a_press_that_names_no_workspace_is_heard_in_that_of_whoever_pressed(
    bot: SlackPlatform, slack: Slack, home: Workspace, ada: Member, talk: Talk
) -> None:
    """So it comes from an organisation that installed an app as a whole."""
    posted = await bot.post(
        Place("slack", home.id, home.channels["general"]), question(1), "round:1"
    )
    enterprise = {"id": "E0GRID00001", "name": "Guild"}
    told = pressed(
        home,
        ada.id,
        posted.message.id,
        team=None,
        enterprise=enterprise,
        is_enterprise_install=True,
    )
    assert await send(slack, told) == 200
    (press,) = await talk.hears(Press)
    assert press.person.id == f"{home.id}/{ada.id}"
    assert press.message == posted.message


async def test_somebody_of_another_workspace_plays_where_they_are_a_guest(
    bot: SlackPlatform, slack: Slack, home: Workspace, talk: Talk
) -> None:
    """The same guest in a press, a form, a mention and an edit.

    It does not matter which workspace each of them names first.
    """
    posted = await bot.post(
        Place("slack", home.id, home.channels["general"]), question(1), "round:1"
    )
    guest = {"id": "U0GUEST0001", "username": "guest", "name": "guest", "team_id": FOREIGN}
    assert (
        await send(slack, {**pressed(home, "U0GUEST0001", posted.message.id), "user": guest}) == 200
    )
    around = {"team_id": FOREIGN, "is_ext_shared_channel": True}
    said = {
        "user": "U0GUEST0001",
        "team": FOREIGN,
        "user_team": FOREIGN,
        "channel": home.channels["general"],
    }
    said |= {"type": "app_mention", "text": f"<@{home.bot}> board", "ts": "1795000000.000100"}
    await home.tell(said, **around)
    code = {
        **said,
        "type": "message",
        "text": f"<@{home.bot}>\n```x```",
        "edited": {"user": "", "ts": "1795000001.0"},
    }
    edit = {
        "type": "message",
        "subtype": "message_changed",
        "channel": said["channel"],
        "ts": "1795000001.0",
    }
    await home.tell({**edit, "message": code, "previous_message": said}, **around)
    (press,), (command,), (snippet,) = (
        await talk.hears(Press),
        await talk.hears(Command),
        await talk.hears(Snippet),
    )
    assert {event.person.id for event in (press, command, snippet)} == {f"{home.id}/U0GUEST0001"}
    assert {event.place.community for event in (press, command, snippet)} == {home.id}


def test_a_form_belongs_to_the_workspace_that_the_bot_is_in() -> None:
    """Not to that of the guest who filled it in."""
    about = json.dumps({"channel": "C1", "url": "https://hooks.test/1", "action": "type:5"})
    view = {
        "id": "V1",
        "hash": "1",
        "private_metadata": about,
        "app_installed_team_id": "T1",
        "blocks": [],
        "state": {},
    }
    told = {"team": {"id": FOREIGN}, "user": {"id": "U9", "team_id": FOREIGN}, "view": view}
    click = interaction_payloads.read_submission(told, time_of("1.0"), no_file)
    assert click is not None
    assert (click.team, click.event.person.id) == ("T1", "T1/U9")


def test_another_bots_card_is_no_question_of_ours() -> None:
    """Two bots in one workspace count their questions alike."""
    report = {"type": "actions", "elements": [{"type": "button", "action_id": "report:17"}]}
    told = {
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "callback_id": "report_question",
    }
    told |= {"trigger_id": "1", "api_app_id": "A1"}
    for app, action in (("A1", "report:17"), ("A2", "report:")):
        card = {"ts": "1.0", "app_id": app, "blocks": [report]}
        press = interaction_payloads.read_shortcut({**told, "message": card}, time_of("2.0")).event
        assert isinstance(press, Press)
        assert press.action == action


@pytest.mark.parametrize(
    ("told", "team"),
    [
        ({"team_id": "T1"}, "T1"),
        ({"team": None, "user": {"id": "U1", "team_id": "T1"}}, "T1"),
        ({"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T2"}}, "T1"),
        ({"team_id": "T2", "authorizations": [{"team_id": "T1"}]}, "T1"),
        ({"team_id": "T1", "authorizations": [{"team_id": None, "enterprise_id": "E1"}]}, "T1"),
        ({"team_id": "T1", "authorizations": []}, "T1"),
        ({"view": {"app_installed_team_id": "T1"}, "team": {"id": "T2"}}, "T1"),
        ({}, ""),
    ],
)
def test_the_workspace_is_the_one_that_the_bot_hears_through(
    told: dict[str, Any], team: str
) -> None:
    assert team_of(told) == team


@pytest.mark.parametrize(
    ("user", "admin"),
    [
        ({"team_id": "T1", "is_admin": True}, True),
        ({"team_id": "T1", "is_owner": True}, True),
        ({"team_id": "T1"}, False),
        ({"team_id": "T2", "is_admin": True}, False),
        ({"team_id": "T1", "is_admin": True, "is_stranger": True}, False),
        ({"team_id": "T2", "is_admin": True, "enterprise_user": {"teams": ["T1", "T2"]}}, True),
    ],
)
def test_whoever_looks_after_another_workspace_is_no_admin_here(
    user: dict[str, Any], *, admin: bool
) -> None:
    assert is_admin("T1", user) is admin


async def test_a_request_that_is_sent_again_is_one_act(
    bot: SlackPlatform, slack: Slack, home: Workspace, ada: Member, talk: Talk
) -> None:
    posted = await bot.post(
        Place("slack", home.id, home.channels["general"]), question(1), "round:1"
    )
    for _ in range(3):
        assert await send(slack, pressed(home, ada.id, posted.message.id)) == 200
    assert len(await talk.hears(Press)) == 1


@pytest.mark.usefixtures("bot")
async def test_what_is_signed_and_makes_no_sense_is_acknowledged_and_dropped(
    slack: Slack, home: Workspace, ada: Member, talk: Talk
) -> None:
    told = pressed(home, ada.id, "1.0")
    del told["user"]
    assert await send(slack, told) in {200, 401}
    assert (
        await send(
            slack, pressed(home, ada.id, "1.0", actions=[{"type": "button", "action_id": "x"}])
        )
        == 200
    )
    assert (
        await send(slack, {"type": "who knows", "team": {"id": home.id}, "user": {"id": ada.id}})
        == 404
    )
    await ada.slash("/quiz", "me")
    assert [event.name for event in talk.of(Command)] == ["me"]
    assert talk.of(Press) == []
