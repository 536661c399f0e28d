"""Cards that change in place.

Who acted is led on, and nobody else is moved, interrupted or spoken to.
"""

import pytest
from playwright.async_api import expect

from bot.chat.card import Button, Card, Choice, Code, Input, Options, ShownOption, Text
from bot.chat.platform_interface import Command, Event, Press, Reply
from bot.identity import MessageRef, Place
from tests.chat.web.browsing import Member
from tests.chat.web.group import Group
from tests.chat.web.page.conftest import Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

GENERAL = Place("web", "web", "general")
LETTERS = Options((ShownOption("A", ("one",)), ShownOption("B", ("two",))))
TALL = tuple(Text((f"Paragraph {number}",)) for number in range(60))


def counting(joined: int) -> Card:
    blocks = (
        LETTERS,
        Choice("Which?", "tick:1", (("x", "X"), ("y", "Y"))),
        Text((f"{joined} in",), note=True),
    )
    return Card(
        "A round", blocks, (Button("A", "say:A"), Button("B", "say:B"), Button("Hint", "hint"))
    )


async def watch(member: Member) -> None:
    """From now on, what a screen reader is told beside the messages is kept."""
    await member.page.evaluate(
        "window.told = []; "
        "new MutationObserver(() => said.textContent && told.push(said.textContent))"
        ".observe(said, { childList: true, characterData: true, subtree: true })"
    )


async def place(member: Member) -> float:
    return float(await member.page.get_by_role("log").evaluate("log => log.scrollTop"))


async def top(member: Member, title: str) -> float:
    """How far below the head of the view a card begins."""
    inside = (
        "article => article.getBoundingClientRect().top - "
        "article.closest('[role=log]').getBoundingClientRect().top"
    )
    return float(await member.card(title).evaluate(inside))


async def test_a_counter_changes_quietly_under_whoever_has_the_focus(
    group: Group, visit: Visit
) -> None:
    posted = await group.platform.post(GENERAL, counting(1), "round")
    mira = await visit("Mira")
    answer = mira.card("A round").get_by_role("button", name="B two")
    await mira.card("A round").get_by_label("Y").check()
    await answer.focus()
    await watch(mira)
    await answer.evaluate("button => (window.before = button)")
    before = await place(mira)
    for joined in (2, 3):
        await group.platform.edit(posted.message, counting(joined))
        await expect(mira.page.get_by_text(f"{joined} in")).to_be_visible()
    assert await answer.evaluate("button => button === before && button === document.activeElement")
    await expect(mira.card("A round").get_by_label("Y")).to_be_checked()
    assert (await place(mira), await mira.page.evaluate("told")) == (before, [])


async def test_a_card_that_grows_moves_nobody_who_looks_at_it_or_below_it(
    group: Group, visit: Visit
) -> None:
    first = await group.platform.post(GENERAL, Card("First"), "first")
    await group.platform.post(GENERAL, Card("Tall", TALL), "tall")
    middle = await group.platform.post(GENERAL, Card("Middle"), "middle")
    last = await group.platform.post(GENERAL, Card("Last"), "last")
    mira = await visit("Mira")
    await expect(mira.card("Last")).to_be_in_viewport()
    before = await top(mira, "Last")
    await group.platform.edit(first.message, Card("First, grown", TALL))
    await expect(mira.card("First, grown")).to_have_count(1)
    assert abs(await top(mira, "Last") - before) < 1
    await group.platform.edit(middle.message, Card("Middle, grown", TALL))
    await expect(mira.card("Middle, grown")).to_have_count(1)
    assert abs(await top(mira, "Last") - before) < 1
    await group.platform.edit(last.message, Card("Last, grown", TALL))
    await expect(mira.card("Last, grown")).to_have_count(1)
    assert abs(await top(mira, "Last, grown") - before) < 1
    await group.platform.post(GENERAL, Card("News"), "news")
    await expect(mira.card("News")).to_be_in_viewport()  # who looked at the newest still does


async def test_what_one_asked_for_is_followed_while_it_grows(group: Group, visit: Visit) -> None:
    await group.platform.post(GENERAL, Card("Tall", TALL), "tall")
    mira = await visit("Mira")
    await mira.say("/challenge")
    await expect(mira.card("A question for all")).to_be_in_viewport()
    seen = await group.storage.recent("general", "", None, 1)
    await group.platform.edit(
        MessageRef(GENERAL, str(seen[0].id)),
        Card("Answered", TALL[:8], (Button("The end", "end"),)),
    )
    await expect(mira.page.get_by_role("button", name="The end")).to_be_in_viewport()


