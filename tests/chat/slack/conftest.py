from collections.abc import AsyncIterator

import pytest

from bot.chat.slack.platform import SlackPlatform
from tests.chat.discord.scene import Talk
from tests.chat.slack.scene import served
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
async def eve(home: Workspace) -> Member:
    """She looks after the workspace."""
    return await home.join("Eve", admin=True)


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture(params=("socket", "http"))
async def bot(
    request: pytest.FixtureRequest, slack: Slack, home: Workspace, talk: Talk
) -> AsyncIterator[SlackPlatform]:
    """The platform, by either way in which Slack reaches it."""
    async with served(slack, home, talk, signed=request.param == "http") as made:
        yield made
