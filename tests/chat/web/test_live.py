"""The live connection: who sees what, and that nothing is lost or doubled."""

import asyncio
import time
from pathlib import Path

from bot.chat.card import Card, Text
from bot.chat.platform_interface import Command, Event, Press, Reaction, Reply
from bot.identity import MessageRef, Place
from tests.chat.web.conftest import Invite
from tests.chat.web.group import Group, Guest, gathering

SAME = "the-same-act-sent-twice"


async def test_what_one_says_everyone_sees(invite: Invite) -> None:
    mira, jonas = await (await invite("Mira")).open(), await (await invite("Jonas")).open()
    await mira.say("hello `x`")
    seen = await jonas.until("hello")
    assert (seen["author"], seen["mine"], seen["private"]) == ("Mira", False, False)
    assert "<code>x</code>" in seen["html"]


async def test_a_whisper_reaches_every_page_of_its_person_and_nobody_else(invite: Invite) -> None:
    mira, jonas = await invite("Mira"), await invite("Jonas")
    first, second, other = await mira.open(), await mira.open(), await jonas.open()
    await first.say("/help")
    assert (await second.until("About help"))["private"]
    await first.say("the end")
    await other.until("the end")
    assert other.texts == ["the end"]
    assert (await jonas.open()).texts == ["the end"]


async def test_a_command_is_echoed_to_its_person_before_its_answer(invite: Invite) -> None:
    mira = await (await invite("Mira")).open()
    await mira.say("/help")
    assert mira.texts == ["/help", "About help"]


async def test_a_command_arrives_with_its_arguments_and_its_place(
    group: Group, invite: Invite
) -> None:
    mira = await (await invite("Mira")).open()
    await mira.say("/challenge EXPERT pack:gates", channel="rnn")
    heard = group.heard[0]
    assert isinstance(heard, Command)
    assert (heard.name, heard.args) == ("challenge", {"level": "expert", "pack": "gates"})
    assert (heard.place, heard.person.name, heard.person.admin) == (
        Place("web", "web", "rnn"),
        "Mira",
        False,
    )


async def test_a_mistyped_command_is_explained_to_its_person_alone(
    group: Group, invite: Invite
) -> None:
    mira = await (await invite("Mira")).open()
    await mira.say("/chalenge")
    assert (await mira.until("Did you mean /challenge?"))["private"]
    assert group.heard == []


async def test_a_press_brings_its_values_and_its_message(group: Group, invite: Invite) -> None:
    mira = await (await invite("Mira")).open()
    await mira.say("/challenge")
    card = await mira.until("A question for all")
    await mira.press(card, "tick:1", values=["a", "c"])
    heard = group.heard[-1]
    assert isinstance(heard, Press)
    assert heard.message is not None
    assert (heard.action, heard.values, heard.message.id) == ("tick:1", ("a", "c"), str(card["id"]))
    await mira.until("You pressed tick:1")


async def test_a_turned_card_stays_the_same_message(invite: Invite) -> None:
    mira = await (await invite("Mira")).open()
    await mira.say("/me")
    card = await mira.until("About me")
    await mira.press(card, "start")
    turned = await mira.until("Turned over")
    assert turned["id"] == card["id"]
    assert mira.texts == ["/me", "Turned over"]


async def test_turning_a_public_card_whispers_instead(invite: Invite) -> None:
    mira = await (await invite("Mira")).open()
    await mira.say("/challenge")
    await mira.press(await mira.until("A question for all"), "start")
    assert (await mira.until("Turned over"))["private"]
    assert "A question for all\nWho knows?" in mira.texts


async def test_a_reaction_is_heard_as_given_and_as_taken_back(group: Group, invite: Invite) -> None:
    mira = await (await invite("Mira")).open()
    await mira.say("/challenge")
    card = await mira.until("A question for all")
    for added in (True, False):
        frame = {
            "kind": "reaction",
            "channel": "general",
            "message": str(card["id"]),
            "emoji": "🇦",
            "added": added,
        }
        await mira.done(await mira.send(**frame))
    assert [event.added for event in group.heard if isinstance(event, Reaction)] == [True, False]


