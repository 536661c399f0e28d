"""Answers by reaction: seen once, taken away, told in private, and found after an absence."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.card import Card
from bot.chat.discord.platform import DiscordPlatform
from bot.chat.platform_interface import Event, Reaction, Reply
from bot.identity import MessageRef, Place
from tests.chat.discord.scene import Talk, question, served
from tests.chat.memory_storage import MemoryStorage
from tests.fakes.discord.guild import Discord, Guild, Member
from tests.fakes.discord.screen import Seen

LETTERS = ("🇦", "🇧")
LATER = datetime.now(UTC) + timedelta(hours=1)


class Judging(Talk):
    """Answers every letter."""

    async def hear(self, event: Event, reply: Reply) -> None:
        if isinstance(event, Reaction) and event.emoji in LETTERS:
            await reply.whisper(Card(f"You said {event.emoji}"))
        await super().hear(event, reply)


@pytest.fixture
async def talk() -> Talk:
    return Judging()


@pytest.fixture
def place(guild: Guild) -> Place:
    return Place("discord", guild.id, guild.channels["general"])


def complete(seen: Seen) -> bool:
    return all(letter in seen.reactions for letter in LETTERS)


async def asked(bot: DiscordPlatform, place: Place, ada: Member) -> Seen:
    await bot.post(place, question(reactions=LETTERS), "round:1")
    return await ada.finds("Question 1", complete)


async def letters(member: Member) -> list[str]:
    return [seen.text.removeprefix("### ") for seen in await (await member.in_dm()).sees()]


async def allow(guild: Guild, discord: Discord, *rights: str) -> None:
    await guild.overwrite("general", discord.bot, allow=rights)


async def test_the_letters_are_put_under_the_card(
    bot: DiscordPlatform, place: Place, ada: Member
) -> None:
    shown = await asked(bot, place, ada)
    assert list(shown.reactions) == list(LETTERS)


async def test_a_reaction_is_heard_taken_away_and_answered_in_private(
    bot: DiscordPlatform, discord: Discord, guild: Guild, place: Place, talk: Talk, ada: Member
) -> None:
    await allow(guild, discord, "MANAGE_MESSAGES")
    shown = await asked(bot, place, ada)
    await ada.react("🇧", shown)
    (heard,) = await talk.hears(Reaction)
    assert (heard.emoji, heard.person.name, heard.message.id, heard.added) == (
        "🇧",
        "Ada",
        shown.id,
        True,
    )
    assert (await ada.finds("Question 1")).reactions["🇧"] == (
        await ada.finds("Question 1")
    ).reactions["🇦"]
    assert await letters(ada) == ["You said 🇧"]


async def test_where_the_bot_may_not_tidy_the_reaction_stays_and_is_answered_all_the_same(
    bot: DiscordPlatform,
    discord: Discord,
    guild: Guild,
    place: Place,
    talk: Talk,
    ada: Member,
    bob: Member,
) -> None:
    """It is tried once, not for every member."""
    await guild.overwrite("general", discord.bot, deny=("MANAGE_MESSAGES",))
    shown = await asked(bot, place, ada)
    for number, member in enumerate((ada, bob), 1):
        await member.react("🇧", shown)
        await talk.hears(Reaction, number)
    assert len((await ada.finds("Question 1")).reactions["🇧"]) == 3
    assert await letters(bob) == ["You said 🇧"]
    assert (
        len(
            [
                line
                for line in await discord.requests("DELETE", "reactions")
                if line["status"] == 403
            ]
        )
        == 1
    )


async def test_who_takes_no_direct_messages_is_counted_in_silence(
    bot: DiscordPlatform, place: Place, talk: Talk, ada: Member
) -> None:
    shown = await asked(bot, place, ada)
    await ada.take_dms(takes=False)
    await ada.react("🇧", shown)
    assert len(await talk.hears(Reaction)) == 1


@pytest.mark.usefixtures("guild")
async def test_the_same_reaction_is_the_same_act_and_is_told_once(
    bot: DiscordPlatform, discord: Discord, place: Place, talk: Talk, ada: Member
) -> None:
    shown = await asked(bot, place, ada)
    await discord.twice()
    await ada.react("🇧", shown)
    first, second = await talk.hears(Reaction, 2)
    assert first.id == second.id
    assert await letters(ada) == ["You said 🇧"]


async def test_reactions_under_what_people_wrote_are_nobodys_business(
    bot: DiscordPlatform, place: Place, talk: Talk, ada: Member, bob: Member
) -> None:
    await ada.writes("Lunch?")
    await bob.react("🇦", "Lunch?")
    await bob.react("🇦", await asked(bot, place, ada))
    (heard,) = await talk.hears(Reaction)
    assert heard.message.id == (await ada.finds("Question 1")).id


async def test_colours_of_skin_and_a_servers_own_emoji_are_read_plainly(
    bot: DiscordPlatform, guild: Guild, place: Place, talk: Talk, ada: Member
) -> None:
    shown = await asked(bot, place, ada)
    own = await guild.emoji("gate")
    for emoji in ("👍🏽", "☝️", own):
        await ada.react(emoji, shown)
    assert [heard.emoji for heard in await talk.hears(Reaction, 3)] == ["👍", "☝", own]


async def test_what_was_reacted_while_the_bot_was_away_is_settled_from_the_message(
    discord: Discord, guild: Guild, place: Place, talk: Talk, ada: Member, bob: Member
) -> None:
    """Who took theirs back meanwhile did not answer; who answered before is not told again."""
    cy, storage = await guild.join("Cy"), MemoryStorage()
    await guild.overwrite("general", discord.bot, deny=("MANAGE_MESSAGES",))
    async with served(discord, talk, storage=storage) as bot:
        shown = await asked(bot, place, ada)
        await ada.react("🇦", shown)
        await talk.hears(Reaction)
    await bob.react("🇧", shown)
    await cy.react("🇧", shown)
    await cy.unreact("🇧", shown)
    again = Judging()
    async with served(discord, again, storage=storage) as bot:
        await bot.read_missed_reactions(talk.of(Reaction)[0].message, LETTERS, LATER)
    assert [(heard.person.name, heard.emoji) for heard in again.of(Reaction)] == [
        ("Ada", "🇦"),
        ("Bob", "🇧"),
    ]
    assert again.of(Reaction)[0].id == talk.of(Reaction)[0].id
    assert (await letters(ada), await letters(bob), await letters(cy)) == (
        ["You said 🇦"],
        ["You said 🇧"],
        [],
    )


async def test_what_is_settled_late_counts_as_of_the_end(
    bot: DiscordPlatform, place: Place, talk: Talk, ada: Member, discord: Discord
) -> None:
    shown = await asked(bot, place, ada)
    await discord.hold()
    await ada.react("🇦", shown)
    end = datetime.now(UTC) - timedelta(minutes=5)
    await bot.read_missed_reactions(MessageRef(place, shown.id), LETTERS, end)
    assert talk.of(Reaction)[0].at == end


async def test_letters_that_a_crash_kept_from_the_card_are_put_there_when_it_is_settled(
    bot: DiscordPlatform, place: Place, ada: Member
) -> None:
    posted = await bot.post(place, question(), "round:1")
    await bot.read_missed_reactions(posted.message, LETTERS, LATER)
    await ada.finds("Question 1", complete)
