"""What people write is shown as they wrote it, and nothing else comes of it."""

from pathlib import Path

import pytest

from bot.store.sql.database import Database
from tests.conftest import Clock
from tests.stories.questions import bank
from tests.stories.web import on_the_web

pytestmark = pytest.mark.parametrize("setting", [("web", "sqlite")])
SCRIPT = "<script>alert(1)</script>"


async def test_markup_in_a_name_a_line_and_an_answer_reaches_nobody_as_markup(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    async with on_the_web(database, bank(tmp_path / "questions"), clock) as stage:
        mallory, ada = await stage.enter(f"M{SCRIPT}"), await stage.enter("Ada")
        await mallory.type(SCRIPT)
        await mallory.type("/challenge figures kind:conceptual")
        for _ in range(2):
            await mallory.write(SCRIPT)
        await mallory.press("Report", on="Worth: up to")
        await mallory.press("Something else")
        await stage.wait(92)
        await ada.see("Answers: 0 right, 1 other")
        await stage.count()
        await mallory.type("/me")
        await mallory.type("/board")
        for member in (mallory, ada):
            assert not any("<script" in note["html"] for note in member.browser.notes.values())
            assert any("&lt;script&gt;" in note["html"] for note in member.browser.notes.values())


@pytest.mark.parametrize("name", ["A" * 10_000, "\u202e" * 50, "\u200b", "", "torchproof"])
async def test_a_name_that_is_none_lets_nobody_in_and_leaves_no_trace(
    name: str, database: Database, clock: Clock, tmp_path: Path
) -> None:
    async with on_the_web(database, bank(tmp_path / "questions"), clock) as stage:
        with pytest.raises(AssertionError):
            await stage.enter(name)
        ada = await stage.enter("Ada")
        assert await ada.texts() == []
