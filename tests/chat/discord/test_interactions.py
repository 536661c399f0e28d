"""A click is acknowledged by its one callback, in time, whatever happens on the way."""

import asyncio
from dataclasses import replace

import pytest

from bot.chat.card import Card, Text
from bot.chat.discord.platform import DiscordPlatform
from bot.chat.platform_interface import Command, Event, Press, Reply
from tests.chat.discord.scene import (
    QUICK,
    Talk,
    question,
    served,
    showing,
    turning,
    whispering,
)
from tests.chat.memory_storage import MemoryStorage
from tests.fakes.discord.guild import Discord, Guild, Member

CALLBACK = "POST /interactions/.*/callback"
PUBLIC, THINKING, QUIETLY, CHANGED, FORM = 4, 5, 6, 7, 9


async def callbacks(discord: Discord) -> int:
    return len(await discord.requests("POST", "/interactions/"))


async def follow_ups(discord: Discord) -> int:
    return len(await discord.requests(route="/webhooks/"))


@pytest.fixture
async def shown(bot: DiscordPlatform, talk: Talk, ada: Member) -> None:  # noqa: ARG001 (it runs)
    talk.answers["challenge"] = showing
    await ada.slash("challenge")


@pytest.mark.usefixtures("shown")
async def test_a_click_is_answered_by_one_request(
    discord: Discord, ada: Member, bob: Member
) -> None:
    act = await bob.click("A", "Question 1")
    assert act.answer == PUBLIC
    assert (await callbacks(discord), await follow_ups(discord)) == (2, 0)
    heard = await bob.finds("answer:1:A")
    assert heard.private
    assert "answer:1:A" not in "".join(seen.text for seen in await ada.sees())


@pytest.mark.usefixtures("shown")
async def test_a_private_card_is_replaced_where_it_stands(
    discord: Discord, talk: Talk, bob: Member
) -> None:
    talk.answers["answer"] = talk.answers["again"] = turning
    assert (await bob.click("A", "Question 1")).answer == PUBLIC
    assert (await bob.click("Again")).answer == CHANGED
    assert len([seen for seen in await bob.sees() if seen.private]) == 1
    assert await follow_ups(discord) == 0


@pytest.mark.usefixtures("bot")
async def test_a_second_word_is_a_follow_up_and_a_second_show_is_an_edit(
    discord: Discord, talk: Talk, ada: Member
) -> None:
    async def talkative(_: Event, reply: Reply) -> None:
        first = await reply.show(question(1))
        assert await reply.show(question(2)) == first
        await reply.whisper(Card("And this", ()))

    talk.answers["challenge"] = talkative
    await ada.slash("challenge")
    assert (await ada.finds("And this")).private
    assert (await ada.finds("Question 2")).edits == 1
    assert await callbacks(discord) == 1


@pytest.mark.usefixtures("bot")
async def test_a_slow_answer_is_announced_in_time_and_comes_where_it_belongs(
    talk: Talk, ada: Member, bob: Member
) -> None:
    """To one person, everyone, in place of a private card: each is acknowledged in its own way."""
    go = asyncio.Event()

    def later(answer: object) -> object:
        async def slow(event: Press | Command, reply: Reply) -> None:
            await go.wait()
            await answer(event, reply)  # type: ignore[operator]

        return slow

    talk.answers |= {
        "help": turning,
        "challenge": later(showing),  # type: ignore[dict-item]
        "again": later(turning),  # type: ignore[dict-item]
        "board": later(whispering),  # type: ignore[dict-item]
    }
    await ada.slash("help")
    card = await ada.finds("Turned")
    acts = asyncio.gather(ada.slash("challenge"), ada.click("Again", card), bob.slash("board"))
    public, quiet, private = await acts
    assert (public.answer, quiet.answer, private.answer) == (THINKING, QUIETLY, THINKING)
    assert all(act.after is not None and act.after < 3 for act in (public, quiet, private))
    go.set()
    assert not (await bob.finds("Question 1")).private
    assert (await bob.finds("board")).private
    assert (await ada.finds("again")).id == card.id
    assert not [seen for seen in await ada.sees() + await bob.sees() if seen.thinking]


@pytest.mark.usefixtures("bot")
async def test_a_slow_answer_may_turn_out_for_another_audience(
    talk: Talk, ada: Member, bob: Member
) -> None:
    """What was announced to all is refused in private.

    What was announced in private is shown to all.
    """
    go = asyncio.Event()

    async def refusing(event: Command, reply: Reply) -> None:
        await go.wait()
        await whispering(event, reply)

    async def generous(event: Command, reply: Reply) -> None:
        await go.wait()
        await showing(event, reply)

    talk.answers |= {"challenge": refusing, "board": generous}
    await asyncio.gather(ada.slash("challenge"), ada.slash("board"))
    go.set()
    assert (await ada.finds("challenge")).private
    assert not (await ada.finds("Question 1")).private
    assert not [seen for seen in await bob.sees() if "challenge" in seen.text or seen.thinking]


