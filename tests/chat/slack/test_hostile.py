"""Slack and the network at their worst.

Nothing is said twice, nothing that was acknowledged is lost.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.card import Button, Card, File, Picture, Text
from bot.chat.platform_interface import Command, Event, Lost, Press, Reply, Returned
from bot.chat.slack.platform import SlackPlatform
from bot.errors import UserError
from bot.identity import Place
from bot.phrases.say import explain
from tests.chat.discord.samples import PNG
from tests.chat.discord.scene import Talk, question, showing
from tests.chat.memory_storage import MemoryStorage
from tests.chat.slack.scene import served
from tests.fakes.slack.workspace import Member, Slack, Workspace


@pytest.fixture
async def bot(slack: Slack, home: Workspace, talk: Talk) -> AsyncIterator[SlackPlatform]:
    async with served(slack, home, talk) as made:
        yield made


@pytest.fixture
def general(home: Workspace) -> Place:
    return Place("slack", home.id, home.channels["general"])


async def test_a_post_whose_answer_was_lost_stands_once(
    bot: SlackPlatform, slack: Slack, ada: Member, general: Place
) -> None:
    await slack.fault("lost", "POST /chat.postMessage", times=1)
    await bot.post(general, question(1), "round:1")
    assert len(await ada.sees()) == 1


async def test_a_post_that_another_process_made_is_found(
    bot: SlackPlatform, ada: Member, general: Place, slack: Slack, home: Workspace
) -> None:
    first = await bot.post(general, question(1), "round:1")
    async with served(slack, home, Talk(), storage=bot.storage) as other:
        assert await other.post(general, question(1), "round:1") == first
        other_card = await other.post(general, question(2), "round:2")
    assert other_card != first
    assert len(await ada.sees()) == 2


async def test_calm_is_kept_when_slack_asks_for_it(
    bot: SlackPlatform, slack: Slack, ada: Member, general: Place
) -> None:
    await slack.fault("limited", "POST /chat.postMessage", times=1, seconds=1)
    await bot.post(general, question(1), "round:1")
    assert len(await ada.sees()) == 1


async def test_only_the_latest_of_many_changes_is_written(
    bot: SlackPlatform, slack: Slack, ada: Member, general: Place
) -> None:
    posted = await bot.post(general, question(1), "round:1")
    cards = [Card(f"Count {number}") for number in range(40)]
    await asyncio.gather(*(bot.edit(posted.message, card) for card in cards))
    await ada.finds("Count 39")
    assert len(await slack.requests("chat.update")) <= 3


async def test_a_budget_that_others_spent_is_waited_for(
    bot: SlackPlatform, slack: Slack, home: Workspace, ada: Member, general: Place
) -> None:
    """Another process changes messages of the same workspace.

    Both have one budget, and neither knows of the other.
    """
    posted = await bot.post(general, question(1), "round:1")
    await slack.drain("chat.update", home)
    await bot.edit(posted.message, Card("Count 1"))
    await ada.finds("Count 1")
    assert [line["status"] for line in await slack.requests("chat.update")] == [429, 200]


async def test_a_public_channel_is_joined_and_a_private_one_asks_for_an_invitation(
    bot: SlackPlatform, home: Workspace, ada: Member, talk: Talk
) -> None:
    await home.channel("open", private=False, bot=False)
    await home.channel("closed", private=True, bot=False)
    await bot.post(Place("slack", home.id, home.channels["open"]), question(1), "round:1")
    await ada.in_channel("open").finds("Question 1")
    with pytest.raises(Lost):
        await bot.post(Place("slack", home.id, home.channels["closed"]), question(2), "round:2")
    refused: list[str] = []

    async def ask(_: Event, reply: Reply) -> None:
        try:
            await reply.show(question(3))
        except UserError as error:
            refused.append(explain(error))

    talk.answers["challenge"] = ask
    await ada.in_channel("closed").slash("/quiz", "challenge")
    assert "/invite @Torchproof" in refused[0]


async def test_a_figure_is_shown_though_slack_takes_its_time_with_it(
    bot: SlackPlatform, slack: Slack, ada: Member, general: Place
) -> None:
    await bot.post(general, Card("Curves", (Picture(PNG + b"curves", "Two curves"),)), "round:1")
    seen = await ada.finds("Curves")
    (image,) = [block for block in seen.blocks if block["type"] == "image"]
    assert image["alt_text"] == "Two curves"
    await bot.post(general, Card("Again", (Picture(PNG + b"curves", "Two curves"),)), "round:2")
    assert len(await slack.requests("files.completeUploadExternal")) == 1


async def test_a_long_output_is_a_file_to_open(
    bot: SlackPlatform, ada: Member, general: Place
) -> None:
    await bot.post(
        general, Card("Ran", (File(b"line\n" * 999, "output.txt", "The whole output"),)), "run 1"
    )
    await ada.finds("The whole output")


async def test_a_figure_that_cannot_be_uploaded_is_told_in_words(
    bot: SlackPlatform, slack: Slack, ada: Member, general: Place
) -> None:
    await slack.fault("failed", "POST /upload", times=9)
    await bot.post(general, Card("Curves", (Picture(PNG + b"other", "Three curves"),)), "round:1")
    await ada.finds("Figure: Three curves")


async def test_a_click_promised_by_a_bot_that_died_is_answered_by_the_next(
    slack: Slack, home: Workspace, ada: Member
) -> None:
    storage, first, never = MemoryStorage(), Talk(), asyncio.Event()

    async def hang(_: Event, __: Reply) -> None:
        await never.wait()

    first.answers["me"] = hang
    async with served(slack, home, first, storage=storage):
        assert (await ada.slash("/quiz", "me")).acknowledged
        assert any(name.startswith("promised ") for name in storage.values)
    second = Talk()
    async with served(slack, home, second, storage=storage):
        (command,) = await second.hears(Command)
        assert command.name == "me"
        await ada.finds("Heard")
    assert not any(name.startswith("promised ") for name in storage.values)


async def test_what_a_bot_was_told_and_never_came_to_is_heard_by_the_next(
    slack: Slack, home: Workspace, ada: Member, bob: Member
) -> None:
    """Slack takes it for heard: it tells no event again."""
    storage, first, never, begun = MemoryStorage(), Talk(), asyncio.Event(), asyncio.Event()

    async def hang(_: Event, __: Reply) -> None:
        begun.set()
        await never.wait()

    first.answers["me"] = hang
    async with served(slack, home, first, storage=storage):
        await bob.writes(f"<@{home.bot}> board")
        await first.hears(Command)
        await ada.writes(f"<@{home.bot}> me")
        await begun.wait()
        await slack.heard("app_mention", 2)
    second = Talk()
    async with served(slack, home, second, storage=storage):
        (command,) = await second.hears(Command)
        assert command.name == "me"
        await ada.finds("Heard")
    assert not any(name.startswith("told ") for name in storage.values)


async def test_an_act_that_is_delivered_again_is_answered_with_the_same_card(
    slack: Slack, home: Workspace, ada: Member
) -> None:
    storage, talk = MemoryStorage(), Talk()
    talk.answers["challenge"] = showing
    async with served(slack, home, talk, storage=storage):
        await slack.twice(1)
        await ada.slash("/quiz", "challenge")
        await ada.finds("Question 1")
    assert len(await ada.sees()) == 1


@pytest.mark.usefixtures("bot")
async def test_a_socket_that_is_cut_comes_back(slack: Slack, ada: Member, talk: Talk) -> None:
    await slack.drop()
    await talk.hears(Returned, 2)
    assert (await ada.slash("/quiz", "me")).acknowledged


async def test_a_click_is_told_as_late_by_slacks_own_clock(
    bot: SlackPlatform, ada: Member, talk: Talk, general: Place, slack: Slack
) -> None:
    await bot.post(general, question(1), "round:1")
    await slack.advance(3600)
    await ada.click("A", on="Question 1")
    (press,) = await talk.hears(Press)
    assert press.at > datetime.now(UTC) + timedelta(minutes=59)


@pytest.mark.usefixtures("bot")
async def test_when_the_address_of_a_click_is_used_up_the_note_still_comes(
    ada: Member, talk: Talk
) -> None:
    async def chat(_: Event, reply: Reply) -> None:
        for number in range(7):
            await reply.whisper(Card(f"Note {number}"))

    talk.answers["me"] = chat
    await ada.slash("/quiz", "me")
    for number in range(7):
        assert (await ada.finds(f"Note {number}")).private


@pytest.mark.usefixtures("bot")
async def test_a_card_turned_more_often_than_its_address_allows_is_still_turned(
    ada: Member, talk: Talk
) -> None:
    async def door(_: Event, reply: Reply) -> None:
        await reply.whisper(Card("Door", (), (Button("Start", "start:1"),)))

    async def turns(_: Event, reply: Reply) -> None:
        for number in range(7):
            await reply.replace(Card(f"Turn {number}"))

    talk.answers |= {"pack": door, "start": turns}
    await ada.slash("/quiz", "pack")
    letters = await ada.in_dm()
    await letters.click("Start", on="Door")
    await letters.finds("Turn 6")


async def test_a_storm_of_clicks_is_acknowledged_in_time(
    bot: SlackPlatform, slack: Slack, home: Workspace, talk: Talk, general: Place
) -> None:
    await bot.post(general, question(1), "round:1")
    crowd = [await home.join(f"Member {number}") for number in range(60)]
    seen = await crowd[0].finds("Question 1")
    acts = await slack.storm([(member, seen, "A") for member in crowd])
    assert all(act.acknowledged for act in acts)
    assert len({press.id for press in await talk.hears(Press, 60)}) == 60


async def test_nothing_that_people_write_calls_anybody(
    bot: SlackPlatform, ada: Member, general: Place
) -> None:
    nasty = "<!channel> <@U0000000001> *bold* `x` &amp; @here"
    await bot.post(general, Card(nasty, (Text((nasty,)),)), "round:1")
    seen = await ada.finds("*bold*")
    assert nasty in seen.text
    assert not seen.pings
