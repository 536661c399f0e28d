"""What only a workspace on Slack brings.

That is forms, a home, menus, mentions, channels that shut the bot out, missed reactions.
"""

import asyncio

import pytest

from bot.chat.slack.incoming.interaction_payloads import REPORT_QUESTION, RUN_MESSAGE
from tests.stories.slack import SlackMember, SlackStage

pytestmark = pytest.mark.parametrize("setting", [("slack", "sqlite"), ("slack-http", "sqlite")])
GATE = "/challenge gates level:intermediate"


async def entered(stage: SlackStage, name: str, *, admin: bool = False) -> SlackMember:
    member = await stage.enter(name, admin=admin)
    assert isinstance(member, SlackMember)
    return member


async def test_reactions_that_were_missed_count_when_the_round_ends(stage: SlackStage) -> None:
    """Events that never came are settled from the message before the round is closed.

    A colour of skin is no other answer.
    """
    owner, ada, bob = [
        await entered(stage, name, admin=name == "Owner") for name in ("Owner", "Ada", "Bob")
    ]
    await owner.type("/settings answers:reactions")
    await owner.type(GATE)
    card = await ada.see("React with the letter of your answer.")
    await ada.react("🇧")
    await stage.slack.hold()
    shown = next(one for one in await bob.person.sees() if one.id == card.id)
    await bob.person.react("one::skin-tone-4", shown)
    await stage.wait(92)
    over = (await ada.see("(over)")).text
    assert "Solved by: 1 of 2 members" in over
    assert "✓ Right" in (await bob.see("✓ Right")).text


async def test_a_question_is_reported_from_the_menu_on_its_message(stage: SlackStage) -> None:
    ada = await entered(stage, "Ada")
    await ada.type(GATE)
    await ada.person.menu(REPORT_QUESTION, "Worth")
    await ada.settled()
    await ada.press("The key is wrong")
    await ada.see("The admins will see it.")
    await ada.person.writes("Just talking")
    await ada.person.menu(REPORT_QUESTION, "Just talking")
    await ada.settled()
    assert "leads nowhere" in await ada.newest()


async def test_code_in_a_message_is_run_from_its_menu_and_a_run_without_code_asks_for_it(
    stage: SlackStage,
) -> None:
    ada = await entered(stage, "Ada")
    await ada.person.writes("look:\n```\nprint(1 < 2)\n```")
    await ada.person.menu(RUN_MESSAGE, "look")
    await ada.settled()
    refused = await ada.newest()
    await ada.person.slash("/run")
    await ada.person.modal("PyTorch code")
    await ada.person.submit("print(1)")
    await ada.settled()
    assert await ada.newest() == refused, "nothing can run here, and both say the same"


async def test_an_answer_is_typed_in_a_form_and_an_admin_sets_a_place_by_one(
    stage: SlackStage,
) -> None:
    owner, ada = await entered(stage, "Owner", admin=True), await entered(stage, "Ada")
    await owner.type("/settings")
    sheet = await owner.person.modal("points for quick answers")
    await owner.person.submit(on=sheet, speed=["off"])
    await owner.settled()
    assert "Speed points: off" in await owner.newest()
    await ada.type("/settings")
    assert "Only an admin of this place may use" in await ada.newest()
    await ada.type("/challenge figures level:expert kind:metrics")
    await ada.person.click("Your answer", on="Worth: up to")
    assert await ada.person.depth() == 1
    await ada.person.submit("1")
    assert await ada.person.depth() == 0
    await ada.settled()
    await ada.see("✓ Right")


async def test_whom_an_admin_named_sets_a_place_by_the_same_form(stage: SlackStage) -> None:
    owner, ada = await entered(stage, "Owner", admin=True), await entered(stage, "Ada Lovelace")
    await owner.person.slash("/quiz", f"settings admins:<@{ada.person.id}|ada>")
    await owner.settled()
    assert "@Ada Lovelace" in await owner.newest(), "by the name that people know them by"
    await ada.person.slash("/quiz", "settings")
    sheet = await ada.person.modal("points for quick answers")
    await ada.person.submit(on=sheet, speed=["off"])
    await ada.settled()
    assert "Speed points: off" in await ada.newest()


async def test_whoever_answered_once_stands_under_their_own_name(stage: SlackStage) -> None:
    """Not under their handle: that was all that Slack said of them with their press."""
    ada = await entered(stage, "Ada Lovelace")
    await ada.type(GATE)
    await ada.press("A")
    await ada.see("✓ Right")
    await stage.wait(92)
    over = (await ada.see("(over)")).text
    assert "Ada Lovelace" in over
    assert "adalovelace" not in over
    await ada.person.renames("The Countess")
    await ada.settled()
    await ada.type("/board week here")
    assert "The Countess" in await ada.newest()


