"""What people do on Slack, as the conversation hears it; and what they see of its answers."""

import asyncio
from typing import Any

import pytest

from bot.chat.card import Button, Card, Choice, Text
from bot.chat.platform_interface import Command, Event, Leaving, Press, Reaction, Reply, Visit
from bot.chat.slack.platform import SlackPlatform
from bot.identity import Place
from tests.chat.discord.scene import Talk, question, showing, turning
from tests.fakes.slack.workspace import Member, Slack, Workspace

pytestmark = pytest.mark.usefixtures("bot")


async def test_a_command_is_heard_with_its_words_and_answered_in_private(
    ada: Member, bob: Member, talk: Talk, home: Workspace
) -> None:
    act = await ada.slash("/quiz", "challenge pack-3 level:expert")
    assert act.acknowledged
    (command,) = await talk.hears(Command)
    assert (command.name, command.args) == ("challenge", {"pack": "pack-3", "level": "expert"})
    assert command.place == Place("slack", home.id, home.channels["general"])
    assert command.person.id.startswith(f"{home.id}/")
    assert (await ada.finds("challenge")).private
    assert await bob.sees() == []


async def test_what_is_not_understood_is_answered_with_what_is_possible(
    ada: Member, talk: Talk
) -> None:
    await ada.slash("/quiz", "chalenge")
    seen = await ada.finds("There is no command")
    assert "/quiz challenge" in seen.text
    assert talk.of(Command) == []


async def test_nothing_after_the_command_asks_for_help(ada: Member, talk: Talk) -> None:
    await ada.slash("/quiz")
    assert [each.name for each in await talk.hears(Command)] == ["help"]


async def test_a_public_answer_stands_for_all_and_its_buttons_are_heard(
    ada: Member, bob: Member, talk: Talk
) -> None:
    talk.answers["challenge"] = showing
    await ada.slash("/quiz", "challenge")
    seen = await bob.finds("Question 1")
    assert not seen.private
    act = await bob.click("A", on=seen)
    assert act.acknowledged
    (press,) = await talk.hears(Press)
    assert (press.action, press.message.id) == ("answer:1:A", seen.ts)
    assert (await bob.finds("answer:1:A")).private
    assert len(await ada.sees()) == 1


async def test_a_card_that_will_change_is_a_direct_message_and_is_turned(
    ada: Member, talk: Talk
) -> None:
    async def door(_: Event, reply: Reply) -> None:
        await reply.whisper(Card("The door", (), (Button("Start", "start:1"),)))

    talk.answers |= {"pack": door, "start": turning}
    await ada.slash("/quiz", "pack pack-1")
    await ada.finds("I wrote to you directly")
    letters = await ada.in_dm()
    first = await letters.finds("The door")
    await letters.click("Start", on=first)
    turned = await letters.finds("Turned")
    assert turned.id == first.id
    assert len(await letters.sees()) == 1


async def test_a_private_card_is_turned_in_its_place(ada: Member, talk: Talk) -> None:
    async def board(_: Event, reply: Reply) -> None:
        await reply.whisper(Card("Board", (), (Button("Month", "board:month"),)))

    talk.answers["board"] = board
    await ada.slash("/quiz", "board")
    first = await ada.finds("Board")
    talk.answers["board"] = turning
    await ada.click("Month", on=first)
    await ada.finds("Turned")
    assert len(await ada.sees()) == 1


async def test_an_answer_is_typed_into_a_form(ada: Member, talk: Talk) -> None:
    talk.answers["challenge"] = showing
    await ada.slash("/quiz", "challenge")
    await ada.click("Your answer", on="Question 1")
    await ada.modal("Your answer")
    await ada.submit("3.14")
    (press,) = await talk.hears(Press)
    assert (press.action, press.values) == ("type:1", ("3.14",))
    assert (await ada.finds("type:1 3.14")).private


