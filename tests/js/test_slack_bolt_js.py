"""The simulator, judged by a client that is not bolt for Python.

Bolt for JavaScript lives in it without noticing.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.fakes.denied import Denied
from tests.fakes.slack.workspace import Member, Slack, Workspace
from tests.fakes.slack_server import process, visiting
from tests.js.client import Client, is_there, started

if not is_there("@slack/bolt"):
    pytest.skip(
        "@slack/bolt is not installed (make test tells why): its checks are left out",
        allow_module_level=True,
    )


@asynccontextmanager
async def running(slack: Slack, home: Workspace, way: str) -> AsyncIterator[Client]:
    settings = {"SLACK_API": slack.api, "SLACK_TOKEN": home.token}
    settings |= (
        {"SLACK_SIGNING_SECRET": slack.signing_secret}
        if way == "http"
        else {"SLACK_APP_TOKEN": slack.app_token}
    )
    async with started("slack.js", **settings) as bot:
        ready = await bot.tells("ready")
        if way == "http":
            await slack.request_url(f"http://127.0.0.1:{ready['port']}/slack/events")
        else:
            await slack.online()
        yield bot


@asynccontextmanager
async def a_group(way: str) -> AsyncIterator[tuple[Slack, Workspace, Client, Member, Member]]:
    with process() as address:
        async with visiting(address) as slack:
            home = await slack.workspace("Study group")
            ada, bob = await home.join("Ada"), await home.join("Bob")
            async with running(slack, home, way) as bot:
                yield slack, home, bot, ada, bob


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_bolt_for_javascript_meets_what_it_expects(way: str) -> None:
    """Ask, whisper, turn, fill in a form, choose, react, report, draw a home, upload a file."""
    async with a_group(way) as (_, home, bot, ada, bob):
        await ada.slash("/quiz", "tensors")
        asked = await bob.finds("A question of tensors")
        await bob.click("Private", on=asked)
        assert (await bob.finds("only for you")).private
        assert len(await ada.sees()) == 1

        await ada.choose("adam", "rmsprop", on=asked)
        await ada.finds("chosen: adam and rmsprop")

        await ada.click("Form", on=asked)
        await ada.modal("A number")
        assert (await ada.submit("three")).errors == {"answer": "That is no number."}
        await ada.submit("3.14")
        await (await ada.in_dm()).finds("sent: 3.14")

        await bob.react("a", on=asked)
        assert (await bot.tells("reaction"))["user"] == bob.id
        await bob.menu("report_question", on=asked)
        await bob.finds(f"reported {asked.ts}")

        await ada.slash("/talk")
        assert (await ada.finds("talking")).private
        assert not (await ada.finds("first")).private
        await ada.finds("done")

        await bob.opens_home()
        await bob.click("Start", on=await bob.home("My streak: 3"))
        await (await bob.in_dm()).finds("It starts")

        await ada.writes(f"<@{home.bot}> draw")
        assert (await bot.tells("uploaded"))["ok"]
        assert (await bob.finds("A plot")).files

        await ada.click("Turn", on=asked)
        with pytest.raises(Denied, match="there is no 'turn'"):
            await bob.click("turn", on=await bob.finds("The question has turned"))


@pytest.mark.parametrize("end", ["disconnect", "drop"])
async def test_bolt_for_javascript_comes_back_and_misses_nothing(end: str) -> None:
    """Told that the connection ends, or cut off: what was said meanwhile arrives afterwards."""
    async with a_group("socket") as (slack, _, bot, ada, _):
        await ada.slash("/quiz", "tensors")
        await getattr(slack, end)()
        await slack.offline()
        await ada.writes("is anybody there?")
        await slack.connected(2)
        assert not (await ada.click("Private", on="A question")).failed
        while "there?" not in (await bot.tells("message"))["text"]:
            pass
