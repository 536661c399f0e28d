"""The connection to Slack: lost, silent, refused, and shared by two processes."""

import asyncio

import pytest

from bot.chat.platform_interface import Command, Event, Press, Reply, Returned
from bot.errors import OperatorError
from bot.identity import Place
from tests.chat.discord.scene import Talk, question
from tests.chat.memory_storage import MemoryStorage
from tests.chat.slack.scene import platform, served
from tests.fakes.slack.workspace import Member, Slack, Workspace


async def test_a_connection_that_slack_wants_renewed_is_renewed(
    slack: Slack, home: Workspace, ada: Member, talk: Talk
) -> None:
    async with served(slack, home, talk):
        for number, why in enumerate(("warning", "refresh_requested"), 1):
            await slack.disconnect(why)
            await slack.connected(number + 1)
            await slack.until(
                lambda known: known["live"] == 1, "connections", what="the old connection to end"
            )
            assert (await ada.slash("/quiz", "me")).acknowledged
            await talk.hears(Command, number)


async def test_a_connection_that_has_gone_silent_is_made_anew(
    slack: Slack, home: Workspace, ada: Member, talk: Talk
) -> None:
    async with served(slack, home, talk):
        await slack.freeze()
        await slack.connected(2)
        assert (await ada.slash("/quiz", "me")).acknowledged
        await talk.hears(Command)


async def test_a_connection_that_cannot_be_made_is_tried_until_it_can(
    slack: Slack, home: Workspace, ada: Member, talk: Talk
) -> None:
    async with served(slack, home, talk):
        await slack.close_socket()
        await slack.drop()
        await slack.offline()
        await slack.close_socket(closed=False)
        await slack.online()
        assert (await ada.slash("/quiz", "me")).acknowledged


async def test_frames_that_make_no_sense_are_let_pass(
    slack: Slack, home: Workspace, ada: Member, talk: Talk
) -> None:
    async with served(slack, home, talk):
        for frame in ("{", "null", "[]", '{"type": "interactive"}'):
            await slack.garble(frame)
        await slack.online()
        assert (await ada.slash("/quiz", "me")).acknowledged
        await talk.hears(Command)


async def test_an_app_token_that_slack_refuses_ends_with_what_to_do(
    slack: Slack, home: Workspace, talk: Talk
) -> None:
    with pytest.raises(ExceptionGroup) as refused:
        await platform(slack, home.token, app_token="xapp-wrong").run(talk.hear)
    assert refused.group_contains(OperatorError, match="TORCHPROOF_SLACK_APP_TOKEN")


async def test_an_app_token_that_is_refused_later_ends_nothing(
    slack: Slack, home: Workspace, ada: Member, talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    """Other platforms live in the same process; and it may pass."""
    async with served(slack, home, talk):
        await slack.fault("refused", "/apps.connections.open", times=3, error="invalid_auth")
        await slack.drop()
        await slack.offline()
        await slack.online()
        assert (await ada.slash("/quiz", "me")).acknowledged
    assert "invalid_auth" in caplog.text


async def test_two_processes_share_one_workspace(
    slack: Slack, home: Workspace, ada: Member, bob: Member
) -> None:
    """Slack tells each act to either of them; every one is heard once."""
    storage, one, other = MemoryStorage(), Talk(), Talk()
    place = Place("slack", home.id, home.channels["general"])
    async with (
        served(slack, home, one, storage=storage) as first,
        served(slack, home, other, storage=storage),
    ):
        posted = await first.post(place, question(1), "round:1")
        for _ in range(4):
            for member in (ada, bob):
                assert (await member.click("A", on="Question 1")).acknowledged
        heard = [*await _presses(one), *await _presses(other)]
    assert len(heard) == len({press.id for press in heard}) == 8
    assert {press.message for press in heard} == {posted.message}


async def _presses(talk: Talk) -> list[Press]:
    return [each for each in talk.heard if isinstance(each, Press)]


async def test_answers_under_way_get_a_moment_when_the_bot_stops(
    slack: Slack, home: Workspace, ada: Member, talk: Talk
) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def slow(_: Event, reply: Reply) -> None:
        begun.set()
        await go.wait()
        await reply.whisper(question(7))

    talk.answers["me"] = slow
    async with served(slack, home, talk):
        await ada.slash("/quiz", "me", wait=False)
        await begun.wait()
        asyncio.get_running_loop().call_later(0.05, go.set)
    await ada.finds("Question 7")


async def test_reactions_are_looked_at_whenever_the_connection_is_back(
    slack: Slack, home: Workspace, talk: Talk
) -> None:
    async with served(slack, home, talk):
        await slack.drop()
        assert len(await talk.hears(Returned, 2)) == 2
