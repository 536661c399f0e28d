"""Messages in channels.

They are said once, changed within Discord's budget, given up where the bot is let in no more.
"""

import pytest

from bot.chat.card import Card, Picture
from bot.chat.discord.platform import DiscordPlatform
from bot.chat.platform_interface import Command, Event, Lost, Posted, Reply
from bot.identity import MessageRef, Place
from tests.chat.discord.samples import PNG
from tests.chat.discord.scene import Talk, question, served, showing, turning
from tests.fakes.discord.guild import Discord, Guild, Member

POST = "POST /channels/.*/messages$"


@pytest.fixture
def place(guild: Guild) -> Place:
    return Place("discord", guild.id, guild.channels["general"])


async def questions(member: Member) -> list[str]:
    return [seen.id for seen in await member.sees() if "Question 1" in seen.text]


async def test_a_post_stands_where_it_was_asked_for(
    bot: DiscordPlatform, place: Place, ada: Member
) -> None:
    posted = await bot.post(place, question(), "round:1")
    assert [posted.message] == [MessageRef(place, one) for one in await questions(ada)]


@pytest.mark.parametrize("fault", ["failed", "lost", "cut", "cut-after"])
async def test_a_post_that_fails_on_its_way_stands_once(
    bot: DiscordPlatform, discord: Discord, place: Place, ada: Member, fault: str
) -> None:
    await discord.fault(fault, POST, status=503)
    await bot.post(place, question(), "round:1")
    assert len(await questions(ada)) == 1


async def test_a_post_that_stands_already_is_found_by_its_buttons(
    bot: DiscordPlatform, talk: Talk, place: Place, ada: Member
) -> None:
    """An answer to a command was said, and the bot died before it knew: nothing is said again."""
    talk.answers["challenge"] = showing
    await ada.slash("challenge")
    await ada.writes("Something in between")
    posted = await bot.post(place, question(), "round:1")
    assert [posted.message.id] == await questions(ada)
    await bot.post(place, question(2), "round:2")
    assert (await ada.finds("Question 2")).id != posted.message.id


async def test_two_processes_that_post_the_same_at_once_post_it_once(
    bot: DiscordPlatform, discord: Discord, place: Place, ada: Member
) -> None:
    async with served(discord, Talk()) as other:
        first, second = (
            await bot.post(place, question(), "round:1"),
            await other.post(place, question(), "round:1"),
        )
    assert first == second
    assert len(await questions(ada)) == 1


async def test_a_message_is_changed_and_one_that_is_gone_is_no_error(
    bot: DiscordPlatform, guild: Guild, place: Place
) -> None:
    olive = await guild.join("Olive", "MANAGE_MESSAGES")
    posted = await bot.post(place, question(), "round:1")
    await bot.edit(posted.message, Card("Question 1 (over)"))
    shown = await olive.finds("(over)")
    assert shown.id == posted.message.id
    await olive.erase(shown)
    await bot.edit(posted.message, question())


async def test_a_figure_comes_with_its_alt_text_and_survives_a_change(
    bot: DiscordPlatform, discord: Discord, place: Place, ada: Member
) -> None:
    card = Card("Curves", (Picture(PNG + b"loss", "Two curves"),))
    posted = await bot.post(place, card, "figure")
    for _ in range(2):
        shown = await ada.finds("Curves")
        assert "Two curves" in shown.text
        assert [await discord.file(one["url"]) for one in shown.files] == [PNG + b"loss"]
        await bot.edit(posted.message, card)


async def test_many_changes_of_one_message_stay_within_discords_budget(
    bot: DiscordPlatform, discord: Discord, place: Place
) -> None:
    """The library waits before it would be refused: not one request is answered with 429."""
    posted = await bot.post(place, question(), "round:1")
    for number in range(7):
        await bot.edit(posted.message, Card(f"Change {number}"))
    assert [line for line in await discord.requests() if line["status"] == 429] == []