async def test_somebody_elses_private_card_cannot_be_pressed(group: Group, invite: Invite) -> None:
    mira, jonas = await (await invite("Mira")).open(), await (await invite("Jonas")).open()
    await mira.say("/me")
    card = await mira.until("About me")
    await jonas.press(card, "start")
    assert "not yours" in (await jonas.until("That card"))["text"]
    assert [type(event) for event in group.heard] == [Command]


async def test_a_card_of_another_channel_or_one_that_never_was_cannot_be_pressed(
    group: Group, invite: Invite
) -> None:
    mira = await (await invite("Mira")).open()
    await mira.say("/challenge")
    card = await mira.until("A question for all")
    await mira.press({**card, "channel": "rnn"}, "answer:a")
    await mira.press({**card, "id": 10**17}, "answer:a")
    assert sum("not yours" in text for text in mira.texts) == 2
    assert [type(event) for event in group.heard] == [Command]


async def test_the_same_act_twice_gives_the_same_messages(group: Group, invite: Invite) -> None:
    """As when the answer came but the line broke before the page learned of it."""
    mira = await (await invite("Mira")).open()
    await mira.say("/challenge", id=SAME)
    await mira.say("/challenge", id=SAME)
    await mira.say("hello", id=f"{SAME}-too")
    await mira.say("hello", id=f"{SAME}-too")
    assert mira.texts == ["/challenge", "A question for all\nWho knows?", "hello"]
    assert len({event.id for event in group.heard}) == 1


async def test_nobody_can_use_the_name_of_anothers_act(group: Group, invite: Invite) -> None:
    mira, jonas = await (await invite("Mira")).open(), await (await invite("Jonas")).open()
    await mira.say("/help", id=SAME)
    await jonas.say("/help", id=SAME)
    assert len({event.id for event in group.heard}) == 2


async def test_a_second_show_replaces_the_first(group: Group, invite: Invite) -> None:
    async def script(_event: Event, reply: Reply) -> None:
        first = await reply.show(Card("Counting"))
        second = await reply.show(Card("Counted"))
        assert first == second

    group.script = script
    mira = await (await invite("Mira")).open()
    await mira.say("/challenge")
    assert mira.texts == ["/challenge", "Counted"]


async def test_a_post_stands_once_for_its_key_whoever_posts_it(
    group: Group, invite: Invite
) -> None:
    async def script(_event: Event, reply: Reply) -> None:
        await reply.show(Card("Round 7"), key="round:7")

    group.script = script
    mira = await (await invite("Mira")).open()
    await mira.say("/challenge")
    again = await group.platform.post(
        Place("web", "web", "general"), Card("Round 7 again"), "round:7"
    )
    card = await mira.until("Round 7")
    assert again.message.id == str(card["id"])
    assert again.at.isoformat(timespec="milliseconds") == card["at"]
    await group.platform.edit(again.message, Card("Round 7 is over"))
    assert (await mira.until("Round 7 is over"))["id"] == card["id"]


async def test_what_happened_meanwhile_is_told_once_on_coming_back(
    group: Group, invite: Invite
) -> None:
    mira, jonas = await invite("Mira"), await (await invite("Jonas")).open()
    line = await mira.open()
    await line.say("/challenge")
    await line.socket.close()
    await jonas.say("meanwhile")
    card = line.notes[min(line.notes) + 1]
    await group.platform.edit(reference(card), Card("Edited meanwhile"))
    back = await mira.open(line.version)
    await back.until("Edited meanwhile")
    assert back.texts == ["Edited meanwhile", "meanwhile"]


