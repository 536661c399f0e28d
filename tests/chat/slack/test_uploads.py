"""Files that people hand over in a form of Slack; the token that reads them goes to Slack alone."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.chat.card import Card, Input
from bot.chat.kit.files import LARGEST
from bot.chat.platform_interface import Event, Press, Reply
from bot.chat.slack.manifest import manifest
from bot.chat.slack.platform import SlackPlatform
from tests.chat.discord.scene import Talk
from tests.fakes.denied import Denied
from tests.fakes.slack.workspace import Member, Slack, Workspace
from tests.fakes.uploads import packed_file
from tests.refusing import refused


async def asking(_: Event, reply: Reply) -> None:
    await reply.whisper(Card("Days off", (Input("Choose a calendar", "days:1", file=".ics"),)))


@pytest.fixture
async def pressed(bot: SlackPlatform, talk: Talk, ada: Member) -> None:  # noqa: ARG001 (it runs)
    talk.answers["streak"] = asking
    await ada.slash("/quiz", "streak")
    await ada.click("Choose a calendar", on="Days off")


@pytest.mark.usefixtures("pressed")
async def test_a_button_asks_for_one_file_and_what_was_chosen_is_read(
    talk: Talk, ada: Member
) -> None:
    await ada.submit(packed_file("days.ics", b"BEGIN:VCALENDAR"))
    (press,) = await talk.hears(Press)
    assert (press.action, press.values) == ("days:1", ())
    assert await press.upload.read() == b"BEGIN:VCALENDAR"


@pytest.mark.usefixtures("pressed")
async def test_no_other_file_and_no_form_without_one_can_be_sent(ada: Member) -> None:
    with pytest.raises(Denied, match="only files of"):
        await ada.submit(packed_file("days.exe", b""))
    with pytest.raises(Denied, match="must be filled in"):
        await ada.submit()


@pytest.mark.usefixtures("pressed")
async def test_an_app_that_may_read_no_files_says_so(slack: Slack, talk: Talk, ada: Member) -> None:
    """Slack shows it a page to sign in, which is no file."""
    configured = manifest()
    configured["oauth_config"]["scopes"]["bot"].remove("files:read")
    await slack.manifest(configured)
    await ada.submit(packed_file("days.ics", b"BEGIN:VCALENDAR"))
    (press,) = await talk.hears(Press)
    with refused("may the app read files"):
        await press.upload.read()


@pytest.fixture
async def elsewhere() -> AsyncIterator[tuple[str, list[web.Request]]]:
    """A server that is not Slack's, and what it was asked."""
    asked: list[web.Request] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request)
        return web.Response(text="BEGIN:VCALENDAR")

    app = web.Application()
    app.router.add_get("/{name}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/days.ics", asked
    await runner.cleanup()


async def test_the_token_goes_to_slack_alone(
    bot: SlackPlatform, home: Workspace, elsewhere: tuple[str, list[web.Request]]
) -> None:
    address, asked = elsewhere
    assert bot._clients
    for url in (address, "not an address", "http://files.slack.com.evil.example/x"):
        with refused("could not fetch"):
            await bot._clients.files.download(home.id, {"url_private_download": url})
    assert asked == []


async def test_a_file_that_is_too_large_gone_or_of_nobody_s_workspace_is_answered_with_what_to_do(
    bot: SlackPlatform, slack: Slack, home: Workspace
) -> None:
    assert bot._clients
    url = f"{slack.address}/files/F1/key/days.ics"
    for team, file, remedy in (
        (home.id, {"url_private_download": url, "size": LARGEST + 1}, "too large"),
        (home.id, {"url_private_download": url}, "could not fetch"),
        (home.id, {}, "could not fetch"),
        ("T404", {"url_private_download": url}, "could not fetch"),
    ):
        with refused(remedy):
            await bot._clients.files.download(team, file)
