"""Answers where somebody spoke.

It may be in a thread, in a direct message, among people who talk without the bot.
"""

from collections.abc import AsyncIterator

import pytest

from bot.chat.card import Button, Card
from bot.chat.platform_interface import Command, Event, Press, Reply
from bot.chat.slack.platform import SlackPlatform
from bot.errors import UserError
from bot.phrases.say import explain, say
from tests.chat.discord.scene import Talk, showing
from tests.chat.memory_storage import MemoryStorage
from tests.chat.slack.scene import served
from tests.fakes.slack.screen import Seen
from tests.fakes.slack.workspace import Member, Slack, Workspace


@pytest.fixture
async def bot(slack: Slack, home: Workspace, talk: Talk) -> AsyncIterator[SlackPlatform]:
    async with served(slack, home, talk) as made:
        yield made


@pytest.fixture
async def thread(ada: Member) -> str:
    """A message that others talk under."""
    return (await ada.writes("Shall we?")).partition(":")[2]


def under(seen: Seen) -> str:
    return str(seen.shape.get("thread_ts", ""))


@pytest.mark.usefixtures("bot")
async def test_what_is_asked_in_a_thread_is_answered_in_it(
    ada: Member, bob: Member, talk: Talk, home: Workspace, thread: str
) -> None:
    talk.answers["challenge"] = showing
    await ada.writes(f"<@{home.bot}> challenge", thread=thread)
    card = await bob.finds("Question 1")
    assert (under(card), card.private) == (thread, False)
    await bob.click("A", on=card)
    verdict = await bob.finds("answer:1:A")
    assert (under(verdict), verdict.private) == (thread, True)
    await ada.writes(f"<@{home.bot}> me", thread=thread)
    told = await ada.finds("Heard")
    assert (under(told), told.private) == (thread, True)


@pytest.mark.usefixtures("bot")
async def test_an_answer_typed_for_a_card_in_a_thread_is_judged_there(
    ada: Member, bob: Member, talk: Talk, home: Workspace, thread: str
) -> None:
    talk.answers["challenge"] = showing
    await ada.writes(f"<@{home.bot}> challenge", thread=thread)
    await bob.click("Your answer", on=await bob.finds("Question 1"))
    await bob.submit("3.14")
    assert under(await bob.finds("type:1 3.14")) == thread


@pytest.mark.usefixtures("bot")
async def test_a_mention_is_answered_in_private_where_it_stands(
    ada: Member, bob: Member, home: Workspace
) -> None:
    await ada.writes(f"<@{home.bot}> me")
    told = await ada.finds("Heard")
    assert (under(told), told.private) == ("", True)
    assert not [seen for seen in await bob.sees() if seen.by_bot]


@pytest.mark.usefixtures("bot")
async def test_a_mention_that_wants_a_card_which_changes_is_pointed_to_it(
    ada: Member, home: Workspace, thread: str
) -> None:
    await ada.writes(f"<@{home.bot}> practice", thread=thread)
    assert under(await ada.finds(say("slack_wrote_directly"))) == thread
    await (await ada.in_dm()).finds("Heard")


@pytest.mark.usefixtures("bot")
async def test_a_mention_that_is_not_understood_is_answered_in_its_thread(
    ada: Member, home: Workspace, thread: str
) -> None:
    await ada.writes(f"<@{home.bot}> chalenge", thread=thread)
    assert under(await ada.finds("There is no command")) == thread


@pytest.mark.usefixtures("bot")
async def test_code_in_a_thread_runs_there_and_so_does_its_menu(
    ada: Member, bob: Member, talk: Talk, home: Workspace, thread: str
) -> None:
    async def ran(event: Event, reply: Reply) -> None:
        await reply.show(Card(f"ran {type(event).__name__}"))

    talk.answers |= {"snippet": ran, "run": ran}
    written = await ada.writes(f"<@{home.bot}>\n```\nprint(1)\n```", thread=thread)
    assert under(await bob.finds("ran Snippet")) == thread
    await bob.menu("run_message", on=next(seen for seen in await bob.sees() if seen.id == written))
    assert under(await bob.finds("ran Press")) == thread


@pytest.mark.usefixtures("bot")
async def test_the_message_that_a_thread_hangs_on_is_no_part_of_it(
    ada: Member, bob: Member, talk: Talk
) -> None:
    talk.answers["challenge"] = showing
    await ada.slash("/quiz", "challenge")
    card = await ada.finds("Question 1")
    await bob.writes("I think so, too", thread=card.ts)
    await bob.click("A", on=card)
    await talk.hears(Press)
    assert under(await bob.finds("answer:1:A")) == ""


