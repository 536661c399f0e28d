"""What only a server on Discord brings.

That is rights that go and come back, roles, letters, private use, reports by a menu.
"""

import pytest

from tests.stories.discord import DiscordMember, DiscordStage

pytestmark = pytest.mark.parametrize("setting", [("discord", "sqlite")])
GATE = "/challenge gates level:intermediate"


async def entered(stage: DiscordStage, name: str, *, admin: bool = False) -> DiscordMember:
    member = await stage.enter(name, admin=admin)
    assert isinstance(member, DiscordMember)
    return member


async def test_a_channel_that_shuts_the_bot_out_is_paused_until_an_admin_comes_by(
    stage: DiscordStage,
) -> None:
    """The round ends, its owner is told once, nothing is asked there; elsewhere the bot goes on."""
    owner, ada = await entered(stage, "Owner", admin=True), await entered(stage, "Ada")
    await ada.type(GATE)
    await ada.press("B")
    await ada.see("1 member in, 0 finished")
    await stage.guild.overwrite(
        "general", stage.discord.bot, deny=("VIEW_CHANNEL", "SEND_MESSAGES")
    )
    await ada.press("A", on="Time: 1:30")
    await ada.see("✓ Right")
    await stage.wait(92)
    tried = len(await stage.discord.requests("PATCH"))
    for _ in range(3):
        await stage.wait(31)
    assert len(await stage.discord.requests("PATCH")) == tried
    assert len(await stage.discord.requests("POST", "/users/@me/channels")) == 1
    await ada.type(GATE)
    assert "paused my questions here" in await ada.newest()
    ada.channel = "rnn"
    await ada.type(GATE)
    await ada.see("Worth: up to")
    ada.channel = "general"
    await stage.guild.overwrite("general", stage.discord.bot)
    await owner.type("/settings")
    await ada.type(GATE)
    assert "Worth: up to" in await ada.newest()


async def test_a_role_that_an_admin_chose_may_do_what_admins_do(stage: DiscordStage) -> None:
    owner, tess, ada = [
        await entered(stage, name, admin=name == "Owner") for name in ("Owner", "Tess", "Ada")
    ]
    role = await stage.guild.role("Teachers", tess.person)
    await owner.type(f"/settings admins:{role}")
    assert "Admins too: Teachers" in await owner.newest()
    await tess.type("/settings speed:off")
    assert "Speed points: off" in await tess.newest()
    await tess.type("/help")
    assert "/settings" in await tess.newest()
    await ada.type("/settings speed:on")
    assert "Only an admin of this place may use" in await ada.newest()
    await owner.type(f"/settings admins:{stage.guild.id}")
    await tess.type("/settings")
    assert "Only an admin of this place may use" in await tess.newest()


async def test_reactions_that_were_missed_count_when_the_round_ends(stage: DiscordStage) -> None:
    """Events that never came are settled from the message before the round is closed."""
    owner, ada, bob = [
        await entered(stage, name, admin=name == "Owner") for name in ("Owner", "Ada", "Bob")
    ]
    await owner.type("/settings answers:reactions")
    await owner.type(GATE)
    card = await ada.see("React with the letter of your answer.")
    await ada.react("🇧")
    await stage.discord.hold()
    shown = next(one for one in await bob.person.sees() if one.id == card.id)
    await bob.person.react("🇦", shown)
    await stage.wait(92)
    over = (await ada.see("(over)")).text
    assert "Solved by: 1 of 2 members" in over
    assert "First: Bob after 90.0 s" in over
    assert "✓ Right" in (await bob.see("✓ Right")).text
    assert stage.platform.heard >= 3


async def test_packs_and_practice_are_taken_in_direct_messages(stage: DiscordStage) -> None:
    eve = await stage.discord.person("Eve", installed=True)
    await eve.slash("pack", pack="gates")
    await eve.click("Start")
    await eve.click("A", "What a gate does")
    assert (await eve.finds("Right: What a gate does")).private
    await eve.slash("practice", pack="figures", level="expert", kind="metrics")
    act = await eve.click("Your answer", "A perplexity")
    await eve.submit(act, "1")
    assert "none, this was practice" in (await eve.finds("Right: A perplexity")).text


async def test_a_question_is_reported_from_the_menu_on_its_message(stage: DiscordStage) -> None:
    ada = await entered(stage, "Ada")
    await ada.type(GATE)
    await ada.person.menu("Report question", "Worth")
    await ada.up_to_date()
    await ada.press("The key is wrong")
    await ada.see("The admins will see it.")
    await ada.person.writes("Just talking")
    await ada.person.menu("Report question", "Just talking")
    assert "leads nowhere" in await ada.newest()


async def test_a_hint_pressed_once_is_taken_once_though_it_is_heard_twice(
    stage: DiscordStage,
) -> None:
    ada = await entered(stage, "Ada")
    await ada.type(GATE)
    await ada.press("Hint (−20 %)")
    assert "Think of a product." in await ada.newest()
    assert not await ada.reads("Think of one times seven.")


async def test_a_time_out_in_a_pack_is_shown_on_the_private_card(stage: DiscordStage) -> None:
    ada = await entered(stage, "Ada")
    await ada.type("/pack gates")
    await ada.press("Start")
    await stage.wait(92)
    card = await ada.see("⏱ Time is up: What a gate does")
    assert card.private
    assert len([text for text in await ada.texts() if "gate does" in text]) == 1
