"""The page in a real browser.

It is used by keyboard, by two at once, through a restart, on a phone, in the dark.
"""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from bot.chat.card import Button, Card, Countdown, Input, Options, Picture, ShownOption, Text
from bot.chat.kit.files import LARGEST
from bot.chat.platform_interface import Command, Event, Press, Reply
from bot.identity import Place
from tests.chat.web.group import Group
from tests.chat.web.page.conftest import Visit
from tests.chat.web.samples import EVERY, png

pytestmark = pytest.mark.asyncio(loop_scope="session")

GENERAL = Place("web", "web", "general")


async def test_a_command_is_completed_and_answered_by_keyboard_alone(
    group: Group, visit: Visit
) -> None:
    mira = await visit("Mira")
    keys = mira.page.keyboard
    await expect(mira.box).to_be_focused()
    await keys.type("/cha")
    option = mira.page.get_by_role("option", selected=True)
    await expect(option).to_contain_text("/challenge")
    assert await mira.box.get_attribute("aria-activedescendant") == await option.get_attribute("id")
    await keys.press("Enter")
    await expect(mira.box).to_have_value("/challenge ")
    await keys.type("exp")
    await keys.press("Tab")
    await expect(mira.box).to_have_value("/challenge expert ")
    await keys.press("ArrowDown")
    await keys.press("Escape")
    await expect(mira.page.get_by_role("listbox")).to_be_hidden()
    await keys.press("Enter")
    await expect(mira.card("A question for all")).to_be_visible()
    heard = group.heard[0]
    assert isinstance(heard, Command)
    assert (heard.name, heard.args) == ("challenge", {"level": "expert"})


async def test_a_file_is_chosen_and_sent_and_one_that_is_too_large_is_not(
    group: Group, visit: Visit
) -> None:
    async def script(event: Event, reply: Reply) -> None:
        if isinstance(event, Press) and event.upload:
            await reply.replace(Card(f"Read {(await event.upload.read()).decode()}"))
        else:
            await reply.whisper(
                Card("Days off", (Input("A calendar", "days:1", "Send it", file=".ics"),))
            )

    group.script = script
    mira = await visit("Mira")
    await mira.say("/streak")
    field = mira.card("Days off").get_by_label("A calendar")
    await field.set_input_files(
        {"name": "days.ics", "mimeType": "text/calendar", "buffer": bytes(LARGEST + 1)}
    )
    await mira.card("Days off").get_by_role("button", name="Send it").click()
    await expect(mira.page.locator("#trouble")).to_have_text("That file is too large.")
    await field.set_input_files(
        {"name": "days.ics", "mimeType": "text/calendar", "buffer": b"BEGIN"}
    )
    await mira.card("Days off").get_by_role("button", name="Send it").click()
    await expect(mira.card("Read BEGIN")).to_be_visible()


async def test_a_card_is_answered_by_letter_and_enter(group: Group, visit: Visit) -> None:
    async def script(event: Event, reply: Reply) -> None:
        options = Options((ShownOption("A", ("one",)), ShownOption("B", ("two",))))
        if isinstance(event, Press):
            await reply.replace(Card(f"Said {event.action}", (), (Button("Next", "next"),)))
        else:
            await reply.whisper(
                Card("Which?", (options,), (Button("A", "say:A"), Button("B", "say:B")))
            )

    group.script = script
    mira = await visit("Mira")
    await mira.say("/practice")
    await mira.card("Which?").get_by_role("button", name="A one").focus()
    await mira.page.keyboard.press("b")
    await expect(mira.card("Which?").get_by_role("button", name="B two")).to_be_focused()
    await mira.page.keyboard.press("Enter")
    await expect(mira.card("Said say:B").get_by_role("button", name="Next")).to_be_focused()
    await expect(mira.page.locator("#said")).to_have_text("Said say:B")


async def test_a_double_click_is_one_press(group: Group, visit: Visit) -> None:
    mira = await visit("Mira")
    await mira.say("/me")
    await mira.card("About me").get_by_role("button", name="Start").dblclick()
    await expect(mira.card("Turned over")).to_be_visible()
    assert len([event for event in group.heard if isinstance(event, Press)]) == 1


async def test_two_at_once_see_each_other_but_not_each_others_answers(visit: Visit) -> None:
    mira, jonas = await visit("Mira"), await visit("Jonas")
    await mira.say("/challenge")
    await jonas.card("A question for all").get_by_role("button", name="Joined").click()
    await expect(jonas.card("You pressed join")).to_be_visible()
    await jonas.say("<b>I am in</b>")
    await expect(mira.page.get_by_text("<b>I am in</b>")).to_be_visible()
    await expect(mira.card("You pressed join")).to_have_count(0)
    await expect(mira.page.get_by_text("only you see this")).to_have_count(1)


async def test_everything_is_there_after_a_reload(visit: Visit) -> None:
    mira = await visit("Mira")
    await mira.say("/me")
    await expect(mira.card("About me")).to_be_visible()
    await mira.say("hello")
    await expect(mira.page.locator("article")).to_have_count(3)
    before = await mira.page.locator("article .body").all_inner_texts()
    await mira.page.reload()
    await expect(mira.page.locator("article")).to_have_count(3)
    assert await mira.page.locator("article .body").all_inner_texts() == before


