"""The library that the bot stands on lives in the simulator, by Socket Mode and by signed HTTP."""

import asyncio
import sys
from collections.abc import AsyncIterator

import pytest

from tests.fakes.simulator import ROOT
from tests.fakes.slack.workspace import Member, Slack, Workspace

DEADLINE_S = 10
WAYS = ("socket", "http")


@pytest.fixture(params=WAYS, autouse=True)
async def way(
    request: pytest.FixtureRequest,
    slack: Slack,
    home: Workspace,
    ada: Member,  # noqa: ARG001 — they are there first
    bob: Member,  # noqa: ARG001 — as above
) -> AsyncIterator[str]:
    secret = [slack.signing_secret] if request.param == "http" else []
    command = [
        sys.executable,
        "-m",
        "tests.fakes.slack.bolt_bot",
        slack.api,
        slack.app_token,
        home.token,
        *secret,
    ]
    pipe = asyncio.subprocess.PIPE
    running = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe)
    assert running.stdin
    assert running.stdout
    if secret:
        await slack.request_url((await running.stdout.readline()).decode().strip())
    else:
        await slack.online()
    yield request.param
    running.stdin.close()
    assert await asyncio.wait_for(running.wait(), DEADLINE_S) == 0


async def test_a_question_is_asked_and_answered_in_private(ada: Member, bob: Member) -> None:
    assert not (await ada.slash("/quiz", "pack tensors")).failed
    act = await bob.click("Private", on="Which shape?")
    assert act.acknowledged
    assert (await bob.finds("only for you")).private
    await ada.finds("Which shape?")
    assert len(await ada.sees()) == 1
    await bob.click("Again", on="only for you")
    assert not (await bob.finds("once more")).buttons
    await bob.choose("adam", "sgd", on="Which shape?")
    await bob.finds("chosen: adam and sgd")
    await ada.click("Turn", on="Which shape?")
    assert not (await bob.finds("It is over")).buttons


async def test_a_form_is_opened_refused_and_taken(ada: Member) -> None:
    await ada.slash("/quiz")
    await ada.click("Form", on="Which shape?")
    await ada.modal("A number")
    act = await ada.submit("three")
    assert act.errors == {"answer": "That is no number."}
    assert not (await ada.submit("3")).errors
    await ada.modal("You sent 3.")
    await (await ada.in_dm()).finds("sent: 3")
    await ada.close()
    assert await ada.depth() == 0


async def test_what_is_not_acknowledged_in_three_seconds_has_failed(
    slack: Slack, ada: Member
) -> None:
    """The second of these acknowledges at once; bolt loses it before the exception after it."""
    await ada.slash("/quiz")
    for button in ("Slow", "Throw"):
        act = await ada.click(button, on="Which shape?", wait=False)
        await slack.advance(3.1)
        assert (await slack.outcome(act)).failed
    assert await slack.unheard() == 2


async def test_home_reactions_shortcuts_and_mentions(
    slack: Slack, home: Workspace, ada: Member, bob: Member
) -> None:
    await ada.opens_home()
    sheet = await ada.home("My streak: 3")
    await ada.click("Start", on=sheet)
    await (await ada.in_dm()).finds("It starts")
    await ada.slash("/quiz")
    asked = await bob.finds("Which shape?")
    await bob.react("+1::skin-tone-2", on=asked)
    seen = await ada.finds("Which shape?", lambda seen: "+1" in seen.reactions)
    assert seen.reactions == {"+1::skin-tone-2": ("Bob",), "+1": ("torchproof",)}
    await bob.menu("report_question", on=asked)
    await bob.finds(f"reported {asked.ts}")
    await ada.writes(f"<@{home.bot}> draw")
    shown = await bob.finds("A curve that falls")
    assert shown.fallback == "A plot"
    kinds = [one["type"] for one in await slack.events()]
    assert kinds.count("app_mention") == 1, "a mention is two events"
    await slack.heard("app_mention")


async def test_the_bot_comes_back(slack: Slack, way: str, ada: Member) -> None:
    if way == "http":
        pytest.skip("only a connection can break")
    await ada.slash("/quiz")
    for connection, end in enumerate((slack.drop, slack.disconnect), start=2):
        await end()
        await slack.connected(connection)
        assert not (await ada.click("Private", on="Which shape?")).failed
