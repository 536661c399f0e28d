"""Running code on Slack.

It runs from messages that name the bot or are written to it. The answer changes and goes with them.
"""

import asyncio

import pytest

from bot.chat.slack.incoming.interaction_payloads import RUN_MESSAGE
from tests.fakes.slack import workspace as fake
from tests.stories.slack import SlackMember, SlackStage
from tests.stories.worker_stage import WorkerStage

pytestmark = pytest.mark.parametrize("setting", [("slack", "sqlite"), ("slack-http", "sqlite")])


async def entered(worker_stage: WorkerStage, name: str) -> SlackMember:
    member = await worker_stage.stage.enter(name)
    assert isinstance(member, SlackMember)
    return member


def on_slack(worker_stage: WorkerStage) -> SlackStage:
    assert isinstance(worker_stage.stage, SlackStage)
    return worker_stage.stage


def code(worker_stage: WorkerStage, text: str) -> str:
    return f"<@{on_slack(worker_stage).home.bot}>\n```\n{text}\n```"


async def later(worker_stage: WorkerStage, seconds: float) -> None:
    worker_stage.stage.clock.advance(seconds)
    await on_slack(worker_stage).slack.set_clock(worker_stage.stage.clock.now().timestamp())


async def rewrites(
    worker_stage: WorkerStage, person: fake.Member, message: str, text: str, *, times: int = 1
) -> None:
    """Everything is delivered twice, as Slack may."""
    await on_slack(worker_stage).slack.twice(times)
    await person.rewrites(message, text)


async def test_code_in_a_message_runs_and_its_edit_runs_in_place(worker_stage: WorkerStage) -> None:
    ada, bob = await entered(worker_stage, "Ada"), await entered(worker_stage, "Bob")
    message = await ada.person.writes(code(worker_stage, "first"))
    shown = await bob.see("ran first on cpu")
    await later(worker_stage, 60)
    await rewrites(worker_stage, ada.person, message, code(worker_stage, "second"))
    assert (await bob.see("ran second on cpu")).id == shown.id
    await later(worker_stage, 301)
    await rewrites(worker_stage, ada.person, message, code(worker_stage, "third"))
    await ada.person.writes(code(worker_stage, "fourth"))
    await bob.see("ran fourth")
    assert worker_stage.counter.asked == ["first", "second", "fourth"]


async def test_an_edit_stops_what_still_runs(worker_stage: WorkerStage) -> None:
    ada = await entered(worker_stage, "Ada")
    message = await ada.person.writes(code(worker_stage, "wait"))
    shown = await ada.see("tick")
    await rewrites(worker_stage, ada.person, message, code(worker_stage, "second"))
    assert (await ada.see("ran second")).id == shown.id
    await worker_stage.counter.cancelled.wait()


async def test_code_that_is_taken_out_of_a_message_takes_its_output_with_it(
    worker_stage: WorkerStage,
) -> None:
    ada = await entered(worker_stage, "Ada")
    message = await ada.person.writes(code(worker_stage, "first"))
    shown = await ada.see("ran first")
    await rewrites(
        worker_stage, ada.person, message, f"<@{on_slack(worker_stage).home.bot}> never mind"
    )
    assert (await ada.see("Taken away")).id == shown.id


async def test_a_deleted_message_takes_all_that_its_code_said_with_it(
    worker_stage: WorkerStage,
) -> None:
    """Its author's run, and somebody else's from the menu."""
    ada, bob = await entered(worker_stage, "Ada"), await entered(worker_stage, "Bob")
    message = await ada.person.writes(code(worker_stage, "mine"))
    await ada.see("ran mine")
    await bob.person.menu(
        RUN_MESSAGE, next(seen for seen in await bob.person.sees() if seen.id == message)
    )
    async with asyncio.timeout(15):
        while sum("ran mine" in text for text in await ada.texts()) < 2:
            await ada.changed()
    await on_slack(worker_stage).slack.twice()
    await ada.person.erase(message)
    async with asyncio.timeout(15):
        while sum("Taken away" in text for text in await ada.texts()) < 2:
            await ada.changed()
    await bob.type("/runs")
    assert "mine" not in await bob.newest()


async def test_a_direct_message_is_code_too_and_what_others_say_to_each_other_is_not(
    worker_stage: WorkerStage,
) -> None:
    ada = await entered(worker_stage, "Ada")
    talk = await ada.person.writes("```\nnot for you\n```")
    await rewrites(worker_stage, ada.person, talk, "```\nnor this\n```")
    letters = await ada.person.in_dm()
    message = await letters.writes("run first")
    shown = await ada.see("ran first")
    await rewrites(worker_stage, letters, message, "run second")
    assert (await ada.see("ran second")).id == shown.id
    await letters.erase(message)
    await ada.see("Taken away")
    assert worker_stage.counter.asked == ["first", "second"]


async def test_the_menu_on_a_message_runs_what_reads_as_code_and_nothing_else(
    worker_stage: WorkerStage,
) -> None:
    ada, bob = await entered(worker_stage, "Ada"), await entered(worker_stage, "Bob")
    await ada.person.writes("print(1 < 2)")
    await bob.person.menu(RUN_MESSAGE, "print(1 < 2)")
    assert not (await ada.see("ran print(1 < 2) on cpu")).private
    await ada.person.writes("Nice to see you")
    await bob.person.menu(RUN_MESSAGE, "Nice to see you")
    assert (await bob.see("There is no code in that message.")).private
