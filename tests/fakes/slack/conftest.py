from collections.abc import AsyncIterator

import pytest

from tests.fakes.slack.bare import Bare, bare
from tests.fakes.slack.workspace import Member, Slack, Workspace


@pytest.fixture
async def home(slack: Slack) -> Workspace:
    return await slack.workspace("Study group")


@pytest.fixture
async def ada(home: Workspace) -> Member:
    return await home.join("Ada")


@pytest.fixture
async def bob(home: Workspace) -> Member:
    return await home.join("Bob")


@pytest.fixture
async def bot(slack: Slack, home: Workspace) -> AsyncIterator[Bare]:
    async with bare(slack, home) as bot:
        yield bot
