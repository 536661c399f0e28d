"""The Discord simulator enforces what holds for an interaction.

There is one answer, in three seconds, then fifteen minutes.
"""

import asyncio
from typing import Any

import pytest

from tests.fakes.denied import Denied
from tests.fakes.discord.bare import Bare, Gateway, button, pressed, row
from tests.fakes.discord.guild import Discord, Guild, Member

CARD = {"components": [row(button("answer:1:a", "A"), button("answer:1:b", "B"))]}
SAY, DEFER, DEFER_TURN, TURN, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
PRIVATE = 64
pytestmark = pytest.mark.usefixtures("card")


@pytest.fixture
async def card(bot: Bare, ada: Member) -> str:
    return str((await bot.says(ada, "Which shape?", **CARD)).body["id"])


async def test_an_answer_in_time_is_seen(
    discord: Discord, bot: Bare, gateway: Gateway, ada: Member, card: str
) -> None:
    act, event = await pressed(gateway, ada, "A", "Which shape?")
    assert (event["data"]["custom_id"], event["message"]["id"]) == ("answer:1:a", card)
    assert (await bot.answers(event, SAY, content="Right!", flags=PRIVATE)).status == 204
    assert (await discord.outcome(act)).answer == SAY
    assert (await ada.finds("Right!")).private


async def test_after_three_seconds_it_is_unknown(
    discord: Discord, bot: Bare, gateway: Gateway, ada: Member
) -> None:
    act, event = await pressed(gateway, ada, "A", "Which shape?")
    await discord.advance(3.01)
    assert (await bot.answers(event, SAY, content="late")).code == 10062
    assert (await discord.outcome(act)).failed
    assert await ada.sees() == [await ada.finds("Which shape?")]


async def test_a_second_answer_is_refused(bot: Bare, gateway: Gateway, ada: Member) -> None:
    _, event = await pressed(gateway, ada, "A", "Which shape?")
    assert (await bot.answers(event, DEFER_TURN)).status == 204
    assert (await bot.answers(event, SAY, content="again")).code == 40060


async def test_a_token_lives_fifteen_minutes(
    discord: Discord, bot: Bare, gateway: Gateway, ada: Member
) -> None:
    _, event = await pressed(gateway, ada, "A", "Which shape?")
    await bot.answers(event, SAY, content="now", flags=PRIVATE)
    await discord.advance(14 * 60)
    assert (await bot.hooks("PATCH", event, "/messages/@original", content="still")).status == 200
    await discord.advance(60)
    assert (await bot.hooks("PATCH", event, "/messages/@original", content="no more")).code == 50027
    assert (await bot.hooks("POST", event, content="no more")).code == 50027
    await ada.finds("still")


async def test_nothing_follows_what_was_not_answered(
    bot: Bare, gateway: Gateway, ada: Member
) -> None:
    _, event = await pressed(gateway, ada, "A", "Which shape?")
    assert (await bot.hooks("POST", event, content="first")).code == 10015


async def test_the_first_words_after_a_deferral_take_its_place_and_its_privacy(
    bot: Bare, gateway: Gateway, ada: Member, bob: Member, card: str
) -> None:
    _, event = await pressed(gateway, ada, "A", "Which shape?")
    await bot.answers(event, DEFER, flags=PRIVATE)
    thinking = (await ada.sees())[-1]
    assert thinking.thinking
    assert (await bot.hooks("POST", event, content="thought")).body["id"] == thinking.id
    assert (await ada.finds("thought")).private
    assert [seen.id for seen in await bob.sees()] == [card]
    await bot.hooks("POST", event, content="and more")
    assert not (await bob.finds("and more")).private


async def test_a_turn_replaces_the_message_that_was_pressed(
    bot: Bare, gateway: Gateway, ada: Member, bob: Member, card: str
) -> None:
    _, event = await pressed(gateway, ada, "A", "Which shape?")
    await bot.answers(event, TURN, content="It is over", components=[])
    assert [seen.id for seen in await bob.sees()] == [card]
    with pytest.raises(Denied, match="as it stands"):
        await bob.click("answer:1:a", on=await bob.finds("It is over"))


async def test_a_private_message_belongs_to_one_person_and_is_reached_by_its_token_alone(
    bot: Bare, gateway: Gateway, ada: Member, bob: Member
) -> None:
    _, event = await pressed(gateway, ada, "A", "Which shape?")
    await bot.answers(
        event, SAY, content="Next?", flags=PRIVATE, components=[row(button("next", "Next"))]
    )
    seen = await ada.finds("Next?")
    with pytest.raises(Denied, match="somebody else's"):
        await bob.click("Next", on=seen)
    assert (
        await bot.ask("PATCH", f"/channels/{ada.channel}/messages/{seen.id}", {"content": "x"})
    ).code == 10008
    _, event = await pressed(gateway, ada, "Next", "Next?")
    assert (await bot.answers(event, TURN, content="Next!")).status == 204
    await ada.finds("Next!")


async def test_each_kind_of_act_has_its_kinds_of_answers(
    discord: Discord, bot: Bare, gateway: Gateway, ada: Member
) -> None:
    command = {
        "name": "quiz",
        "description": "Ask",
        "options": [{"type": 3, "name": "pack", "description": "p"}],
    }
    await bot.ask("PUT", f"/applications/{bot.bot}/commands", [command])
    await ada.slash("quiz", pack="tensors", wait=False)
    event = await gateway.hear("INTERACTION_CREATE")
    assert event["data"]["options"] == [{"name": "pack", "type": 3, "value": "tensors"}]
    for kind in (DEFER_TURN, TURN, CHOICES):
        assert (await bot.answers(event, kind, content="x")).code == 50035
    assert (await bot.answers(event, SAY, content="ok", flags=1 << 3)).code == 50035
    assert len(await discord.violations()) >= 4