@pytest.mark.usefixtures("bot", "shown")
async def test_what_says_nothing_leaves_no_click_spinning(talk: Talk, bob: Member) -> None:
    async def silent(_: Press, __: Reply) -> None:
        """Nothing to say."""

    talk.answers["answer"] = silent
    assert (await bob.click("A", "Question 1")).answer == QUIETLY


@pytest.mark.parametrize("fault", ["failed", "lost", "cut", "cut-after", "garbled", "limited"])
@pytest.mark.usefixtures("shown")
async def test_an_answer_that_fails_on_its_way_arrives_once(
    discord: Discord, bob: Member, fault: str
) -> None:
    """A lost answer is asked for again; that Discord has it already is as good as taken."""
    await discord.fault(fault, CALLBACK)
    act = await bob.click("A", "Question 1")
    assert act.answer == PUBLIC
    assert len([seen for seen in await bob.sees() if "answer:1:A" in seen.text]) == 1


@pytest.mark.usefixtures("bot")
async def test_a_show_whose_answer_was_lost_still_knows_its_message(
    discord: Discord, talk: Talk, ada: Member
) -> None:
    posted = []

    async def shown(_: Event, reply: Reply) -> None:
        posted.append(await reply.show(question()))

    talk.answers["challenge"] = shown
    await discord.fault("lost", CALLBACK)
    await ada.slash("challenge")
    await talk.hears(Command)
    assert posted[0].message.id == (await ada.finds("Question 1")).id
    assert await follow_ups(discord) == 1


@pytest.mark.usefixtures("shown")
async def test_an_event_that_comes_twice_is_answered_once(
    discord: Discord, talk: Talk, bob: Member
) -> None:
    await discord.twice()
    await bob.click("A", "Question 1")
    first, second = await talk.hears(Press, 2)
    assert first.id == second.id
    assert len([seen for seen in await bob.sees() if "answer:1:A" in seen.text]) == 1
    assert await follow_ups(discord) == 0


@pytest.mark.usefixtures("bot")
async def test_of_two_processes_one_answers_and_the_other_knows_the_message_too(
    discord: Discord, talk: Talk, ada: Member
) -> None:
    posted = []

    async def shown(_: Event, reply: Reply) -> None:
        posted.append(await reply.show(question()))
        await reply.whisper(Card("By the way", ()))

    other = Talk()
    talk.answers["challenge"] = other.answers["challenge"] = shown
    async with served(discord, other):
        await discord.online(2)
        await ada.slash("challenge")
        await talk.hears(Command)
        await other.hears(Command)
        seen = [seen.text for seen in await ada.sees()]
    assert posted[0].message == posted[1].message
    assert sum("Question 1" in text for text in seen) == 1
    assert sum("By the way" in text for text in seen) == 1


@pytest.mark.usefixtures("bot")
async def test_a_click_that_came_too_late_is_answered_kindly_elsewhere(
    discord: Discord, talk: Talk, ada: Member
) -> None:
    """What was for everyone is posted, what was for one goes to them directly.

    Nothing is tried in a circle.
    """

    async def dawdling(event: Command, reply: Reply) -> None:
        await discord.advance(4)
        await (showing if event.name == "challenge" else whispering)(event, reply)

    talk.answers |= {"challenge": dawdling, "help": dawdling}
    assert (await ada.slash("challenge")).failed
    await talk.hears(Command)
    assert not (await ada.finds("Question 1")).private
    assert (await ada.slash("help")).failed
    assert "help" in (await (await ada.in_dm()).finds("Heard")).text
    assert await callbacks(discord) == 2


@pytest.mark.usefixtures("guild")
async def test_forms_have_names_of_their_own_and_are_heard_by_whoever_runs_then(
    discord: Discord, talk: Talk, ada: Member, bob: Member
) -> None:
    """Two people open the same form, the bot is started again, and both send what they wrote."""
    talk.answers["challenge"] = showing
    async with served(discord, talk):
        await ada.slash("challenge")
        forms = [await one.click("Your answer", "Question 1") for one in (ada, bob)]
    assert [form.answer for form in forms] == [FORM, FORM]
    assert forms[0].modal != forms[1].modal
    assert forms[0].modal is not None
    assert forms[0].modal["title"] == "Your answer"
    again = Talk()
    async with served(discord, again):
        assert (await ada.submit(forms[0], "3.14")).answer == PUBLIC
        assert (await bob.submit(forms[1], "42")).answer == PUBLIC
    assert [(press.action, press.values) for press in again.of(Press)] == [
        ("type:1", ("3.14",)),
        ("type:1", ("42",)),
    ]


