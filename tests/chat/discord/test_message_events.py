"""Code in messages.

It is heard where the bot is mentioned, answered under it, followed when edited or deleted.
"""

import asyncio

import pytest

from bot.chat.card import Card, Text
from bot.chat.discord.platform import DiscordPlatform
from bot.chat.platform_interface import Command, Event, Press, Removed, Reply, Snippet
from bot.identity import MessageRef
from tests.chat.discord.scene import Talk, served
from tests.fakes.discord.guild import Discord, Guild, Member

FORM, PUBLIC = 9, 4
CODE = "```python\nprint(1)\n```"


@pytest.fixture
def hi(discord: Discord) -> str:
    return f"<@{discord.bot}> look:"


async def running(event: Snippet, reply: Reply) -> None:
    await reply.show(Card("Running", (Text((event.code,)),)))
    await reply.show(Card("Done", (Text((event.code,)),)))


async def next_of(talk: Talk, member: Member, hi: str) -> Snippet:
    """What is heard last, once everything before it has been heard."""
    last = await member.writes(f"{hi} ```last```")
    heard = await talk.hears(Snippet)
    while heard[-1].message.id != last:
        heard = await talk.hears(Snippet, len(heard) + 1)
    before: Snippet = heard[-2]
    return before


@pytest.mark.usefixtures("bot")
async def test_code_that_mentions_the_bot_is_heard_with_who_where_and_when(
    discord: Discord, guild: Guild, talk: Talk, ada: Member, hi: str
) -> None:
    message = await ada.writes(f"{hi}\n{CODE}\nWhat does it do?")
    (heard,) = await talk.hears(Snippet)
    assert heard.code == "print(1)"
    assert (heard.person.id, heard.person.name) == (ada.id, "Ada")
    assert (heard.place.community, heard.place.channel) == (guild.id, guild.channels["general"])
    assert heard.message == MessageRef(heard.place, message)
    assert abs(heard.at.timestamp() - await discord.now()) < 5
    assert heard.written_at == heard.at


@pytest.mark.usefixtures("bot")
async def test_what_is_not_code_for_the_bot_is_not_heard(
    discord: Discord, talk: Talk, ada: Member, bob: Member, hi: str
) -> None:
    """Talk without a mention, a mention without code, another bot, Discord's own messages."""
    await ada.writes(CODE)
    await ada.writes(f"{hi} how are you?")
    await ada.writes(f"<@{bob.id}> {CODE}")
    other = {"id": "9", "username": "Other", "discriminator": "0", "bot": True}
    me = [{"id": discord.bot}]
    for strange in (
        {"author": other},
        {"author": {**other, "bot": False}, "webhook_id": "9"},
        {"type": 7},
        {},
    ):
        message = {
            "id": "9",
            "channel_id": "9",
            "guild_id": "9",
            "type": 0,
            "content": CODE,
            "mentions": me,
        }
        await discord.garble("MESSAGE_CREATE", {**message, **strange})
    await ada.writes(f"{hi} {CODE}")
    assert [event.code for event in await talk.hears(Snippet)] == ["print(1)"]


@pytest.mark.usefixtures("bot")
async def test_in_direct_messages_a_fence_is_enough(talk: Talk, ada: Member) -> None:
    private = await ada.in_dm()
    await private.writes(CODE)
    (heard,) = await talk.hears(Snippet)
    assert heard.place.community == f"dm:{private.channel}"


@pytest.mark.usefixtures("bot")
async def test_the_answer_stands_under_the_code_and_is_replaced_there(
    talk: Talk, ada: Member, bob: Member, hi: str
) -> None:
    talk.answers["snippet"] = running
    message = await ada.writes(f"{hi} {CODE}")
    seen = await bob.finds("Done")
    assert seen.shape["message_reference"]["message_id"] == message
    assert seen.edits == 1
    assert seen.pings == ()
    assert not await bob_sees(bob, "Running")


async def bob_sees(bob: Member, words: str) -> bool:
    return any(words in seen.text for seen in await bob.sees())


@pytest.mark.usefixtures("bot")
async def test_of_code_that_is_gone_already_the_answer_stands_by_itself(
    talk: Talk, ada: Member, hi: str
) -> None:
    async def late(event: Snippet, reply: Reply) -> None:
        await ada.erase(event.message.id)
        await running(event, reply)

    talk.answers["snippet"] = late
    await ada.writes(f"{hi} {CODE}")
    assert "message_reference" not in (await ada.finds("Done")).shape


@pytest.mark.usefixtures("bot")
async def test_two_processes_answer_the_same_code_once(
    discord: Discord, talk: Talk, ada: Member, hi: str
) -> None:
    other = Talk()
    talk.answers["snippet"] = other.answers["snippet"] = running
    async with served(discord, other):
        await discord.online(2)
        await ada.writes(f"{hi} {CODE}")
        await talk.hears(Snippet)
        await other.hears(Snippet)
        assert sum("Done" in seen.text for seen in await ada.sees()) == 1
    assert talk.of(Snippet)[0].id == other.of(Snippet)[0].id