async def test_an_act_that_the_server_did_not_finish_is_finished_after_it_comes_back(
    tmp_path: Path,
) -> None:
    """The server dies with the act half done; the page sends it again under its name."""
    async with gathering(tmp_path / "chat.db") as group:
        guest, begun = Guest(group), asyncio.Event()
        await guest.enter("Mira")
        line = await guest.open()

        async def script(event: Event, reply: Reply) -> None:
            await reply.show(Card("Once"))
            if len(group.heard) == 1:
                begun.set()
                await asyncio.Event().wait()
            await reply.whisper(Card(f"Heard {event.id[-5:]}"))

        group.script = script
        await line.send(kind="line", channel="general", text="/challenge", id=SAME)
        await asyncio.wait_for(begun.wait(), 5)
        await line.until("Once")
        await group.stop()
        await group.start()
        back = await guest.open(line.version)
        await back.say("/challenge", id=SAME)
        everything = await guest.open()
        assert everything.texts == ["/challenge", "Once", "Heard twice"]
        await guest.session.close()


async def test_a_failing_conversation_is_apologised_for_and_the_line_stays(
    group: Group, invite: Invite
) -> None:
    async def script(_event: Event, _reply: Reply) -> None:
        raise LookupError

    group.script = script
    mira = await (await invite("Mira")).open()
    act = await mira.send(kind="line", channel="general", text="/help")
    assert "wrong on our side" in (await mira.hear("trouble"))["text"]
    await mira.done(act)
    await mira.say("still here")


async def test_an_act_that_takes_long_keeps_nobody_waiting(group: Group, invite: Invite) -> None:
    freed = asyncio.Event()

    async def script(_event: Event, reply: Reply) -> None:
        await freed.wait()
        await reply.whisper(Card("At last"))

    group.script = script
    mira = await (await invite("Mira")).open()
    act = await mira.send(kind="line", channel="general", text="/help")
    again = await mira.send(kind="line", channel="general", text="/help", id=act)
    assert again == act
    await mira.say("meanwhile")
    freed.set()
    await mira.done(act)
    assert mira.texts == ["/help", "meanwhile", "At last"]
    assert len(group.heard) == 1


async def test_a_browser_that_reads_nothing_holds_up_nobody(group: Group, invite: Invite) -> None:
    sleepy, mira = await (await invite("Sleepy")).open(), await (await invite("Mira")).open()
    sleepy.socket._reader._protocol.pause_reading()
    for number in range(60):
        page = Card(f"Page {number}", (Text(("x" * 400_000,)),))
        await group.platform.post(Place("web", "web", "general"), page, f"page:{number}")
        await mira.until(f"Page {number}")


async def test_history_comes_in_pages_and_whole(group: Group, invite: Invite) -> None:
    place = Place("web", "web", "general")
    for number in range(130):
        await group.platform.post(place, Card(f"Card {number}"), f"card:{number}")
    mira = await (await invite("Mira")).open()
    assert mira.texts == [f"Card {number}" for number in range(30, 130)]
    await mira.send(kind="earlier", channel="general", before=str(min(mira.notes)))
    assert (await mira.hear("past"))["more"] is False
    assert mira.texts == [f"Card {number}" for number in range(130)]


async def test_many_acts_at_once_are_slowed_down_and_none_is_lost(invite: Invite) -> None:
    mira = await (await invite("Mira")).open()
    begun = time.monotonic()
    acts = [
        await mira.send(kind="line", channel="general", text=f"{number}") for number in range(26)
    ]
    await mira.done(acts[-1])
    assert mira.texts == [f"{number}" for number in range(26)]
    assert time.monotonic() - begun > 0.9  # five a second after the first twenty


async def test_what_another_process_writes_shows_soon(tmp_path: Path, database_url: str) -> None:
    """New lines and changed cards, on each engine, with nobody ringing."""
    async with (
        gathering(tmp_path, url=database_url) as one,
        gathering(tmp_path, url=database_url) as other,
    ):
        mira, jonas = Guest(one), Guest(other)
        await mira.enter("Mira")
        await jonas.enter("Jonas")
        here, there = await mira.open(), await jonas.open()
        await here.say("said here")
        posted = await one.platform.post(
            Place("web", "web", "rnn"), Card("Counting: 1"), "counting"
        )
        async with asyncio.timeout(2):
            await there.until("Counting: 1")
        assert there.texts == ["said here", "Counting: 1"]
        await one.platform.edit(posted.message, Card("Counting: 2"))
        async with asyncio.timeout(2):
            await there.until("Counting: 2")
        await there.say("said there")
        await here.until("said there")
        assert here.texts == there.texts == ["said here", "Counting: 2", "said there"]
        await mira.session.close()
        await jonas.session.close()


