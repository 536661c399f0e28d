"""The library that the bot stands on lives in the simulator.

It logs in, syncs, answers, edits, and comes back.
"""

import asyncio
import sys
from collections.abc import AsyncIterator

import pytest

from tests.fakes.discord.guild import Discord, Member
from tests.fakes.simulator import ROOT

DEADLINE_S = 10


@pytest.fixture(autouse=True)
async def library_bot(discord: Discord, ada: Member, bob: Member) -> AsyncIterator[None]:  # noqa: ARG001 — they are there first
    command = [
        sys.executable,
        "-m",
        "tests.fakes.discord.library_bot",
        discord.api,
        discord.gateway,
        discord.token,
    ]
    running = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdin=asyncio.subprocess.PIPE
    )
    await discord.online()
    yield
    assert running.stdin
    running.stdin.close()
    assert await asyncio.wait_for(running.wait(), DEADLINE_S) == 0


async def test_discord_py_answers_in_every_way(ada: Member, bob: Member) -> None:
    await ada.slash("quiz")
    await ada.click("Private", on="Which shape?")
    await ada.finds("only for you", lambda seen: seen.private)
    await ada.submit(await ada.click("Form", on="Which shape?"), "3.14")
    await ada.finds("form received")
    await ada.click("Defer", on="Which shape?")
    await ada.finds("thought about it")
    await ada.finds("and more")
    await ada.click("Turn", on="Which shape?")
    assert [seen.text for seen in await bob.sees()] == ["It is over"]


async def test_discord_py_reads_the_buckets_and_is_never_refused(
    discord: Discord, ada: Member, bob: Member
) -> None:
    await ada.slash("talk")
    await bob.finds("second", lambda seen: len(seen.reactions) == 3)
    asked = await discord.requests("PUT", "/reactions")
    assert [line["status"] for line in asked] == [204] * 3
    assert asked[2]["at"] - asked[0]["at"] > 0.4


async def test_discord_py_says_a_thing_once_though_the_answer_was_lost(
    discord: Discord, ada: Member, bob: Member
) -> None:
    """It repeats the request with the same nonce."""
    await discord.fault("lost", "POST .*/messages$", status=502)
    await ada.slash("talk")
    await bob.finds("second")
    assert [line["status"] for line in await discord.requests("POST", "/messages")] == [502, 200]
    assert len(await bob.sees()) == 1


async def test_discord_py_takes_up_a_broken_line(discord: Discord, ada: Member) -> None:
    await ada.slash("quiz")
    await discord.drop()
    await discord.resumed(1)
    assert not (await ada.click("Private", on="Which shape?")).failed
