"""Files that people hand over in a form of Discord."""

import pytest

from bot.chat.card import Card, Input
from bot.chat.discord.platform import DiscordPlatform
from bot.chat.kit.files import LARGEST
from bot.chat.platform_interface import Event, Press, Reply
from tests.chat.discord.scene import Talk
from tests.fakes.denied import Denied
from tests.fakes.discord.guild import Discord, Member
from tests.fakes.uploads import packed_file
from tests.refusing import refused

FORM = 9
ASKED = Card("Days off", (Input("Choose a calendar", "days:1", file=".ics"),))


async def asking(_: Event, reply: Reply) -> None:
    await reply.whisper(ASKED)


@pytest.fixture
async def form(bot: DiscordPlatform, talk: Talk, ada: Member) -> None:  # noqa: ARG001 (it runs)
    talk.answers["streak"] = asking
    await ada.slash("streak")


@pytest.mark.usefixtures("form")
async def test_a_button_asks_for_one_file_and_what_was_chosen_is_read(
    talk: Talk, ada: Member
) -> None:
    act = await ada.click("Choose a calendar")
    assert act.answer == FORM
    await ada.submit(act, packed_file("days.ics", b"BEGIN:VCALENDAR"))
    (press,) = await talk.hears(Press)
    assert (press.action, press.values, press.upload.name) == ("days:1", (), "days.ics")
    assert await press.upload.read() == b"BEGIN:VCALENDAR"


@pytest.mark.usefixtures("form")
async def test_a_form_without_a_file_cannot_be_sent(ada: Member) -> None:
    act = await ada.click("Choose a calendar")
    with pytest.raises(Denied, match="a file must be chosen"):
        await ada.submit(act)


async def test_a_file_that_is_gone_too_large_or_out_of_reach_is_answered_with_what_to_do(
    bot: DiscordPlatform, discord: Discord
) -> None:
    for file, remedy in (
        (
            {"url": f"{discord.address}/cdn/attachments/1/x.ics", "size": 1},
            "could not fetch that file",
        ),
        ({"url": "http://127.0.0.1:9/x.ics"}, "could not fetch that file"),
        ({"url": f"{discord.address}/cdn/attachments/1/x.ics", "size": LARGEST + 1}, "too large"),
    ):
        with refused(remedy):
            await bot._interactions.download(file)