async def test_a_tall_card_that_is_turned_is_shown_from_its_head(
    group: Group, visit: Visit
) -> None:
    async def script(event: Event, reply: Reply) -> None:
        card = Card(
            "Next one" if isinstance(event, Press) else "Long",
            TALL,
            (Button("Next", "next"), Button("Other", "other")),
        )
        await (reply.replace(card) if isinstance(event, Press) else reply.whisper(card))

    group.script = script
    mira = await visit("Mira")
    await mira.say("/pack")
    await mira.card("Long").get_by_role("button", name="Next").click()
    await expect(mira.card("Next one").get_by_role("heading")).to_be_in_viewport()
    await expect(mira.card("Next one").get_by_role("button", name="Next")).to_be_focused()


async def test_who_answers_by_keyboard_is_led_on_to_what_comes_of_it(
    group: Group, visit: Visit
) -> None:
    async def script(event: Event, reply: Reply) -> None:
        if isinstance(event, Press) and event.action == "say:A":
            await reply.whisper(Card("Not that", (Text(("One try left.",)),)))
        else:
            await reply.whisper(
                Card("Right", (), (Button("Why these points?", "why"), Button("Prove it", "prove")))
            )

    group.script = script
    await group.platform.post(GENERAL, counting(1), "round")
    mira = await visit("Mira")
    first, second = (
        mira.card("A round").get_by_role("button", name=name) for name in ("A one", "B two")
    )
    await first.focus()
    await mira.page.keyboard.press("Enter")
    await expect(mira.card("Not that")).to_be_visible()
    await expect(first).to_be_focused()
    await mira.page.keyboard.press("b")
    await mira.page.keyboard.press("Enter")
    await expect(mira.card("Right").get_by_role("button", name="Why these points?")).to_be_focused()
    called = await mira.card("Right").evaluate(
        "card => document.getElementById("
        "card.getAttribute('aria-labelledby').split(' ')[0]).textContent"
    )
    assert called == "Right"
    await second.click()
    await expect(mira.card("Right")).to_have_count(2)
    await expect(second).to_be_focused()  # a mouse is where it points


async def test_asking_everyone_by_keyboard_leads_to_the_question_and_to_none_of_its_answers(
    group: Group, visit: Visit
) -> None:
    """A key pressed twice would else answer it; a letter then goes to its answer."""

    async def script(event: Event, reply: Reply) -> None:
        if isinstance(event, Press) and event.action == "challenge":
            await reply.show(counting(1))

    group.script = script
    await group.platform.post(
        GENERAL, Card("Over", (), (Button("Ask another", "challenge"),)), "over"
    )
    mira = await visit("Mira")
    await mira.page.get_by_role("button", name="Ask another").focus()
    await mira.page.keyboard.press("Enter")
    await expect(mira.card("A round")).to_be_focused()
    await mira.page.keyboard.press("b")
    await expect(mira.card("A round").get_by_role("button", name="B two")).to_be_focused()


async def test_a_typed_answer_that_was_wrong_is_replaced_by_the_next_one(
    group: Group, visit: Visit
) -> None:
    async def script(event: Event, reply: Reply) -> None:
        tries = sum(isinstance(one, Press) for one in group.heard)
        card = Card(f"Try {tries + 1}", (Input("How many?", "type:1"),))
        await (reply.replace(card) if isinstance(event, Press) else reply.whisper(card))

    group.script = script
    mira = await visit("Mira")
    await mira.say("/practice")
    await mira.page.get_by_label("How many?").fill("41")
    await mira.page.keyboard.press("Enter")
    await expect(mira.card("Try 2")).to_be_visible()
    await expect(mira.page.locator("article[aria-busy]")).to_have_count(0)
    await mira.page.keyboard.type("42")
    await mira.page.keyboard.press("Enter")
    await expect(mira.card("Try 3")).to_be_visible()
    assert [one.values for one in group.heard if isinstance(one, Press)] == [("41",), ("42",)]


async def test_the_end_of_a_round_puts_no_button_under_a_key_on_its_way(
    group: Group, visit: Visit
) -> None:
    asked = await group.platform.post(
        GENERAL, Card("Asked", (Input("How many?", "type:1"),)), "asked"
    )
    mira = await visit("Mira")
    await mira.page.get_by_label("How many?").fill("4")
    await watch(mira)
    await group.platform.edit(
        asked.message, Card("Asked (over)", (Code("x = 1"),), (Button("Ask another", "challenge"),))
    )
    await expect(mira.card("Asked (over)")).to_be_focused()
    await expect(mira.page.locator("#said")).to_have_text("Asked (over)")
    await mira.page.keyboard.press("Enter")
    await mira.say("/help")
    await expect(mira.card("About help")).to_be_visible()
    assert [type(event) for event in group.heard] == [Command]
