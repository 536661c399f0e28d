"""What members are called: as Slack shows them, looked up once, in nobody's way."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.card import Card
from bot.chat.platform_interface import Command, Press, Reaction, Renamed, Reply
from bot.chat.slack.members import LONGEST_NAME, displayed_name
from bot.chat.slack.platform import SlackPlatform
from bot.identity import Place
from tests.chat.discord.scene import Talk, question
from tests.chat.slack.scene import served
from tests.fakes.slack.workspace import Member, Slack, Workspace


@pytest.fixture
async def bot(slack: Slack, home: Workspace, talk: Talk) -> AsyncIterator[SlackPlatform]:
    async with served(slack, home, talk) as made:
        yield made


@pytest.fixture
async def lovelace(home: Workspace) -> Member:
    return await home.join("Ada Lovelace ✨")


@pytest.mark.usefixtures("bot")
async def test_a_newcomer_goes_by_their_handle_until_their_name_is_known(
    lovelace: Member, talk: Talk, slack: Slack
) -> None:
    """Whoever acted only once is called by their name afterwards all the same."""
    assert (await lovelace.slash("/quiz", "me")).acknowledged
    (renamed,) = await talk.hears(Renamed)
    (first,) = talk.of(Command)
    assert (first.person.id, first.person.name) == (renamed.person.id, "adalovelace✨")
    assert first.person.stopgap, "whoever was known by a name before keeps it meanwhile"
    assert not renamed.person.stopgap
    assert renamed.person.name == "Ada Lovelace ✨"
    for _ in range(3):
        await lovelace.slash("/quiz", "me")
    assert [event.person.name for event in talk.heard[-3:]] == ["Ada Lovelace ✨"] * 3
    assert len(await slack.requests("users.info")) == 1, "once in hours"


@pytest.mark.usefixtures("bot")
async def test_a_name_is_not_waited_for(lovelace: Member, talk: Talk, slack: Slack) -> None:
    """However long Slack takes with it, the act is acknowledged and answered."""
    await slack.fault("slow", "GET /users.info", seconds=6, times=1)
    act = await lovelace.slash("/quiz", "me")
    assert act.acknowledged
    assert act.after is not None
    assert act.after < 1
    await lovelace.finds("Heard")
    assert talk.of(Renamed) == []


async def test_a_storm_of_newcomers_is_looked_up_within_the_budget(
    bot: SlackPlatform, home: Workspace, talk: Talk, slack: Slack
) -> None:
    await bot.post(Place("slack", home.id, home.channels["general"]), question(1), "round:1")
    crowd = [await home.join(f"Member {number}") for number in range(60)]
    seen = await crowd[0].finds("Question 1")
    acts = await slack.storm([(member, seen, "A") for member in crowd])
    assert all(act.acknowledged for act in acts)
    presses = await talk.hears(Press, 60)
    assert {press.person.name for press in presses} <= {f"member{n}" for n in range(60)} | {
        f"Member {n}" for n in range(60)
    }
    await talk.hears(Renamed, 20)
    for member in crowd[:20]:
        await member.slash("/quiz", "me")
    asked = await slack.requests("users.info")
    assert 20 <= len(asked) <= 24, "a burst, and then fifty a minute"
    assert not [one for one in asked if one["status"] == 429]


async def test_a_name_that_cannot_be_asked_just_now_is_asked_at_the_next_act(
    bot: SlackPlatform, lovelace: Member, talk: Talk, slack: Slack
) -> None:
    await slack.fault("failed", "GET /users.info", times=1)
    await lovelace.slash("/quiz", "me")
    assert bot._clients
    await asyncio.gather(*bot._clients.names.lookups.running.values())
    assert len(await slack.requests("users.info")) == 1
    assert talk.of(Renamed) == []
    await lovelace.slash("/quiz", "me")
    (renamed,) = await talk.hears(Renamed)
    assert renamed.person.name == "Ada Lovelace ✨"


@pytest.mark.usefixtures("bot")
async def test_whoever_chooses_another_name_is_called_by_it(
    lovelace: Member, bob: Member, talk: Talk, slack: Slack
) -> None:
    """Slack tells of every change of every member; who was never met is nobody's business."""
    await lovelace.slash("/quiz", "me")
    await talk.hears(Renamed)
    await bob.renames("Robert")
    await lovelace.renames("The Countess")
    again = (await talk.hears(Renamed, 2))[-1]
    assert (again.person.name, again.person.id.endswith(lovelace.id)) == ("The Countess", True)
    await lovelace.slash("/quiz", "me")
    assert talk.heard[-1].person.name == "The Countess"
    assert len(talk.of(Renamed)) == 2
    assert len(await slack.requests("users.info")) == 1


async def test_whoever_only_reacts_has_a_name_too(
    bot: SlackPlatform, lovelace: Member, talk: Talk, home: Workspace
) -> None:
    """Slack says nothing of them with a reaction but their number."""
    place = Place("slack", home.id, home.channels["general"])
    await bot.post(place, question(reactions=("🇦",)), "round:1")
    await lovelace.react("a", on="Question 1")
    (reaction,) = await talk.hears(Reaction)
    (renamed,) = await talk.hears(Renamed)
    assert renamed.person.id == reaction.person.id
    assert renamed.person.name == "Ada Lovelace ✨"


@pytest.mark.usefixtures("bot")
async def test_a_name_calls_nobody(home: Workspace, talk: Talk) -> None:
    eve = await home.join("<!channel> *Eve*\n<@U0000000001>")

    async def board(event: Any, reply: Reply) -> None:
        await reply.show(Card(f"First: {event.person.name}"))

    talk.answers["board"] = board
    await eve.slash("/quiz", "me")
    await talk.hears(Renamed)
    await eve.slash("/quiz", "board")
    seen = await eve.finds("First: ")
    assert "<!channel> *Eve* <@U0000000001>" in seen.text
    assert not seen.pings


@given(
    st.dictionaries(
        st.sampled_from(["display_name", "real_name"]), st.none() | st.text(max_size=200)
    ),
    st.text(),
)
def test_any_profile_has_a_name_of_one_line_or_none(
    profile: dict[str, str | None], handle: str
) -> None:
    name = displayed_name({"profile": profile, "name": handle})
    assert len(name) <= LONGEST_NAME
    assert "\n" not in name
    assert name == name.strip()


def test_the_name_that_is_shown_is_the_one_they_chose() -> None:
    profile = {"display_name": "Ada", "real_name": "Ada Lovelace"}
    assert displayed_name({"name": "ada", "real_name": "Ada Lovelace", "profile": profile}) == "Ada"
    assert (
        displayed_name({"name": "ada", "profile": {**profile, "display_name": " "}})
        == "Ada Lovelace"
    )
    assert displayed_name({"name": "ada"}) == "ada"