@pytest.mark.usefixtures("bot")
async def test_refusals_stand_there_too_but_never_as_a_storm(
    discord: Discord, talk: Talk, ada: Member, hi: str
) -> None:
    async def refusing(event: Snippet, reply: Reply) -> None:
        await reply.whisper(Card("Not now", (Text((event.message.id,)),)))

    talk.answers["snippet"] = refusing
    await discord.limits(on=False)
    for _ in range(14):
        await ada.writes(f"{hi} {CODE}")
    await talk.hears(Snippet, 14)
    assert sum("Not now" in seen.text for seen in await ada.sees()) == 10


@pytest.mark.usefixtures("bot")
async def test_an_edit_is_heard_as_the_same_message_with_other_code(
    talk: Talk, ada: Member, hi: str
) -> None:
    message = await ada.writes(f"{hi} {CODE}")
    await ada.rewrites(message, f"{hi} ```py\nprint(2)\n```")
    first, second = await talk.hears(Snippet, 2)
    assert (second.code, second.message, second.written_at) == ("print(2)", first.message, first.at)
    assert second.id != first.id
    assert second.at > first.at
    await ada.rewrites(message, f"{hi} never mind")
    assert (await talk.hears(Snippet, 3))[2].code == ""


@pytest.mark.usefixtures("bot")
async def test_what_discord_itself_does_to_a_message_is_no_edit(
    discord: Discord, talk: Talk, ada: Member, hi: str
) -> None:
    """It adds pictures of links; and without a mention an edit comes without its words."""
    message = await ada.writes(f"{hi} {CODE}")
    await discord.unfurl(message)
    await ada.rewrites(message, "```\nprint(3)\n```")
    assert (await next_of(talk, ada, hi)).code == "print(1)"


async def test_messages_that_are_gone_are_heard_of_one_by_one(
    bot: DiscordPlatform, guild: Guild, talk: Talk, ada: Member, hi: str
) -> None:
    """By their author's hand, or many at once by whoever looks after the channel."""
    assert bot.ready.is_set()
    olive = await guild.join("Olive", "MANAGE_MESSAGES")
    written = [await ada.writes(f"{hi} {number} {CODE}") for number in range(3)]
    await ada.erase(written[0])
    await olive.purge(*written[1:])
    assert [event.message.id for event in await talk.hears(Removed, 3)] == written
    assert talk.of(Removed)[0].message == talk.of(Snippet)[0].message


@pytest.mark.usefixtures("bot")
async def test_a_place_that_takes_no_answer_breaks_nothing(
    discord: Discord, guild: Guild, talk: Talk, ada: Member, hi: str
) -> None:
    talk.answers["snippet"] = running
    await guild.overwrite("general", discord.bot, deny=("SEND_MESSAGES",))
    await ada.writes(f"{hi} {CODE}")
    await talk.hears(Snippet)
    await guild.overwrite("general", discord.bot)
    await ada.writes(f"{hi} {CODE}")
    await ada.finds("Done")


# The menu on a message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"Why? {CODE}", ("print(1)",)),
        ("import torch\nprint(torch.ones(2))", ("import torch\nprint(torch.ones(2))",)),
        ("```\nnot even python\n```", ("not even python",)),
        ("Thanks, everybody!", ()),
        ("Thanks", ()),
    ],
)
@pytest.mark.usefixtures("bot")
async def test_run_pytorch_takes_the_fence_or_a_whole_text_that_reads_as_python(
    talk: Talk, ada: Member, bob: Member, text: str, code: tuple[str, ...]
) -> None:
    message = await ada.writes(text)
    await bob.menu("Run PyTorch", next(seen for seen in await bob.sees() if seen.id == message))
    (press,) = await talk.hears(Press)
    assert (press.action, press.values, press.person.id) == ("run", code, bob.id)
    assert press.message == MessageRef(press.place, message)


# The form of /run


@pytest.mark.usefixtures("bot")
async def test_run_without_code_asks_for_it_in_a_form(talk: Talk, ada: Member) -> None:
    act = await ada.slash("run", device="gpu")
    assert act.answer == FORM
    assert act.modal is not None
    assert "torch.randn" in str(act.modal)
    assert (await ada.submit(act, "```py\nx = 1\n\nprint(x)\n```")).answer == PUBLIC
    (command,) = await talk.hears(Command)
    assert (command.name, command.args) == ("run", {"device": "gpu", "code": "x = 1\n\nprint(x)"})


async def test_a_form_outlives_the_bot_that_opened_it(
    discord: Discord, guild: Guild, talk: Talk
) -> None:
    ada = await guild.join("Ada")
    async with served(discord, talk):
        form = await ada.slash("run")
    async with served(discord, talk):
        await ada.submit(form, "print(1)")
    assert talk.of(Command)[0].args == {"code": "print(1)"}


@pytest.mark.usefixtures("bot")
async def test_run_with_code_is_heard_at_once_out_of_its_fence(talk: Talk, ada: Member) -> None:
    await ada.slash("run", code="```print(1)```")
    assert (await talk.hears(Command))[0].args == {"code": "print(1)"}


@pytest.mark.usefixtures("bot")
async def test_a_slow_run_is_announced_to_everyone(talk: Talk, ada: Member, bob: Member) -> None:
    go = asyncio.Event()

    async def slow(_: Event, reply: Reply) -> None:
        await go.wait()
        await reply.show(Card("Done"))

    talk.answers["run"] = slow
    await ada.slash("run", code="1")
    assert [seen.thinking for seen in await bob.sees()] == [True]
    go.set()
    await bob.finds("Done")
