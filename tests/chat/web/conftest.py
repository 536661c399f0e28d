from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.chat.web.group import Group, Guest, gathering

Invite = Callable[[str], Awaitable[Guest]]


@pytest.fixture
async def group(tmp_path: Path) -> AsyncIterator[Group]:
    async with gathering(tmp_path / "chat.db") as group:
        yield group


@pytest.fixture
async def stranger(group: Group) -> AsyncIterator[Guest]:
    """A browser that has never been here."""
    guest = Guest(group)
    yield guest
    await guest.session.close()


@pytest.fixture
async def invite(group: Group) -> AsyncIterator[Invite]:
    """Lets people come in by name."""
    async with AsyncExitStack() as stack:

        async def come(name: str) -> Guest:
            guest = Guest(group)
            stack.push_async_callback(guest.session.close)
            status, page = await guest.enter(name)
            assert (status, 'id="composer"' in page) == (200, True), page
            return guest

        yield come
