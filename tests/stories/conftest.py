from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.database import Database
from tests.conftest import Clock
from tests.stories.paper import on_paper
from tests.stories.questions import bank
from tests.stories.stage import Stage
from tests.stories.web import on_the_web

STAGES = {"paper": on_paper, "web": on_the_web}


@pytest.fixture(params=STAGES)
async def stage(
    request: pytest.FixtureRequest, database: Database, clock: Clock, tmp_path: Path
) -> AsyncIterator[Stage]:
    """The house on each platform, over each database."""
    async with STAGES[request.param](database, bank(tmp_path / "questions"), clock) as stage:
        yield stage
        await stage.well()
