"""Events of every kind that come twice, late, backwards or not at all.

Also what is said under a key.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.chat.card import Card, Text
from bot.chat.platform_interface import (
    Command,
    Event,
    Leaving,
    Press,
    Reaction,
    Removed,
    Reply,
    Snippet,
    Visit,
)
from bot.chat.slack.incoming.interactions import RESPONSE_URL_LIFE
from bot.chat.slack.platform import SlackPlatform
from bot.chat.slack.web_api import UncertainError
from bot.identity import Person, Place
from tests.chat.discord.scene import Talk, question
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


async def quiet(bot: SlackPlatform, slack: Slack) -> None:
    """Everything has arrived and been heard to its end."""
    await slack.delivered()
    async with asyncio.timeout(10):
        while busy := set(bot._tasks.running.values()):
            await asyncio.wait(busy)


async def test_an_event_of_any_kind_that_comes_twice_is_heard_once(
    bot: SlackPlatform,
    slack: Slack,
    ada: Member,
    bob: Member,
    home: Workspace,
    talk: Talk,
    general: Place,
) -> None:
    code = f"<@{home.bot}>\n```\nprint(1)\n```"
    await bot.post(general, question(reactions=("🇦",)), "round:1")
    await slack.twice(50)
    await ada.writes(f"<@{home.bot}> board")
    written = await ada.writes(code)
    await quiet(bot, slack)
    await ada.rewrites(written, code.replace("1", "2"))
    await ada.react("a", on="Question 1")
    await quiet(bot, slack)
    await ada.erase(written)
    await ada.opens_home()
    await bob.deactivate()
    await quiet(bot, slack)
    counts = {
        kind: len(talk.of(kind)) for kind in (Command, Snippet, Reaction, Removed, Visit, Leaving)
    }
    assert counts == {Command: 1, Snippet: 2, Reaction: 1, Removed: 1, Visit: 1, Leaving: 1}


async def test_an_event_that_comes_to_two_processes_is_heard_by_one(
    slack: Slack, home: Workspace, ada: Member, bob: Member
) -> None:
    """Slack tells it again to any of their connections."""
    storage, one, other = MemoryStorage(), Talk(), Talk()
    async with (
        served(slack, home, one, storage=storage) as first,
        served(slack, home, other, storage=storage) as second,
    ):
        await slack.online(2)
        await slack.twice(50)
        for member in (ada, bob, ada):
            await member.writes(f"<@{home.bot}> board")
        await quiet(first, slack)
        await quiet(second, slack)
    assert len([*one.of(Command), *other.of(Command)]) == 3


async def test_an_act_of_any_kind_that_comes_twice_is_heard_once(
    bot: SlackPlatform, slack: Slack, ada: Member, talk: Talk, general: Place
) -> None:
    await bot.post(general, question(1), "round:1")
    await ada.writes("print(1)")
    await slack.twice(50)
    assert (await ada.slash("/quiz", "me")).acknowledged
    assert (await ada.slash("/quiz", "nonsense")).acknowledged
    assert (await ada.click("A", on="Question 1")).acknowledged
    assert (await ada.click("Your answer", on="Question 1")).acknowledged
    assert (await ada.submit("3")).acknowledged
    assert (await ada.menu("run_message", on="print(1)")).acknowledged
    await quiet(bot, slack)
    assert len(talk.of(Command)) == 1
    assert [press.action for press in talk.of(Press)] == ["answer:1:A", "type:1", "run"]
    assert len([seen for seen in await ada.sees() if "There is no command" in seen.text]) == 1


async def test_code_whose_message_was_erased_before_it_arrived_is_not_run(
    bot: SlackPlatform, slack: Slack, ada: Member, home: Workspace, talk: Talk
) -> None:
    await slack.hold()
    written = await ada.writes(f"<@{home.bot}>\n```\nprint(1)\n```")
    await ada.erase(written)
    await slack.release(backwards=True)
    await quiet(bot, slack)
    await talk.hears(Removed)
    assert talk.of(Snippet) == []


async def test_code_that_was_taken_out_before_it_arrived_is_not_run(
    bot: SlackPlatform, slack: Slack, ada: Member, home: Workspace, talk: Talk
) -> None:
    await slack.hold()
    written = await ada.writes(f"<@{home.bot}>\n```\nprint(1)\n```")
    await ada.rewrites(written, f"<@{home.bot}> never mind")
    await slack.release(backwards=True)
    await quiet(bot, slack)
    assert [snippet.code for snippet in talk.of(Snippet)] == [""]


@pytest.mark.usefixtures("bot")
async def test_a_run_with_a_device_follows_its_edits(
    ada: Member, home: Workspace, talk: Talk
) -> None:
    written = await ada.writes(f"<@{home.bot}> run gpu\n```\nprint(1)\n```")
    await ada.rewrites(written, f"<@{home.bot}> run gpu print(2)")
    await ada.rewrites(written, f"<@{home.bot}> run print(2)")
    heard = await talk.hears(Snippet, 3)
    assert sorted((each.code, each.device) for each in heard) == [
        ("print(1)", "gpu"),
        ("print(2)", ""),
        ("print(2)", "gpu"),
    ]
    assert {each.message.id for each in heard} == {written.partition(":")[2]}


async def test_pictures_of_links_and_counted_answers_are_no_edits(
    bot: SlackPlatform, slack: Slack, ada: Member, home: Workspace, talk: Talk
) -> None:
    """After an edit as well: Slack goes on saying when that was."""
    channel, ts = home.channels["general"], "1795000000.000100"
    before: dict[str, Any] = {
        "type": "message",
        "user": ada.id,
        "ts": ts,
        "text": f"<@{home.bot}> ```x```",
    }
    before["edited"] = {"user": ada.id, "ts": "1795000001.000000"}
    told = {
        "type": "message",
        "subtype": "message_changed",
        "channel": channel,
        "channel_type": "channel",
    }
    added: list[dict[str, Any]] = [
        {"attachments": [{"title": "A page"}]},
        {"reply_count": 1, "thread_ts": ts},
    ]
    for number, more in enumerate(added):
        await home.tell(
            {
                **told,
                "ts": f"{ts}{number}",
                "message": {**before, **more},
                "previous_message": before,
            }
        )
    await ada.slash("/quiz", "me")
    await quiet(bot, slack)
    assert talk.of(Snippet) == []


async def test_what_the_bot_itself_says_is_not_heard(
    bot: SlackPlatform, slack: Slack, ada: Member, home: Workspace, talk: Talk, general: Place
) -> None:
    """Not in channels, not in direct messages, not when it changes or takes back what it said."""
    posted = await bot.post(general, Card(f"<@{home.bot}> board"), "round:1")
    await bot.edit(posted.message, Card(f"<@{home.bot}> me"))
    person = Person("slack", f"{home.id}/{ada.id}", "Ada")
    assert await bot.send_private(person, general, Card("board"), "remind:1")
    await quiet(bot, slack)
    assert not [event for event in talk.heard if isinstance(event, Command | Snippet | Removed)]


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    "event", [{}, {"type": "message"}, {"type": "reaction_added"}, {"type": "user_change"}]
)
async def test_an_event_that_cannot_be_read_keeps_nobody_else_waiting(
    ada: Member, home: Workspace, talk: Talk, event: dict[str, Any]
) -> None:
    await home.tell({"type": "app_mention", "text": "<@", **event})
    await ada.writes(f"<@{home.bot}> board")
    await talk.hears(Command)


# Keys


async def test_a_reminder_whose_words_changed_in_between_is_sent_once(
    slack: Slack, home: Workspace, ada: Member, general: Place
) -> None:
    """The bot crashed after it wrote; when it tries again, one question less is open."""
    storage, person = MemoryStorage(), Person("slack", f"{home.id}/{ada.id}", "Ada")
    async with served(slack, home, Talk(), storage=storage) as bot:
        assert await bot.send_private(
            person, general, Card("Reminder", (Text(("Two questions are open.",)),)), "remind:1"
        )
    async with served(slack, home, Talk(), storage=storage) as bot:
        assert await bot.send_private(
            person, general, Card("Reminder", (Text(("One question is open.",)),)), "remind:1"
        )
    assert len([seen for seen in await (await ada.in_dm()).sees() if "Reminder" in seen.text]) == 1


async def test_a_post_whose_words_changed_in_between_stands_once(
    slack: Slack, home: Workspace, ada: Member, general: Place
) -> None:
    storage = MemoryStorage()
    async with served(slack, home, Talk(), storage=storage) as bot:
        first = await bot.post(general, Card("Digest"), "digest:9")
    async with served(slack, home, Talk(), storage=storage) as bot:
        assert await bot.post(general, Card("Digest of the week"), "digest:9") == first
    assert len(await ada.sees()) == 1


async def test_a_bot_with_another_memory_begins_anew(
    slack: Slack, home: Workspace, ada: Member, general: Place
) -> None:
    """Its first round is another one.

    Not even where its answer got lost is the old one taken for it.
    """
    async with served(slack, home, Talk()) as bot:
        old = await bot.post(general, question(1), "round:1")
    async with served(slack, home, Talk()) as bot:
        await slack.fault("failed", "POST /chat.postMessage", times=1)
        with pytest.raises(UncertainError):
            await bot.post(general, question(1), "round:1")
        assert await bot.post(general, question(1), "round:1") != old
    assert len(await ada.sees()) == 2


async def test_what_is_said_for_the_first_time_is_not_looked_for(
    bot: SlackPlatform, slack: Slack, home: Workspace, general: Place
) -> None:
    """Slack lets apps of many workspaces read a channel once in a minute."""
    crowd = [await home.join(f"Member {number}") for number in range(5)]
    for member in crowd:
        assert await bot.send_private(
            Person("slack", f"{home.id}/{member.id}", ""), general, Card("Reminder"), "remind:1"
        )
    await bot.post(general, question(1), "round:1")
    assert await slack.requests("conversations.history") == []


# What takes long


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("method", ["GET /users.info", "POST /conversations.open"])
async def test_however_slow_slack_is_an_act_is_acknowledged_in_time(
    slack: Slack, eve: Member, talk: Talk, method: str
) -> None:
    """Who looks after the workspace, and where somebody is written to, is asked beside it."""
    await slack.fault("slow", method, seconds=2.6, times=1)
    act = await eve.slash("/quiz", "settings speed:off" if "users" in method else "practice")
    assert act.acknowledged
    (command,) = await talk.hears(Command)
    assert command.person.admin or "users" not in method


async def test_a_form_that_slack_is_slow_to_open_is_acknowledged_in_time(
    bot: SlackPlatform, slack: Slack, ada: Member, general: Place
) -> None:
    await bot.post(general, question(1), "round:1")
    await slack.fault("slow", "POST /views.open", seconds=2.6, times=2)
    assert (await ada.click("Your answer", on="Question 1")).acknowledged
    assert (await ada.slash("/run")).acknowledged


async def test_an_answer_that_was_promised_is_as_old_as_it_was_when_it_was_heard(
    slack: Slack, home: Workspace, ada: Member, general: Place
) -> None:
    """A form brings no time of its own.

    The bot that answers after a crash must not take it for late.
    """
    storage, first, never = MemoryStorage(), Talk(), asyncio.Event()

    async def hang(_: Event, __: Reply) -> None:
        await never.wait()

    first.answers["type"] = hang
    async with served(slack, home, first, storage=storage) as bot:
        await bot.post(general, question(1), "round:1")
        await ada.click("Your answer", on="Question 1")
        assert (await ada.submit("3.14")).acknowledged
        stopped = bot.now()
    second = Talk()
    async with served(slack, home, second, storage=storage) as bot:
        (press,) = await second.hears(Press)
    assert press.at < stopped
    assert RESPONSE_URL_LIFE.total_seconds() < 30 * 60