@pytest.mark.usefixtures("bot")
async def test_a_card_in_a_thread_whose_answer_was_lost_stands_once(
    slack: Slack, ada: Member, talk: Talk, home: Workspace, thread: str
) -> None:
    talk.answers["challenge"] = showing
    await slack.fault("lost", "POST /chat.postMessage", times=1)
    await ada.writes(f"<@{home.bot}> challenge", thread=thread)
    await ada.finds("Question 1")
    await slack.delivered()
    await talk.hears(Command)
    assert len([seen for seen in await ada.sees() if seen.by_bot]) == 1


@pytest.mark.usefixtures("bot")
async def test_a_thread_in_direct_messages_is_answered_in_it(ada: Member) -> None:
    letters = await ada.in_dm()
    first = (await letters.writes("me")).partition(":")[2]
    await letters.finds("Heard")
    await letters.writes("board", thread=first)
    told = await letters.finds("board", lambda seen: seen.by_bot)
    assert under(told) == first


@pytest.mark.usefixtures("bot")
async def test_a_message_with_a_file_is_heard_by_its_words(
    ada: Member, talk: Talk, home: Workspace
) -> None:
    """What Slack itself says, and what bots say, is not heard at all."""
    channel = (await ada.in_dm()).channel
    said = {
        "type": "message",
        "user": ada.id,
        "channel": channel,
        "channel_type": "im",
        "text": "board",
    }
    await home.tell(
        {**said, "subtype": "file_share", "ts": "1795000000.000100", "files": [{"id": "F1"}]}
    )
    await home.tell({**said, "subtype": "channel_join", "ts": "1795000000.000200"})
    await home.tell({**said, "bot_id": "B1", "ts": "1795000000.000300"})
    assert [command.name for command in await talk.hears(Command)] == ["board"]
    await ada.slash("/quiz", "me")
    assert [command.name for command in talk.of(Command)] == ["board", "me"]


@pytest.mark.usefixtures("bot")
async def test_a_group_of_people_calls_the_bot_by_its_name(
    ada: Member, talk: Talk, home: Workspace
) -> None:
    """Slack tells of it once or twice; what the group says to each other is not for the bot."""
    group = await home.channel("mpdm-ada-bob", private=True)
    said = {
        "user": ada.id,
        "channel": group,
        "text": f"<@{home.bot}> board",
        "ts": "1795000000.000100",
    }
    await home.tell({**said, "type": "message", "channel_type": "mpim"})
    await home.tell({**said, "type": "app_mention"})
    await home.tell(
        {
            **said,
            "type": "message",
            "channel_type": "mpim",
            "text": "board",
            "ts": "1795000000.000200",
        }
    )
    await home.tell(
        {
            **said,
            "type": "message",
            "channel_type": "mpim",
            "text": "<@U1> me",
            "ts": "1795000000.000300",
        }
    )
    await ada.in_channel("mpdm-ada-bob").finds("Heard")
    await ada.slash("/quiz", "me")
    assert [command.name for command in talk.of(Command)] == ["board", "me"]


async def test_where_the_bot_is_no_part_of_a_conversation_it_says_where_to_ask(
    slack: Slack, home: Workspace, ada: Member, bob: Member
) -> None:
    """Commands work between two people as well; nobody can invite anybody there."""
    refused: list[str] = []

    async def ask(_: Event, reply: Reply) -> None:
        try:
            await reply.show(Card("Question"))
        except UserError as error:
            refused.append(explain(error))

    async def door(_: Event, reply: Reply) -> None:
        await reply.whisper(Card("The door", (), (Button("Start", "start:1"),)))

    talk = Talk()
    talk.answers |= {"challenge": ask, "pack": door}
    async with served(slack, home, talk, storage=MemoryStorage()):
        between = await slack.do("between", team=home.id, users=[ada.id, bob.id])
        there = Member(slack, ada.id, "Ada", {**home.channels, "between": between}, between)
        await there.slash("/quiz", "challenge")
        await there.slash("/quiz", "me")
        assert (await there.finds("Heard")).private
        await there.slash("/quiz", "pack")
        assert (await there.finds(say("slack_wrote_directly"))).private
    assert "write to me directly" in refused[0]
    assert "/invite" not in refused[0]
