"""One member at home on Discord, Slack and the web at once.

Three bots on one database give one true score.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.store.sql.database import Database
from tests.conftest import Clock
from tests.stories.discord import on_discord
from tests.stories.questions import bank
from tests.stories.slack import on_slack
from tests.stories.stage import DEADLINE_S, Member, Stage
from tests.stories.web import on_the_web

CODE = re.compile(r"link ([A-Z0-9]{5}-[A-Z0-9]{5})")
pytestmark = pytest.mark.parametrize("setting", [("web", "sqlite"), ("web", "postgresql")])


@pytest.fixture
async def homes(
    database: Database, clock: Clock, tmp_path: Path, discord_address: str, slack_address: str
) -> AsyncIterator[list[Stage]]:
    asked = bank(tmp_path / "questions")
    async with AsyncExitStack() as stack:
        stages = [
            await stack.enter_async_context(on_discord(discord_address, database, asked, clock)),
            await stack.enter_async_context(on_slack(slack_address, database, asked, clock)),
            await stack.enter_async_context(on_the_web(database, asked, clock)),
        ]
        yield stages
        for stage in stages:
            await stage.well()


async def points(member: Member) -> int:
    await member.type("/me")
    told = (await member.see("Points: ")).text
    found = re.search(r"Points: ([\d,]+)", told)
    assert found
    return int(found[1].replace(",", ""))


async def solve(stage: Stage, member: Member) -> None:
    await member.type("/challenge gates level:intermediate")
    await member.press("A", on="Worth: up to")
    await stage.wait(200)


async def given(member: Member) -> str:
    """A code that they were not given before."""
    told = set(CODE.findall("".join(await member.texts())))
    await member.type("/link")
    async with asyncio.timeout(DEADLINE_S):
        while not (fresh := set(CODE.findall("".join(await member.texts()))) - told):
            await member.changed()
    return str(fresh.pop())


async def link(one: Member, other: Member) -> None:
    await other.type(f"/link code:{await given(one)}")
    await other.see("Done: your accounts are one member")


async def test_what_three_accounts_did_is_one_true_score(homes: list[Stage]) -> None:
    """The same question, solved in three places.

    The earliest counts, and an answer after linking pays once.
    """
    members = [await stage.enter("Ann") for stage in homes]
    for stage, member in zip(homes, members, strict=True):
        await solve(stage, member)
    before = [await points(member) for member in members]
    assert min(before) > 0
    on_discord, on_slack, on_the_web = members
    await link(on_slack, on_discord)
    await link(on_the_web, on_slack)
    for stage in homes:
        stage.bot.conversation.quizmaster.people.clear_cache()
    assert [await points(member) for member in members] == [before[0]] * 3
    for stage, member in zip(homes, members, strict=True):
        await solve(stage, member)
        await member.see("you saw its key less than 30 days ago")
    assert [await points(member) for member in members] == [before[0]] * 3


async def test_a_link_undone_gives_everybody_back_what_they_had(homes: list[Stage]) -> None:
    members = [await stage.enter("Ann") for stage in homes]
    for stage, member in zip(homes, members, strict=True):
        await solve(stage, member)
    before = [await points(member) for member in members]
    await link(members[0], members[1])
    await members[1].press("Undo my last link")
    await members[1].see("The link is undone")
    for stage in homes:
        stage.bot.conversation.quizmaster.people.clear_cache()
    assert [await points(member) for member in members] == before


async def test_codes_that_are_no_good_are_refused_alike_in_every_home(homes: list[Stage]) -> None:
    """One's own, a used one, wrong ones, and a good one after five wrong ones.

    Nothing is linked by any of them.
    """
    on_discord, on_slack, on_the_web = [await stage.enter("Ann") for stage in homes]
    code = await given(on_slack)
    await on_slack.type(f"/link code:{code}")
    await on_slack.see("These accounts are one member already")
    await on_discord.type(f"/link code:{code}")
    await on_discord.see("Done: your accounts are one member")
    await on_the_web.type(f"/link code:{code}")
    await on_the_web.see("wrong, used, or older than ten minutes")
    for left in (3, 2, 1):
        await on_the_web.type("/link code:AAAAA-AAAAA")
        await on_the_web.see(f"you have {left} tries left")
    await on_the_web.type("/link code:AAAAA-AAAAA")
    await on_the_web.see("you can try again in an hour")
    code = await given(on_discord)
    await on_the_web.type(f"/link code:{code}")
    await on_the_web.see("Too many wrong codes")
    homes[2].clock.advance(3601)
    code = await given(on_discord)
    await on_the_web.type(f"/link code:{code}")
    await on_the_web.see("Done: your accounts are one member")