@pytest.mark.usefixtures("shown")
async def test_a_custom_id_that_nobody_knows_is_heard_like_any_other(
    bob: Member, talk: Talk
) -> None:
    assert (await bob.forge("old:button", on="Question 1")).answer == PUBLIC
    assert (await talk.hears(Press))[0].action == "old:button"


@pytest.mark.usefixtures("shown")
async def test_the_menu_on_a_message_reports_its_question(bob: Member, talk: Talk) -> None:
    await bob.menu("Report question", "Question 1")
    await bob.writes("Just talking")
    await bob.menu("Report question", "Just talking")
    assert [press.action for press in await talk.hears(Press, 2)] == ["report:1", "report:"]


@pytest.mark.usefixtures("bot")
async def test_completion_offers_beginnings_first_and_25_at_most(ada: Member) -> None:
    names = [choice["name"] for choice in await ada.complete("pack", "pack", "2")]
    assert "pack-2" in names
    assert len(await ada.complete("challenge", "pack", "")) == 25
    assert [choice["value"] for choice in await ada.complete("me", "zone", "tok")] == ["Asia/Tokyo"]


@pytest.mark.usefixtures("bot")
async def test_who_a_person_is_and_where_is_read_from_the_click(
    discord: Discord, guild: Guild, talk: Talk, ada: Member
) -> None:
    olive = await guild.join("Olive", "MANAGE_GUILD")
    role = await guild.role("Teachers", ada)
    for member in (ada, olive):
        await member.slash("help")
    mine, admins = await talk.hears(Command, 2)
    assert (mine.person.name, mine.person.admin, role in mine.person.groups) == ("Ada", False, True)
    assert admins.person.admin
    assert (mine.place.community, mine.place.channel) == (guild.id, guild.channels["general"])
    assert abs(mine.at.timestamp() - await discord.now()) < 5


@pytest.mark.usefixtures("bot")
async def test_a_role_is_chosen_with_its_name(guild: Guild, talk: Talk, ada: Member) -> None:
    olive = await guild.join("Olive", "MANAGE_GUILD")
    role = await guild.role("Teachers", ada)
    await olive.slash("settings", admins=role)
    assert (await talk.hears(Command))[0].args == {"admins": f"{role} Teachers"}


@pytest.mark.usefixtures("bot")
async def test_whoever_installed_the_bot_for_themselves_uses_it_in_private(
    discord: Discord, talk: Talk
) -> None:
    eve = await discord.person("Eve", installed=True)
    assert (await eve.slash("practice")).answer == PUBLIC
    assert (await talk.hears(Command))[0].place.community == f"dm:{eve.channel}"


@pytest.mark.usefixtures("bot")
async def test_nobody_is_called_by_what_people_write(talk: Talk, ada: Member, bob: Member) -> None:
    async def calling(_: Event, reply: Reply) -> None:
        await reply.show(Card(f"@everyone <@{bob.id}>", (Text((f"@here <@{bob.id}>",)),)))

    talk.answers["challenge"] = calling
    await ada.slash("challenge")
    assert (await bob.finds("everyone")).pings == ()


async def test_what_was_only_acknowledged_before_a_crash_is_answered_after_it(
    discord: Discord, talk: Talk, ada: Member
) -> None:
    """The bot dies between saying that it is at work and saying what came of it."""

    async def never(_: Event, __: Reply) -> None:
        await asyncio.Event().wait()

    storage, again = MemoryStorage(), Talk()
    talk.answers |= {"help": never}
    async with served(discord, talk, storage=storage, timeouts=replace(QUICK, acknowledge=0.0)):
        act = await ada.slash("help")
    assert act.answer == THINKING
    async with served(discord, again, storage=storage):
        assert "help" in (await ada.finds("Heard")).text
    assert [event.id for event in again.of(Command)] == [act.id]
    assert not [seen for seen in await ada.sees() if seen.thinking]
    assert not [name for name in storage.values if name.startswith("promised")]


@pytest.mark.usefixtures("shown")
async def test_an_answer_refused_by_what_stands_before_discord_is_not_tried_in_a_circle(
    discord: Discord, bob: Member
) -> None:
    await discord.fault("banned", CALLBACK, times=9)
    before = len(await discord.requests("POST", "/interactions/"))
    act = await bob.click("A", "Question 1", wait=False)
    async with asyncio.timeout(5):
        while len(await discord.requests("POST", "/interactions/")) == before:
            pass
    await discord.advance(4)
    assert (await discord.outcome(act)).failed
    assert len(await discord.requests("POST", "/interactions/")) <= before + 2
