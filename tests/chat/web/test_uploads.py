"""Files that people hand over on the page.

They come by a road of their own, within bounds, and are heard like a press.
"""

from typing import Any

import pytest

from bot.chat.card import Card, Input
from bot.chat.kit.files import LARGEST
from bot.chat.platform_interface import Command, Event, Press, Reply
from bot.errors import UserError
from bot.phrases.say import explain
from tests.chat.web.conftest import Invite
from tests.chat.web.group import Group, Guest, Line

ACT = "an-act-of-the-tests"


async def script(event: Event, reply: Reply) -> None:
    if isinstance(event, Command):
        await reply.whisper(Card("Days off", (Input("A calendar", "days:1", file=".ics"),)))
    elif isinstance(event, Press) and event.upload:
        try:
            read = (await event.upload.read()).decode()
        except UserError as error:
            read = explain(error)
        await reply.replace(Card(f"Read {read}"))


async def asked(group: Group, guest: Guest) -> tuple[Line, dict[str, Any]]:
    group.script = script
    line = await guest.open()
    await line.say("/streak")
    return line, await line.until("Days off")


def about(note: dict[str, Any], **fields: str) -> dict[str, str]:
    return {
        "id": ACT,
        "channel": note["channel"],
        "message": str(note["id"]),
        "action": "days:1",
        **fields,
    }


async def test_a_file_is_heard_as_a_press_of_its_card_and_answered_there_once(
    group: Group, invite: Invite
) -> None:
    mira = await invite("Mira")
    line, note = await asked(group, mira)
    for _ in range(2):
        assert await mira.post("/files", params=about(note), data=b"BEGIN") == (202, "")
    assert (await line.until("Read BEGIN"))["id"] == note["id"]
    await line.done(ACT)
    (press, *_) = [event for event in group.heard if isinstance(event, Press)]
    assert (press.action, press.values) == ("days:1", ())


async def test_a_file_that_is_too_large_is_told_so_in_the_chat(
    group: Group, invite: Invite
) -> None:
    mira = await invite("Mira")
    line, note = await asked(group, mira)
    assert (await mira.post("/files", params=about(note), data=bytes(LARGEST + 1)))[0] == 202
    await line.until("Read That file is too large: I take 1 MB at most.")


async def test_nobody_hands_over_anything_from_outside_or_for_others(
    group: Group, invite: Invite, stranger: Guest
) -> None:
    mira, eve = await invite("Mira"), await invite("Eve")
    _, note = await asked(group, mira)
    assert (await stranger.post("/files", params=about(note), data=b"x"))[0] == 401
    assert (
        await mira.post("/files", origin="https://evil.example", params=about(note), data=b"x")
    )[0] == 403
    line = await eve.open()
    assert (await eve.post("/files", params=about(note), data=b"x"))[0] == 202
    await line.until("That card is not yours to answer")
    assert not [event for event in group.heard if isinstance(event, Press)]


@pytest.mark.parametrize(
    ("strange", "remedy"),
    [
        ({"id": "short"}, "Reload the page"),
        ({"channel": "gone"}, "no such channel"),
        ({"message": "x"}, "Reload the page"),
        ({"action": "x" * 101}, "too long"),
    ],
)
async def test_what_makes_no_sense_is_refused_in_words(
    group: Group, invite: Invite, strange: dict[str, str], remedy: str
) -> None:
    mira = await invite("Mira")
    _, note = await asked(group, mira)
    status, said = await mira.post("/files", params=about(note, **strange), data=b"x")
    assert status == 400
    assert remedy in said
