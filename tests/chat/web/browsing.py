"""A real browser, and one person at it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """The system's Chromium where there is one, else Playwright's own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS
        )
        yield browser
        await browser.close()


class Member:
    """Somebody at a browser window of their own. What the page complains of is gathered."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self._hear(message.type, message.text))

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error" and "WebSocket" not in text and "ERR_CONNECTION" not in text:
            self.complaints.append(text)

    async def come_in(self, name: str) -> None:
        await self.page.goto(self.address)
        await self.page.get_by_label("What shall we call you?").fill(name)
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator("nav a").first).to_be_visible()

    async def say(self, text: str) -> None:
        await self.box.fill(text)
        await self.box.press("Enter")

    @property
    def box(self) -> Locator:
        return self.page.get_by_label("Message or command")

    def card(self, title: str) -> Locator:
        return self.page.locator(
            "article", has=self.page.get_by_role("heading", name=title, exact=True)
        )

    async def violations(self) -> list[dict[str, Any]]:
        found = await Axe().run(self.page)
        return [
            {"rule": one["id"], "where": [node["html"][:200] for node in one["nodes"]]}
            for one in found.response["violations"]
        ]

    async def width(self) -> int:
        return int(await self.page.evaluate("document.documentElement.scrollWidth"))
