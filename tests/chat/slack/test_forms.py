"""Forms for those who look after a place.

They are whole at once where it is known that they may, and never in anybody's way.
"""

from collections.abc import AsyncIterator

import pytest

from bot.chat.platform_interface import Command
from bot.chat.slack.platform import SlackPlatform
from bot.identity import Person, Place
from tests.chat.discord.scene import Talk
from tests.chat.slack.scene import served
from tests.fakes.slack.workspace import Member, Slack, Workspace

BONES = "One moment"


class Register:
    """Whom an admin named."""

    def __init__(self) -> None:
        self.named: set[str] = set()

    async def admits(self, person: Person, _: Place) -> bool:
        return bool(person.groups & self.named)


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
async def bot(
    slack: Slack, home: Workspace, talk: Talk, register: Register
) -> AsyncIterator[SlackPlatform]:
    async with served(slack, home, talk, is_named_admin=register.admits) as made:
        yield made


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("verb", ["settings", "schedule", "holidays", "digest", "repair"])
async def test_whom_an_admin_named_gets_the_same_form_as_an_admin(
    ada: Member, eve: Member, register: Register, verb: str
) -> None:
    """At once: nothing waits for the form to be filled in behind it."""
    register.named.add(ada.id)
    sheets = []
    for member in (eve, ada):
        act = await member.slash("/quiz", verb)
        assert act.acknowledged
        sheet = await member.modal()
        assert BONES not in sheet.text
        sheets.append(sheet)
    assert sheets[0].text == sheets[1].text
    assert [one["type"] for one in sheets[0].controls] == [
        one["type"] for one in sheets[1].controls
    ]


@pytest.mark.usefixtures("bot")
async def test_whoever_may_not_use_it_gets_no_form_and_is_told_so(ada: Member, talk: Talk) -> None:
    await ada.slash("/quiz", "settings")
    (command,) = await talk.hears(Command)
    assert (command.args, command.person.admin) == ({}, False)
    assert await ada.depth() == 0


@pytest.mark.usefixtures("bot")
async def test_where_slack_is_slow_to_say_who_may_the_form_is_filled_later(
    slack: Slack, eve: Member
) -> None:
    """It stands before its trigger is over."""
    await slack.fault("slow", "GET /users.info", seconds=1.6)
    act = await eve.slash("/quiz", "settings", wait=False)
    await eve.modal(BONES)
    await eve.modal("points for quick answers")
    assert (await slack.outcome(act)).acknowledged


@pytest.mark.usefixtures("bot")
async def test_where_slack_is_slow_and_they_may_not_the_form_says_so(
    slack: Slack, ada: Member, talk: Talk
) -> None:
    await slack.fault("slow", "GET /users.info", seconds=1.6)
    await ada.slash("/quiz", "repair")
    sheet = await ada.modal("Only an admin of this place may use /quiz repair.")
    assert sheet.controls == []
    await talk.hears(Command)


@pytest.mark.usefixtures("bot")
async def test_a_trigger_that_is_over_opens_nothing_and_breaks_nothing(
    slack: Slack, ada: Member, talk: Talk
) -> None:
    await slack.fault("refused", "POST /views.open", error="expired_trigger_id")
    assert (await ada.slash("/run")).acknowledged
    assert await ada.depth() == 0
    assert (await ada.slash("/quiz", "me")).acknowledged
    await talk.hears(Command)
