"""Changing one tree into another."""

import pytest
from playwright.async_api import Browser

from tests.chat.web.group import Group

pytestmark = pytest.mark.asyncio(loop_scope="session")

TRIALS = """
async (trials) => {
  const { morph } = await import("/page/morph.js");
  let seed = 7;
  const draw = (n) => (seed = (seed * 48271) % 2147483647) % n;
  const tags = ["p", "div", "button", "ul", "input"];
  const names = ["data-action", "class", "data-emoji", "data-run", "title"];
  const tree = (depth) => {
    const element = document.createElement(tags[draw(tags.length)]);
    for (let n = draw(3); n; n--) element.setAttribute(names[draw(names.length)], `v${draw(3)}`);
    if (element.tagName !== "INPUT")
      for (let n = depth ? draw(5) : 0; n; n--)
        element.append(draw(3) ? tree(depth - 1) : `words ${draw(4)}`);
    return element;
  };
  const wrong = [];
  for (let trial = 0; trial < trials; trial++) {
    const [stands, wanted] = [document.createElement("div"), document.createElement("div")];
    for (let n = draw(4); n; n--) stands.append(tree(3));
    for (let n = draw(4); n; n--) wanted.append(tree(3));
    const before = wanted.cloneNode(true);
    morph(stands, wanted);
    if (!stands.isEqualNode(before)) wrong.push([stands.outerHTML, before.outerHTML]);
  }
  return wrong;
}
"""


async def test_any_tree_becomes_any_other(browser: Browser, group: Group) -> None:
    page = await browser.new_page()
    await page.goto(group.address)
    assert await page.evaluate(TRIALS, 2000) == []
    await page.close()


async def test_a_control_that_does_something_else_is_another_one(
    browser: Browser, group: Group
) -> None:
    """Else a key on its way to *Hint* would press what stands in its place since."""
    page = await browser.new_page()
    await page.goto(group.address)
    same = """
    async ([one, other]) => {
      const { morph } = await import("/page/morph.js");
      const [stands, wanted] = [document.createElement("div"), document.createElement("div")];
      stands.innerHTML = one;
      wanted.innerHTML = other;
      const before = stands.querySelector("button");
      morph(stands, wanted);
      return stands.querySelector("button") === before;
    }
    """
    hint = '<p>1 in</p><div><button data-action="hint:1">Hint</button></div>'
    for other, stays in (
        ('<p>2 in</p><p>new</p><div><button data-action="hint:1">Hint (free)</button></div>', True),
        ('<p>1 in</p><div><button data-action="report:1">Hint</button></div>', False),
    ):
        assert await page.evaluate(same, [hint, other]) is stays
    await page.close()
