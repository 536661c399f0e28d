from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import pytest

from bot.store.database import Database
from tests.conftest import Clock
from tests.stories.discord import on_discord
from tests.stories.paper import on_paper
from tests.stories.questions import bank
from tests.stories.shop import Shop, opened
from tests.stories.stage import Stage
from tests.stories.web import on_the_web

STAGES: Mapping[str, Callable[..., AbstractAsyncContextManager[Stage]]] = {"paper": on_paper, "web": on_the_web}
SETTINGS = (("paper", "sqlite"), ("paper", "postgresql"), ("web", "sqlite"), ("discord", "sqlite"))


@pytest.fixture(params=SETTINGS, ids="-".join)
def setting(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A platform and an engine; each of them is met at least once."""
    platform, engine = request.param
    return str(platform), str(engine)


@pytest.fixture
def engine(setting: tuple[str, str]) -> str:
    return setting[1]


@pytest.fixture
async def shop(
    setting: tuple[str, str], database: Database, clock: Clock, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Shop]:
    on_stage = STAGES.get(setting[0]) or partial(on_discord, request.getfixturevalue("discord_address"))
    async with opened(on_stage, tmp_path, database, bank(tmp_path / "questions"), clock) as shop:
        yield shop


@pytest.fixture
async def stage(
    setting: tuple[str, str], database: Database, clock: Clock, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Stage]:
    on_stage = STAGES.get(setting[0]) or partial(on_discord, request.getfixturevalue("discord_address"))
    async with on_stage(database, bank(tmp_path / "questions"), clock) as stage:
        yield stage
        await stage.well()