async def test_boxes_are_sent_with_the_button_beside_them(ada: Member, talk: Talk) -> None:
    async def ask(_: Event, reply: Reply) -> None:
        await reply.show(
            Card("Which?", (Choice("All that apply", "tick:4", (("A", "A: a"), ("B", "B: b"))),))
        )

    talk.answers["challenge"] = ask
    await ada.slash("/quiz", "challenge")
    await ada.choose("A", "B", on="Which?")
    await ada.click("Send", on="Which?")
    (press,) = await talk.hears(Press)
    assert (press.action, press.values) == ("tick:4", ("A", "B"))


async def test_code_without_code_asks_for_it_in_a_form(ada: Member, talk: Talk) -> None:
    await ada.slash("/run")
    await ada.modal("Run PyTorch")
    await ada.submit(code="print(1 < 2)\nprint(3)", device="gpu")
    (command,) = await talk.hears(Command)
    assert (command.name, command.args) == (
        "run",
        {"code": "print(1 < 2)\nprint(3)", "device": "gpu"},
    )


async def test_code_after_the_command_arrives_as_it_was_typed(ada: Member, talk: Talk) -> None:
    await ada.slash("/run", "```\nif 1 &lt; 2 &amp; 3:\n    print('&lt;x&gt;')\n```")
    (command,) = await talk.hears(Command)
    assert command.args["code"] == "if 1 < 2 & 3:\n    print('<x>')"


async def test_code_in_a_message_runs_from_its_menu(ada: Member, bob: Member, talk: Talk) -> None:
    message = await bob.writes("look:\n```print(1 < 2)```")
    await ada.menu("run_message", on="look")
    (press,) = await talk.hears(Press)
    assert (press.action, press.values) == ("run", ("print(1 < 2)",))
    assert press.message
    assert message.endswith(press.message.id), "so that it can be taken away with its message"


async def test_a_question_is_reported_from_its_menu(ada: Member, talk: Talk) -> None:
    talk.answers["challenge"] = showing
    await ada.slash("/quiz", "challenge")
    await ada.menu("report_question", on="Question 1")
    (press,) = await talk.hears(Press)
    assert press.action == "report:1"


async def test_a_mention_is_one_command(ada: Member, talk: Talk, home: Workspace) -> None:
    await ada.writes(f"<@{home.bot}> challenge pack-2")
    (command,) = await talk.hears(Command)
    assert (command.name, command.args) == ("challenge", {"pack": "pack-2"})
    await ada.finds("challenge")


async def test_words_in_a_direct_message_are_a_command(ada: Member, talk: Talk) -> None:
    letters = await ada.in_dm()
    await letters.writes("me")
    assert [each.name for each in await talk.hears(Command)] == ["me"]
    await letters.finds("Heard")


async def test_a_letter_put_under_a_card_is_one_reaction_whatever_its_colour(
    bot: SlackPlatform, ada: Member, talk: Talk, home: Workspace
) -> None:
    place = Place("slack", home.id, home.channels["general"])
    posted = await bot.post(place, question(reactions=("🇦", "🇧")), "round:1")
    seen = await ada.finds("Question 1")
    await ada.react("two", on=seen)
    (reaction,) = await talk.hears(Reaction)
    assert (reaction.emoji, reaction.message.id, reaction.person.id.partition("/")[0]) == (
        "🇧",
        posted.message.id,
        home.id,
    )


async def test_reactions_that_were_missed_are_read_from_the_message(
    bot: SlackPlatform, ada: Member, talk: Talk, home: Workspace, slack: Slack
) -> None:
    place = Place("slack", home.id, home.channels["general"])
    posted = await bot.post(place, question(reactions=("🇦", "🇧")), "round:1")
    await slack.hold()
    await ada.react("a", on="Question 1")
    await bot.read_missed_reactions(posted.message, ("🇦", "🇧"), posted.at)
    (reaction,) = talk.of(Reaction)
    await slack.release()
    again = await talk.hears(Reaction, 2)
    assert again[0].id == again[1].id == reaction.id