async def test_a_form_is_filled_in_as_it_asks(
    discord: Discord, bot: Bare, gateway: Gateway, ada: Member, bob: Member
) -> None:
    act, event = await pressed(gateway, ada, "A", "Which shape?")
    line = {"type": 4, "style": 1, "custom_id": "line", "min_length": 2}
    field = {"type": 18, "label": "Your answer", "component": line}
    await bot.answers(event, MODAL, title="Answer", custom_id="form:1", components=[field])
    form = await discord.outcome(act)
    for wrong in ("", "1"):
        with pytest.raises(Denied, match="line"):
            await ada.submit(form, wrong)
    with pytest.raises(Denied, match="no such form"):
        await bob.submit(form, "3.14")
    await ada.submit(form, "3.14", wait=False)
    event = await gateway.hear("INTERACTION_CREATE")
    assert (event["type"], event["data"]["components"][0]["component"]["value"]) == (5, "3.14")
    await bot.answers(event, TURN, content="Done", components=[])
    await ada.finds("Done")


async def test_a_form_beyond_its_limits_is_refused(
    discord: Discord, bot: Bare, gateway: Gateway, ada: Member
) -> None:
    _, event = await pressed(gateway, ada, "A", "Which shape?")
    line = {"type": 4, "style": 1, "custom_id": "line"}
    field = {"type": 18, "label": "Your answer", "component": line}
    assert (
        await bot.answers(event, MODAL, title="T" * 46, custom_id="form", components=[field])
    ).code == 50035
    assert (
        await bot.answers(event, MODAL, title="T", custom_id="form", components=[field, field])
    ).code == 50035
    assert (
        await bot.answers(event, MODAL, title="T", custom_id="form", components=[])
    ).code == 50035
    assert (
        await bot.answers(event, MODAL, title="T", custom_id="form", components=[row(line)])
    ).code == 50035
    assert await discord.violations()


async def test_a_command_is_offered_where_and_to_whom_it_was_registered(
    bot: Bare, guild: Guild, ada: Member
) -> None:
    choices = [{"name": "week", "value": "week"}]
    period = {"type": 3, "name": "period", "description": "p", "required": True, "choices": choices}
    tree = [
        {"name": "board", "description": "b", "options": [period], "contexts": [0]},
        {"name": "settings", "description": "s", "default_member_permissions": 1 << 5},
    ]
    assert (await bot.ask("PUT", f"/applications/{bot.bot}/commands", tree)).status == 200
    wrong: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("bord", {}, "no command"),
        ("board", {}, "needs"),
        ("board", {"period": "year"}, "one of"),
        ("board", {"period": "week", "scope": "here"}, "has no"),
        ("settings", {}, "no command"),
    )
    for name, options, reason in wrong:
        with pytest.raises(Denied, match=reason):
            await ada.slash(name, **options)
    assert not (
        await (await guild.join("Olive", "MANAGE_GUILD")).slash("settings", wait=False)
    ).messages
    with pytest.raises(Denied, match="no command"):
        await (await ada.in_dm()).slash("board", period="week")
    assert (await (await ada.in_dm()).slash("settings", wait=False)).failed


async def test_who_installed_the_bot_for_themselves_uses_it_in_private(
    discord: Discord, bot: Bare, gateway: Gateway
) -> None:
    for kinds, works in (([0], True), ([1], True)):
        command = {
            "name": "practice",
            "description": "p",
            "integration_types": kinds,
            "contexts": [1],
        }
        await bot.ask("PUT", f"/applications/{bot.bot}/commands", [command])
        carla = await discord.person("Carla", installed=works)
        await carla.slash("practice", wait=False)
        event = await gateway.hear("INTERACTION_CREATE")
        assert (event["context"], event["user"]["id"]) == (1, carla.id)
        assert event["authorizing_integration_owners"]["1"] == carla.id
    with pytest.raises(Denied, match="no command"):
        await (await discord.person("Dan")).slash("practice")


async def test_a_menu_gives_what_it_offers(bot: Bare, gateway: Gateway, ada: Member) -> None:
    options = [{"label": one, "value": one} for one in "abc"]
    menu = {"type": 3, "custom_id": "several", "options": options, "min_values": 1, "max_values": 2}
    await bot.says(ada, "Which of these?", components=[row(menu)])
    for wrong in ((), ("a", "b", "c"), ("d",), ("a", "a")):
        with pytest.raises(Denied):
            await ada.choose(*wrong, on="Which of these?")
    with pytest.raises(Denied, match="must be chosen"):
        await ada.click("several", on=await ada.finds("Which of these?"))
    await ada.choose("a", "c", on="Which of these?", wait=False)
    assert (await gateway.hear("INTERACTION_CREATE"))["data"]["values"] == ["a", "c"]


async def test_too_many_completions_are_refused(
    discord: Discord, bot: Bare, gateway: Gateway, ada: Member
) -> None:
    option = {"type": 3, "name": "pack", "description": "p", "autocomplete": True}
    await bot.ask(
        "PUT",
        f"/applications/{bot.bot}/commands",
        [{"name": "pack", "description": "p", "options": [option]}],
    )
    asked = asyncio.create_task(ada.complete("pack", "pack", "te"))
    event = await gateway.hear("INTERACTION_CREATE")
    assert event["data"]["options"] == [{"name": "pack", "type": 3, "value": "te", "focused": True}]
    choice = {"name": "tensors", "value": "tensors"}
    assert (await bot.answers(event, CHOICES, choices=[choice] * 26)).code == 50035
    assert (await bot.answers(event, CHOICES, choices=[choice])).status == 204
    assert await asked == [choice]
    assert await discord.violations()
