from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager as Opened
from functools import partial
from pathlib import Path

import pytest

from bot.store.sql.database import Database
from tests.conftest import Clock
from tests.stories.discord import on_discord
from tests.stories.paper import on_paper
from tests.stories.questions import bank
from tests.stories.slack import on_slack
from tests.stories.stage import Stage
from tests.stories.web import on_the_web
from tests.stories.worker_stage import WorkerStage, opened

STAGES: dict[str, Callable[..., Opened[Stage]]] = {"paper": on_paper, "web": on_the_web}
SETTINGS = (
    ("paper", "sqlite"),
    ("paper", "postgresql"),
    ("web", "sqlite"),
    ("discord", "sqlite"),
    ("slack", "sqlite"),
    ("slack-http", "sqlite"),
)


@pytest.fixture(params=SETTINGS, ids="-".join)
def setting(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A platform and an engine; each of them is met at least once."""
    platform, engine = request.param
    return str(platform), str(engine)


@pytest.fixture
def engine(setting: tuple[str, str]) -> str:
    return setting[1]


def staging(platform: str, request: pytest.FixtureRequest) -> Callable[..., Opened[Stage]]:
    """What opens a stage on a platform; what it is told besides goes to the bot."""
    name, _, way = platform.partition("-")
    if name == "slack":
        return partial(on_slack, request.getfixturevalue("slack_address"), signed=way == "http")
    if name == "discord":
        return partial(on_discord, request.getfixturevalue("discord_address"))
    return STAGES[name]


@pytest.fixture
async def worker_stage(
    setting: tuple[str, str],
    database: Database,
    clock: Clock,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> AsyncIterator[WorkerStage]:
    async with opened(
        staging(setting[0], request), tmp_path, database, bank(tmp_path / "questions"), clock
    ) as worker_stage:
        yield worker_stage


@pytest.fixture
async def stage(
    setting: tuple[str, str],
    database: Database,
    clock: Clock,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> AsyncIterator[Stage]:
    async with staging(setting[0], request)(database, bank(tmp_path / "questions"), clock) as stage:
        yield stage
        await stage.well()
