"""Two bots that draw the same card."""

import asyncio
from pathlib import Path

import pytest

from bot.app import build
from bot.chat.card import Card
from bot.identity import MessageRef
from bot.store.sql.database import Database
from tests.conftest import Clock
from tests.stories.paper import NAME, PaperPlatform, PaperStage
from tests.stories.questions import bank
from tests.stories.stage import DEADLINE_S, running


class SlowPaper(PaperPlatform):
    """One whose next edit waits until it is let go."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock.now)
        self.slow = False
        self.begun, self.free = asyncio.Event(), asyncio.Event()
        self.late: list[str] = []

    async def edit(self, message: MessageRef, card: Card) -> None:
        if self.slow:
            self.slow = False
            self.begun.set()
            await self.free.wait()
        if self.begun.is_set():
            self.late.append(card.title)
        await super().edit(message, card)


@pytest.fixture
def engine() -> str:
    return "sqlite"


async def test_a_counter_drawn_late_does_not_stay_over_the_end_that_another_bot_drew(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    questions = bank(tmp_path / "questions")
    here, there = SlowPaper(clock), PaperPlatform(clock.now)
    bots = [
        build(database, lambda: questions, {NAME: one}, "UTC", clock.now, pause=0)
        for one in (here, there)
    ]
    async with running(bots[0], here.ready), running(bots[1], there.ready):
        there.sheets, there._keys = here.sheets, here._keys  # one channel, two bots
        stage = PaperStage(bots[0], clock, here, questions)
        ada = await stage.enter("Ada")
        await ada.type("/challenge gates level:intermediate")
        await ada.see("Worth: up to")
        here.slow = True
        await ada.press("I’m in")
        await asyncio.wait_for(here.begun.wait(), DEADLINE_S)
        clock.advance(600)
        await bots[1].closing.close_due()
        assert "(over)" in here.sheets["1"].card.title
        here.free.set()
        async with asyncio.timeout(DEADLINE_S):
            while len(here.late) < 2:
                await here.changed()
        assert here.late == ["🧠 What a gate does", "🧠 What a gate does (over)"]
        assert here.sheets["1"].card.title == here.late[-1]


async def test_a_counter_rests_between_two_drawings_however_much_changes_meanwhile(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    questions = bank(tmp_path / "questions")
    here = SlowPaper(clock)
    bot = build(database, lambda: questions, {NAME: here}, "UTC", clock.now, pause=3600)
    async with running(bot, here.ready):
        stage = PaperStage(bot, clock, here, questions)
        ada, bob = await stage.enter("Ada"), await stage.enter("Bob")
        await ada.type("/challenge gates level:intermediate")
        await ada.see("Worth: up to")
        here.slow = True
        await ada.press("I’m in")
        await asyncio.wait_for(here.begun.wait(), DEADLINE_S)
        await bob.press("I’m in")
        here.free.set()
        async with asyncio.timeout(DEADLINE_S):
            while not here.late:
                await here.changed()
        await bob.type("/board")
        await bob.see("This week, here")
        assert len(here.late) == 1
