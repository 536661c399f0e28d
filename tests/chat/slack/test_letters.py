"""Private messages that nobody waits for: reminders."""

from collections.abc import Callable

import pytest

from bot.chat.card import Card, Text
from bot.chat.slack.platform import SlackPlatform
from bot.chat.slack.web_api import UncertainError
from bot.identity import Person, Place
from tests.fakes.slack.workspace import Member, Slack, Workspace

CARD = Card("Your daily question is waiting", (Text(("Still open: What a gate does",)),))


@pytest.fixture
def at(home: Workspace) -> Callable[[Member | str], tuple[Person, Place]]:
    """Who they are, and a place where they are known."""

    def known(member: Member | str) -> tuple[Person, Place]:
        user = member if isinstance(member, str) else member.id
        return Person("slack", f"{home.id}/{user}", "somebody"), Place(
            "slack", home.id, home.channels["general"]
        )

    return known


async def _letters(member: Member) -> int:
    return sum("is waiting" in seen.text for seen in await (await member.in_dm()).sees())


@pytest.mark.parametrize("bot", ["socket"], indirect=True)
async def test_a_letter_is_written_once_for_each_key(
    bot: SlackPlatform, ada: Member, bob: Member, at: Callable[..., tuple[Person, Place]]
) -> None:
    for key in ("remind:1", "remind:1", "remind:2"):
        assert await bot.send_private(*at(ada), CARD, key)
    assert await _letters(ada) == 2
    assert await _letters(bob) == 0
    assert "is waiting" not in "".join(seen.text for seen in await ada.sees()), (
        "nobody else reads it"
    )


@pytest.mark.parametrize("bot", ["socket"], indirect=True)
async def test_whoever_takes_none_gets_none_and_that_is_told(
    bot: SlackPlatform, ada: Member, home: Workspace, at: Callable[..., tuple[Person, Place]]
) -> None:
    assert not await bot.send_private(*at("U0UNKNOWN"), CARD, "remind:1")
    assert not await bot.send_private(*at(home.bot), CARD, "remind:1")
    await home.uninstall(quietly=True)
    assert not await bot.send_private(*at(ada), CARD, "remind:1")


@pytest.mark.parametrize("bot", ["socket"], indirect=True)
async def test_trouble_on_the_way_is_not_taken_for_a_refusal(
    bot: SlackPlatform, slack: Slack, ada: Member, at: Callable[..., tuple[Person, Place]]
) -> None:
    """Whoever is refused once is written to no more.

    A letter that is not sure is tried again under its key.
    """
    assert await bot.send_private(*at(ada), CARD, "remind:0")
    await slack.fault("cut-after", "POST /chat.postMessage")
    assert await bot.send_private(*at(ada), CARD, "remind:1"), "it was found where it stands"
    await slack.fault("failed", "POST /chat.postMessage")
    with pytest.raises(UncertainError):
        await bot.send_private(*at(ada), CARD, "remind:2")
    assert await bot.send_private(*at(ada), CARD, "remind:2")
    assert await _letters(ada) == 3