async def test_a_home_is_shown_and_renewed_when_something_changes(ada: Member, talk: Talk) -> None:
    visits = 0

    async def visit(event: Visit, reply: Reply) -> None:
        nonlocal visits
        visits += 1
        button = Button("Practise", "practice")
        await reply.show(
            Card("Home", (Text((f"visit {visits} of {event.person.id}",)),), (button,))
        )

    talk.visited = visit
    await ada.opens_home()
    sheet = await ada.home("visit 1")
    await ada.click("Practise", on=sheet)
    (press,) = await talk.hears(Press)
    assert press.action == "practice"
    assert press.place.channel.startswith("D")
    await (await ada.in_dm()).finds("practice")
    await ada.home("visit 2")


async def test_whoever_is_deactivated_leaves_the_community(
    ada: Member, talk: Talk, home: Workspace
) -> None:
    await ada.deactivate()
    (leaving,) = await talk.hears(Leaving)
    assert leaving.place.community == home.id


async def test_only_whom_slack_vouches_for_is_an_admin(
    ada: Member, eve: Member, talk: Talk
) -> None:
    await ada.slash("/quiz", "settings speed:off")
    await eve.slash("/quiz", "settings speed:off")
    assert [each.person.admin for each in await talk.hears(Command, 2)] == [False, True]


async def test_an_admin_names_another_by_a_mention(ada: Member, eve: Member, talk: Talk) -> None:
    await eve.slash("/quiz", f"settings admins:<@{ada.id}|ada>")
    (command,) = await talk.hears(Command)
    assert command.args["admins"] == f"{ada.id} @Ada"
    assert ada.id in (await _person(ada, talk)).groups


async def _person(member: Member, talk: Talk, number: int = 2) -> Any:
    await member.slash("/quiz", "me")
    return (await talk.hears(Command, number))[-1].person


async def test_a_member_whose_day_is_repaired_is_pointed_at(
    ada: Member, eve: Member, talk: Talk
) -> None:
    """In words or in a form, it is the person; what a name looks like does not matter."""
    await eve.slash("/quiz", f"repair <@{ada.id}|ada> day:2026-03-02 the train")
    await eve.slash("/quiz", "repair")
    await eve.modal("whose streak")
    await eve.submit(member=ada.id, day="2026-03-02", reason="the train")
    wanted = {
        "member": (await _person(ada, talk, 3)).id,
        "day": "2026-03-02",
        "reason": "the train",
    }
    assert [command.args for command in talk.of(Command)[:2]] == [wanted, wanted]


async def test_a_form_that_needs_its_words_is_no_secret_from_who_may_not_use_it(
    ada: Member, talk: Talk
) -> None:
    await ada.slash("/quiz", "repair")
    (command,) = await talk.hears(Command)
    assert not command.person.admin, "they are told so by the conversation"


async def test_a_schedule_is_made_in_a_form(eve: Member, talk: Talk) -> None:
    await eve.slash("/quiz", "schedule")
    sheet = await eve.modal("the time of day")
    await eve.submit(
        on=sheet, action="add", at="09:00", days="mon-fri", zone="Asia/Tokyo", open="12h"
    )
    wanted = {
        "action": "add",
        "at": "09:00",
        "days": "mon-fri",
        "zone": "Asia/Tokyo",
        "open": "12h",
    }
    assert (await talk.hears(Command, 2))[-1].args == wanted


async def test_settings_are_a_form_for_admins(eve: Member, talk: Talk) -> None:
    await eve.slash("/quiz", "settings")
    await eve.modal("points for quick answers")
    await eve.submit(speed="off")
    assert (await talk.hears(Command, 2))[-1].args == {"speed": "off"}


async def test_the_answer_to_something_slow_is_promised_and_comes(ada: Member, talk: Talk) -> None:
    go = asyncio.Event()

    async def slow(_: Event, reply: Reply) -> None:
        await go.wait()
        await reply.whisper(Card("At last"))

    talk.answers["me"] = slow
    act = await ada.slash("/quiz", "me")
    assert act.acknowledged
    go.set()
    await ada.finds("At last")


async def test_what_fails_in_the_conversation_is_acknowledged_all_the_same(
    ada: Member, talk: Talk
) -> None:
    async def fail(_: Event, __: Reply) -> None:
        raise OSError("the network is gone")

    talk.answers["me"] = fail
    act = await ada.slash("/quiz", "me")
    assert act.acknowledged