async def test_a_click_while_the_server_is_down_counts_once_when_it_is_back(
    group: Group, visit: Visit
) -> None:
    mira = await visit("Mira")
    await mira.say("/me")
    start = mira.card("About me").get_by_role("button", name="Start")
    await expect(start).to_be_visible()
    await group.stop()
    await expect(mira.page.get_by_text("Reconnecting…")).to_be_visible()
    await start.click()
    await mira.say("said in between")
    await expect(mira.page.get_by_text("What you did is kept")).to_be_visible()
    await group.start()
    await expect(mira.card("Turned over")).to_be_visible()
    await expect(mira.page.get_by_text("said in between")).to_have_count(1)
    await expect(mira.page.locator("article")).to_have_count(3)
    await expect(mira.page.locator("#state")).to_be_empty()
    assert len([event for event in group.heard if isinstance(event, Press)]) == 1


async def test_what_is_typed_in_a_card_survives_its_edit(group: Group, visit: Visit) -> None:
    """As when somebody else joins the round meanwhile."""
    mira = await visit("Mira")
    asked = Card("How many?", (Input("Your answer", "type:1"), Text(("1 joined",))))
    posted = await group.platform.post(GENERAL, asked, "asked")
    box = mira.page.get_by_label("Your answer")
    await box.fill("42")
    await group.platform.edit(
        posted.message, Card("How many?", (Input("Your answer", "type:1"), Text(("2 joined",))))
    )
    await expect(mira.page.get_by_text("2 joined")).to_be_visible()
    await expect(box).to_be_focused()
    await box.press("Enter")
    await expect(mira.card("You pressed type:1")).to_contain_text("42")


async def test_ticked_boxes_are_sent_together(group: Group, visit: Visit) -> None:
    mira = await visit("Mira")
    await group.platform.post(GENERAL, EVERY, "every")
    card = mira.card("Every kind of block")
    await card.get_by_role("button", name="Send answer").click()
    await expect(mira.page.get_by_role("alert")).to_have_text("Tick at least one box first.")
    await card.get_by_label("Gating").check()
    await card.get_by_label("Clipping").check()
    await card.get_by_role("button", name="Send answer").click()
    await expect(mira.card("You pressed tick:9")).to_contain_text("a, b")
    await card.get_by_role("button", name="A", exact=True).click()
    await expect(mira.card("🇦 given")).to_be_visible()
    await expect(card.get_by_role("button", name="A", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )


async def test_a_countdown_follows_the_servers_clock_and_ends(group: Group, visit: Visit) -> None:
    mira = await visit("Mira")
    at = datetime.now(UTC)
    blocks = (Countdown(at + timedelta(seconds=70)), Countdown(at - timedelta(seconds=1)))
    await group.platform.post(GENERAL, Card("Quick", blocks), "quick")
    running, over = mira.page.get_by_role("timer").all(), mira.page.get_by_text("Time is up")
    await expect(over).to_be_visible()
    await expect((await running)[0]).to_contain_text("1:0")


async def test_another_channel_marks_what_is_unread(group: Group, visit: Visit) -> None:
    mira = await visit("Mira")
    await group.platform.post(Place("web", "web", "rnn"), Card("News"), "news")
    link = mira.page.get_by_role("link", name="rnn")
    await expect(link).to_contain_text("1 unread")
    await expect(mira.page).to_have_title("(1) #general · Torchproof")
    await link.click()
    await expect(mira.card("News")).to_be_visible()
    await expect(link).not_to_contain_text("unread")
    await mira.page.reload()
    await expect(mira.card("News")).to_be_visible()
    await expect(link).to_have_attribute("aria-current", "page")


async def test_who_reads_above_is_not_pulled_down(group: Group, visit: Visit) -> None:
    for number in range(120):
        await group.platform.post(GENERAL, Card(f"Card {number}"), f"card:{number}")
    mira = await visit("Mira")
    await expect(mira.card("Card 119")).to_be_in_viewport()
    await mira.page.get_by_role("log").evaluate("log => (log.scrollTop = 0)")
    await expect(mira.card("Card 20")).to_be_in_viewport()
    await group.platform.post(GENERAL, Card("The news"), "news")
    await mira.page.get_by_role("button", name="New messages").click()
    await expect(mira.card("The news")).to_be_in_viewport()
    await mira.page.get_by_role("log").evaluate("log => (log.scrollTop = 0)")
    await mira.page.get_by_role("button", name="Show earlier messages").click()
    await expect(mira.card("Card 0")).to_have_count(1)
    await expect(mira.card("Card 20")).to_be_in_viewport()


async def test_leaving_asks_first_then_goes_to_the_entrance(visit: Visit) -> None:
    mira = await visit("Mira")
    await mira.page.get_by_role("button", name="Leave").click()
    await expect(
        mira.page.get_by_role("button", name="Stay")
    ).to_be_focused()  # a hasty Enter changes nothing
    await mira.page.keyboard.press("Enter")
    await expect(mira.page.get_by_role("dialog")).to_be_hidden()
    await mira.page.get_by_role("button", name="Leave").click()
    await mira.page.get_by_role("dialog").get_by_role("button", name="Leave").click()
    await expect(mira.page.get_by_label("What shall we call you?")).to_be_visible()


async def test_on_a_phone_what_is_said_of_the_line_and_of_leaving_can_be_read(
    group: Group, visit: Visit
) -> None:
    mira = await visit("Mira", viewport={"width": 360, "height": 740})
    await mira.page.get_by_role("button", name="Leave").click()
    await expect(mira.page.get_by_role("dialog").get_by_role("heading")).to_be_in_viewport()
    await mira.page.keyboard.press("Escape")
    await group.stop()
    await mira.say("said in between")
    state = mira.page.get_by_text("What you did is kept")
    await expect(state).to_be_visible()
    box = await state.bounding_box()
    assert box
    assert (box["width"] > 300, box["height"] < 50) == (True, True)
    await group.start()


async def test_a_problem_at_the_entrance_is_said_and_tied_to_its_field(visit: Visit) -> None:
    await visit("Mira")
    other = await visit("")
    await other.page.goto(other.address)
    await other.page.get_by_label("What shall we call you?").fill("mira")
    await other.page.keyboard.press("Enter")
    await expect(other.page.get_by_role("alert")).to_contain_text("mira 2 is free")
    await expect(other.page.get_by_label("What shall we call you?")).to_have_value("mira")
    assert await other.violations() == []
    other.complaints = [one for one in other.complaints if "422" not in one]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1180])
