"""The page in a real browser."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser

from tests.chat.web.browsing import Member, launched
from tests.chat.web.group import Group, gathering

Visit = Callable[..., Awaitable[Member]]


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def group(tmp_path: Path) -> AsyncIterator[Group]:
    async with gathering(tmp_path / "chat.db") as group:
        yield group


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, group: Group) -> AsyncIterator[Visit]:
    """Opens a window for somebody; at the end no window may have complained."""
    async with AsyncExitStack() as stack:
        members: list[Member] = []

        async def come(name: str, **wishes: Any) -> Member:
            window = await browser.new_context(**wishes)
            window.set_default_timeout(10_000)
            stack.push_async_callback(window.close)
            member = Member(await window.new_page(), group.address)
            members.append(member)
            if name:
                await member.come_in(name)
            return member

        yield come
        assert [complaint for member in members for complaint in member.complaints] == []
