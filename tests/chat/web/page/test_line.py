"""The page's line to the server: nothing done is lost, nothing drawn goes back."""

import asyncio
import json

import pytest
from playwright.async_api import WebSocketRoute, expect

from tests.chat.web.group import DEADLINE_S, Group
from tests.chat.web.page.conftest import Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")
MANY = 30


async def test_whatever_is_said_while_offline_is_said_in_its_order_when_back(
    group: Group, visit: Visit
) -> None:
    mira = await visit("Mira")
    await group.stop()
    await expect(mira.page.get_by_text("Reconnecting…")).to_be_visible()
    for number in range(MANY):
        await mira.page.evaluate(
            "text => { message.value = text; composer.requestSubmit(); }", f"line {number}"
        )
    await group.start()
    await expect(mira.page.locator("article .said")).to_have_text(
        [f"line {number}" for number in range(MANY)], timeout=20_000
    )
    await expect(mira.page.get_by_role("alert")).to_be_hidden()
    assert await mira.page.evaluate("sessionStorage.getItem('torchproof-acts')") == "[]"


async def test_what_is_looked_up_of_the_past_skips_nothing_that_is_still_to_come(
    visit: Visit,
) -> None:
    """The next connection asks for all after what came without gaps.

    An old drawing never covers a newer one.
    """
    mira = await visit("")
    asked: list[str] = []
    again = asyncio.Event()

    def note(version: int, title: str) -> dict[str, object]:
        html, at = (
            f'<div class="card plain"><h3>{title}</h3></div>',
            "2026-03-02T09:00:00.000+00:00",
        )
        rest = {
            "author": "Torchproof",
            "bot": True,
            "mine": False,
            "private": False,
            "text": title,
            "at": at,
        }
        return {"id": 1, "version": version, "channel": "general", "html": html, **rest}

    async def answer(socket: WebSocketRoute) -> None:
        asked.append(socket.url.rpartition("=")[2])
        anew = len(asked) == 1
        welcome = {
            "kind": "welcome",
            "name": "Mira",
            "admin": False,
            "channels": ["general"],
            "verbs": [],
            "now": 0,
        }
        past = {"kind": "past", "channel": "general", "more": False, "notes": [note(9, "Newer")]}
        late = {"kind": "notes", "notes": [note(6, "Older")]}
        for frame in ({**welcome, "anew": anew, "version": 5}, *((past,) if anew else ()), late):
            socket.send(json.dumps(frame))
        if anew:
            await socket.close()
        else:
            again.set()

    await mira.page.route_web_socket("**/live*", answer)
    await mira.come_in("Mira")
    await asyncio.wait_for(again.wait(), DEADLINE_S)
    await expect(mira.card("Newer")).to_be_visible()
    assert asked == ["0", "6"]