async def test_every_block_is_accessible_and_fits(
    group: Group, visit: Visit, scheme: str, width: int
) -> None:
    """No violation of any axe rule, and nothing to scroll sideways."""
    blocks = (*EVERY.blocks, Picture(png(1600, 300), "A wide figure"), Text(("x" * 300,)))
    for number, tone in enumerate(("plain", "good", "bad", "partly", "over")):
        card = Card(
            f"Card {tone}",
            blocks if number == 0 else EVERY.blocks[:2],
            EVERY.buttons,
            tone,  # type: ignore[arg-type]
            EVERY.reactions,
        )
        await group.platform.post(GENERAL, card, tone)
    entrance = await visit("", viewport={"width": width, "height": 740}, color_scheme=scheme)
    await entrance.page.goto(entrance.address)
    assert (await entrance.violations(), await entrance.width()) == ([], width)
    await entrance.come_in("Mira")
    await entrance.say("/help")
    await entrance.say("look: `x`\n```python\nx = 1\n```")
    await expect(entrance.page.locator("article")).to_have_count(8)
    assert await entrance.violations() == []
    await entrance.box.press_sequentially("/")
    await expect(entrance.page.get_by_role("listbox")).to_be_visible()
    assert (await entrance.violations(), await entrance.width()) == ([], width)


async def test_a_running_card_keeps_its_height_while_its_seconds_pass(
    group: Group, visit: Visit
) -> None:
    mira = await visit("Mira")
    until = datetime.now(UTC) + timedelta(seconds=11)
    await group.platform.post(GENERAL, Card("Quick", (Countdown(until),)), "quick")
    timer = mira.page.get_by_role("timer")
    await expect(timer).to_contain_text("0:11")
    before = await mira.card("Quick").bounding_box()
    await expect(timer).to_contain_text("0:09")
    assert await mira.card("Quick").bounding_box() == before


async def test_the_message_box_is_no_trap_for_the_keyboard(visit: Visit) -> None:
    mira = await visit("Mira")
    keys = mira.page.keyboard
    await expect(mira.box).to_be_focused()
    await keys.press("Tab")
    await expect(mira.box).not_to_be_focused()
    await keys.press("Shift+Tab")
    await expect(mira.box).to_be_focused()
    await keys.press("Shift+Tab")
    await expect(mira.box).not_to_be_focused()
    await mira.box.focus()
    await keys.type("one")
    await keys.press("Shift+Enter")
    await keys.type("two")
    await expect(mira.box).to_have_value("one\ntwo")


async def test_a_key_held_down_presses_once(group: Group, visit: Visit) -> None:
    async def script(event: Event, reply: Reply) -> None:
        card = Card(f"Step {len(group.heard)}", (), (Button("Next", "next"),))
        await (reply.replace(card) if isinstance(event, Press) else reply.whisper(card))

    group.script = script
    mira = await visit("Mira")
    await mira.say("/pack")
    await mira.card("Step 1").get_by_role("button", name="Next").focus()
    for _ in range(4):  # without a release, these are repeats of one key press
        await mira.page.keyboard.down("Enter")
    await mira.page.keyboard.up("Enter")
    await expect(mira.card("Step 2")).to_be_visible()
    await mira.say("a line after it all")
    await expect(mira.page.get_by_text("a line after it all")).to_be_visible()
    assert sum(isinstance(event, Press) for event in group.heard) == 1
