"""Typing: what is suggested, and code over several lines."""

import pytest
from playwright.async_api import expect

from bot.chat.platform_interface import Command
from tests.chat.web.group import Group
from tests.chat.web.page.conftest import Visit
from tests.chat.web.page.test_changes import watch

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_list_of_suggestions_is_told_once_and_not_with_each_key(visit: Visit) -> None:
    mira = await visit("Mira")
    await watch(mira)
    await mira.box.press_sequentially("/cha")
    await expect(mira.page.locator("#said")).to_contain_text("suggestion")
    await mira.box.press_sequentially("llenge ")
    await mira.page.keyboard.press("ArrowDown")
    await expect(mira.page.get_by_role("option", selected=True)).to_have_count(1)
    await mira.box.fill("")
    await expect(mira.page.get_by_role("listbox")).to_be_hidden()
    told = await mira.page.evaluate("told")
    assert len(told) == 1, told


async def test_what_has_to_be_named_is_suggested_by_its_name(group: Group, visit: Visit) -> None:
    """Nobody can know by heart what a schedule is made of."""
    owner = await visit("")
    await owner.page.goto(group.platform.owner_link)
    await owner.page.get_by_label("What shall we call you?").fill("Owner")
    await owner.page.keyboard.press("Enter")
    await expect(owner.box).to_be_focused()
    await owner.page.keyboard.type("/schedule add ")
    await expect(
        owner.page.get_by_role("option", name="packs: add, change: one pack or several")
    ).to_be_visible()
    await owner.page.keyboard.type("pac")
    await owner.page.keyboard.press("Enter")
    await expect(owner.box).to_have_value("/schedule add packs:")
    await owner.page.keyboard.type("gru at:9:00 pac")
    await expect(owner.page.get_by_role("listbox")).to_be_hidden()
    await owner.page.keyboard.press("Enter")
    await expect(owner.box).to_have_value("")


async def test_code_is_typed_line_by_line_and_run_with_one_press(
    group: Group, visit: Visit
) -> None:
    mira = await visit("Mira")
    keys = mira.page.keyboard
    await expect(mira.box).to_be_focused()
    for line in ("try this:```python", "for x in range(3):", "print(x)"):
        await keys.type(line)
        await keys.press("Enter")
    await keys.type("```")
    await expect(mira.box).to_have_value(
        "try this:```python\nfor x in range(3):\n    print(x)\n    ```"
    )
    await keys.press("Enter")
    await expect(mira.box).to_have_value("")
    run = mira.page.get_by_role("button", name="Run", exact=True)
    await run.focus()
    await keys.press("Enter")
    await expect(mira.card("About run")).to_be_visible()
    heard = group.heard[0]
    assert isinstance(heard, Command)
    assert heard.args == {"code": "for x in range(3):\n    print(x)"}


async def test_a_run_typed_over_several_lines_keeps_its_shape(group: Group, visit: Visit) -> None:
    mira = await visit("Mira")
    keys = mira.page.keyboard
    await expect(mira.box).to_be_focused()
    await keys.type("/run")
    await keys.press("Escape")
    for line in ("def f():", "return 1"):
        await keys.press("Shift+Enter")
        await keys.type(line)
    await keys.press("Enter")
    await expect(mira.card("About run")).to_be_visible()
    heard = group.heard[0]
    assert isinstance(heard, Command)
    assert heard.args == {"code": "def f():\n    return 1"}


async def test_on_a_phone_a_line_of_code_ends_with_enter_and_the_button_sends(
    group: Group, visit: Visit
) -> None:
    mira = await visit(
        "Mira", has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740}
    )
    await mira.box.tap()
    for line in ("/run x = 1", "print(x)"):
        await mira.page.keyboard.type(line)
        await mira.page.keyboard.press("Enter")
    await expect(mira.box).to_have_value("/run x = 1\nprint(x)\n")
    await mira.page.get_by_role("button", name="Send").tap()
    await expect(mira.card("About run")).to_be_visible()
    heard = group.heard[0]
    assert isinstance(heard, Command)
    assert heard.args == {"code": "x = 1\nprint(x)"}


async def test_code_is_copied_as_it_was_written(visit: Visit) -> None:
    mira = await visit("Mira", permissions=["clipboard-read", "clipboard-write"])
    await mira.say("```python\nif x:\n    y = '<b>'\n```")
    await mira.page.get_by_role("button", name="Copy").click()
    await expect(mira.page.get_by_role("button", name="Copied")).to_be_visible()
    assert await mira.page.evaluate("navigator.clipboard.readText()") == "if x:\n    y = '<b>'"


async def test_what_is_pasted_keeps_its_lines(group: Group, visit: Visit) -> None:
    mira = await visit("Mira", permissions=["clipboard-read", "clipboard-write"])
    code = "/run\nif True:\n\tprint(1)\n\n\tprint(2)"
    await mira.page.evaluate("text => navigator.clipboard.writeText(text)", code)
    await mira.box.press("Control+V")
    await expect(mira.box).to_have_value(code)
    await mira.page.keyboard.press("Enter")
    await expect(mira.card("About run")).to_be_visible()
    heard = group.heard[0]
    assert isinstance(heard, Command)
    assert heard.args == {"code": "if True:\n\tprint(1)\n\n\tprint(2)"}