async def test_a_question_asked_in_a_thread_is_played_and_ended_there(stage: SlackStage) -> None:
    ada, bob = await entered(stage, "Ada"), await entered(stage, "Bob")
    thread = (await ada.person.writes("Shall we?")).partition(":")[2]
    await ada.person.writes(
        f"<@{stage.home.bot}> challenge gates level:intermediate", thread=thread
    )
    await ada.settled()
    card = await bob.person.finds("Worth: up to")
    act = await bob.person.click("A", card)
    assert not act.failed
    verdict = await bob.person.finds("✓ Right")
    await stage.wait(92)
    over = await ada.person.finds("(over)")
    assert {str(seen.shape.get("thread_ts")) for seen in (card, verdict, over)} == {thread}
    assert over.ts == card.ts


async def test_the_home_tells_how_somebody_stands(stage: SlackStage) -> None:
    ada = await entered(stage, "Ada")
    await ada.person.opens_home()
    before = await ada.person.home()
    await ada.type(GATE)
    await ada.press("A")
    await ada.see("✓ Right")
    async with asyncio.timeout(15):
        while (await ada.person.home()).text == before.text:
            await ada.changed()


async def test_the_home_tells_of_todays_question_and_of_reminders(stage: SlackStage) -> None:
    """When the next one comes, on a day on which one comes.

    Also the one that is open, and the hour of the reminder.
    """
    owner, ada = await entered(stage, "Owner", admin=True), await entered(stage, "Ada")
    await ada.person.opens_home()
    await ada.person.home(
        "No question is open just now. /quiz challenge in a channel asks everyone there."
    )
    await owner.type("/schedule at:10:00 packs:gates levels:intermediate open:12h")
    await owner.see("It is set up.")
    await owner.type("/holidays add 2026-03-02")
    await ada.person.opens_home()
    home = await ada.person.home("The next one comes Tue 03 Mar 10:00, in your time zone.")
    assert "Freezes" in home.text
    assert "You get no reminders" in home.text
    await owner.type("/holidays remove 2026-03-02")
    await stage.wait(3600)
    await ada.see("Time: 12 h")
    await ada.type("/remind hour:19")
    await ada.person.home("A reminder comes at 19:00")
    await ada.person.home("Today’s question: What a gate does.")


async def test_the_bot_can_be_called_by_its_name(stage: SlackStage) -> None:
    ada = await entered(stage, "Ada")
    await ada.person.writes(f"<@{stage.home.bot}> challenge gates level:intermediate")
    await ada.see("Worth: up to")
    await ada.settled()
    assert len([text for text in await ada.texts() if "Worth: up to" in text]) == 1


async def test_a_channel_that_shuts_the_bot_out_is_paused_and_its_keeper_told(
    stage: SlackStage,
) -> None:
    owner, ada = await entered(stage, "Owner", admin=True), await entered(stage, "Ada")
    await stage.home.channel("closed", private=True)
    ada.channel = owner.channel = "closed"
    await owner.type("/settings speed:off")
    await ada.type(GATE)
    await ada.see("Worth: up to")
    await stage.home.kick_bot("closed")
    await ada.press("A")
    await stage.wait(92)
    await stage.wait(31)
    tried = len(await stage.slack.requests("chat.update"))
    await stage.wait(31)
    assert len(await stage.slack.requests("chat.update")) == tried, "nobody goes on trying"
    ada.channel = "general"
    await ada.type(GATE)
    await ada.see("Worth: up to")


async def test_a_workspace_that_takes_the_app_away_in_the_middle_of_a_round_ends_it_there_alone(
    stage: SlackStage,
) -> None:
    """The token is refused from then on.

    The bot goes on for nobody, and nothing fails behind the scenes.
    """
    ada = await entered(stage, "Ada")
    await ada.type(GATE)
    await ada.press("B")
    await stage.home.uninstall()
    await stage.slack.delivered()
    await stage.platform.quiet()
    for _ in range(3):
        await stage.wait(92)
    refused = len(
        [line for line in await stage.slack.requests() if line["error"] == "token_revoked"]
    )
    await stage.wait(92)
    after = len([line for line in await stage.slack.requests() if line["error"] == "token_revoked"])
    assert after == refused, "nobody goes on trying"