async def test_whoever_left_through_another_process_does_nothing_more_here(tmp_path: Path) -> None:
    async with gathering(tmp_path / "chat.db") as one, gathering(tmp_path / "chat.db") as other:
        mira = Guest(one)
        await mira.enter("Mira")
        line = await mira.open()
        mira.group = other
        await mira.post("/leave")
        await line.send(kind="line", channel="general", text="/help")
        message = await line.socket.receive(timeout=5)
        while message.data != 4401:
            message = await line.socket.receive(timeout=5)
        assert one.heard == []
        await mira.session.close()


async def test_the_next_window_is_one_too_many_and_says_so(invite: Invite) -> None:
    mira = await invite("Mira")
    lines = [await mira.open() for _ in range(12)]
    refused = await mira.session.ws_connect(
        f"{mira.group.address}/live", headers={"Origin": mira.group.address}
    )
    assert "Close some of them" in (await refused.receive_json())["text"]
    assert (await refused.receive()).data == 4429
    await lines[0].socket.close()
    assert (await mira.open()).notes == {}


async def test_a_block_of_code_in_anybodys_words_is_run_by_whoever_presses(
    group: Group, invite: Invite
) -> None:
    mira, jonas = await (await invite("Mira")).open(), await (await invite("Jonas")).open()
    await mira.say(
        "this:\n```python\nx = 1\nprint(x)\n```\nnot this:\n```text\nx\n```", channel="rnn"
    )
    note = await jonas.until("this:")
    assert note["html"].count("data-run") == 1
    run = {"kind": "run", "channel": "rnn", "message": str(note["id"])}
    await jonas.done(await jonas.send(block="0", **run))
    for number in ("1", "7"):
        await jonas.done(await jonas.send(block=number, **run))
        assert (await jonas.until("no code to run"))["private"]
    heard = group.heard
    assert isinstance(heard[0], Command)
    assert (heard[0].name, heard[0].args, heard[0].person.name) == (
        "run",
        {"code": "x = 1\nprint(x)"},
        "Jonas",
    )
    assert len(heard) == 1


async def test_code_of_another_channel_or_of_a_card_is_not_run(
    group: Group, invite: Invite
) -> None:
    mira = await (await invite("Mira")).open()
    await mira.say("```\nx\n```")
    await mira.say("/help")
    words, card = await mira.until("```"), await mira.until("About help")
    for note, channel in ((words, "rnn"), (card, "general")):
        frame = {"kind": "run", "channel": channel, "message": str(note["id"]), "block": "0"}
        await mira.done(await mira.send(**frame))
    assert [event.name for event in group.heard if isinstance(event, Command)] == ["help"]


def code_of(lines: int) -> str:
    return "```\n" + "x = 1\n" * lines + "```"


async def test_words_with_code_may_be_longer(invite: Invite) -> None:
    mira = await (await invite("Mira")).open()
    await mira.say(code_of(1000))
    await mira.send(kind="line", channel="general", text=code_of(2000))
    assert "at most 8000" in (await mira.hear("refused"))["text"]


async def test_stopping_says_goodbye_to_every_page(group: Group, invite: Invite) -> None:
    mira = await (await invite("Mira")).open()
    await group.stop()
    message = await mira.socket.receive(timeout=5)
    assert message.data == 1001
    await group.start()


def reference(note: dict[str, object]) -> MessageRef:
    return MessageRef(Place("web", "web", str(note["channel"])), str(note["id"]))