@pytest.mark.parametrize("right", ["VIEW_CHANNEL", "SEND_MESSAGES"])
async def test_where_the_bot_may_not_write_it_is_lost(
    bot: DiscordPlatform, guild: Guild, place: Place, discord: Discord, right: str
) -> None:
    await guild.overwrite("general", discord.bot, deny=(right,))
    with pytest.raises(Lost):
        await bot.post(place, question(), "round:1")


async def test_a_bot_that_was_kicked_is_lost_and_lives_on(
    bot: DiscordPlatform, discord: Discord, guild: Guild, place: Place
) -> None:
    posted = await bot.post(place, question(), "round:1")
    await guild.kick_bot()
    with pytest.raises(Lost):
        await bot.edit(posted.message, question())
    other = await discord.guild("Another group")
    eve = await other.join("Eve")
    assert not (await eve.slash("help")).failed


@pytest.mark.usefixtures("guild")
async def test_who_owns_the_server_is_told_in_private(
    bot: DiscordPlatform, discord: Discord, place: Place
) -> None:
    await bot.warn(place, Card("I was shut out"))
    sent = await discord.requests("POST", "/channels/{channel_id}/messages")
    assert [line["status"] for line in sent] == [200]


async def private(talk: Talk, ada: Member) -> list[Posted]:
    posted = []

    async def whispered(_: Event, reply: Reply) -> None:
        posted.append(await reply.whisper(Card("For you alone")))

    talk.answers["practice"] = whispered
    await ada.slash("practice")
    await talk.hears(Command)
    return posted


@pytest.mark.usefixtures("guild")
async def test_a_private_card_can_be_changed_even_after_a_restart(
    discord: Discord, talk: Talk, ada: Member
) -> None:
    async with served(discord, talk):
        (posted,) = await private(talk, ada)
    async with served(discord, Talk()) as again:
        await again.edit(posted.message, Card("Time is up"))
    assert (await ada.finds("Time is up")).private
    assert len(await ada.sees()) == 1


async def test_after_15_minutes_a_private_card_stays_as_it_is_and_nothing_fails(
    bot: DiscordPlatform, discord: Discord, talk: Talk, ada: Member
) -> None:
    (posted,) = await private(talk, ada)
    await discord.advance(15 * 60 + 1)
    await bot.edit(posted.message, Card("Time is up"))
    assert "For you alone" in (await ada.sees())[-1].text


async def test_a_card_that_was_turned_is_changed_by_its_newest_press(
    bot: DiscordPlatform, discord: Discord, talk: Talk, ada: Member
) -> None:
    """Each press gives 15 minutes more."""
    turned: list[Posted] = []

    async def keeping(_: Event, reply: Reply) -> None:
        turned.append(await reply.replace(Card(f"Turn {len(turned)}", (), question().buttons)))

    talk.answers["practice"] = turning
    talk.answers["again"] = talk.answers["answer"] = keeping
    await ada.slash("practice")
    await discord.advance(14 * 60)
    await ada.click("Again")
    await discord.advance(14 * 60)
    await bot.edit(turned[-1].message, Card("Time is up"))
    assert [seen.text for seen in await ada.sees()] == ["### Time is up"]


async def test_where_the_bot_is_a_guest_its_card_is_changed_by_the_token(
    bot: DiscordPlatform, discord: Discord, talk: Talk
) -> None:
    posted = []

    async def shown(_: Event, reply: Reply) -> None:
        posted.append(await reply.show(question()))

    talk.answers["challenge"] = shown
    elsewhere = await discord.guild("Where the bot is not")
    await elsewhere.kick_bot()
    eve = await discord.person("Eve", installed=True)
    await discord.do("join", guild=elsewhere.id, user=eve.id, permissions=[])
    eve.channel = elsewhere.channels["general"]
    await eve.slash("challenge")
    await talk.hears(Command)
    await bot.edit(posted[0].message, Card("Over"))
    assert (await eve.finds("Over")).edits == 1
