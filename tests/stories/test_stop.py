"""A bot that is stopped while somebody answers."""

from pathlib import Path

import pytest

from bot.store.sql.database import Database
from bot.store.sql.tables.rounds import attempts
from tests.conftest import Clock
from tests.store.scene import Scene
from tests.stories.questions import bank
from tests.stories.web import on_the_web

pytestmark = pytest.mark.parametrize("setting", [("web", "sqlite")])


async def test_an_answer_under_way_when_the_bot_is_stopped_is_still_written(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    async with on_the_web(database, bank(tmp_path / "questions"), clock) as stage:
        ada = await stage.enter("Ada")
        await ada.type("/challenge gates level:intermediate")
        card = await ada.see("Worth: up to")
        action = card.buttons["A"]
        await ada.browser.send(
            kind="press", id="a-press-at-the-end", channel="general", message=card.id, action=action
        )
        await ada.up_to_date()
    assert len(await Scene(database).rows(attempts)) == 1
