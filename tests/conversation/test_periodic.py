"""What comes round by itself: the heart beats, whatever platforms do."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import build
from bot.chat.card import Card
from bot.conversation.periodic import PeriodicWork
from bot.identity import Person, Place
from bot.quizmaster.core import Core
from bot.quizmaster.streaks import OUTAGE, LapseRecorder
from bot.store.sql.database import Database
from bot.store.sql.tables.streaks import outages
from tests.conftest import Clock
from tests.quizmaster.test_reminders_and_digests import ADA, daily, reminded
from tests.store.scene import HALL, Scene
from tests.stories.paper import NAME, PaperPlatform
from tests.stories.questions import bank
from tests.stories.stage import DEADLINE_S


class Stuck(PaperPlatform):
    """Takes a letter and never answers."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock.now)
        self.taken = asyncio.Event()

    async def send_private(self, person: Person, place: Place, card: Card, key: str) -> bool:  # noqa: ARG002 (it stops here)
        self.taken.set()
        await asyncio.Event().wait()
        raise AssertionError


class Heart(LapseRecorder):
    """Tells of each beat."""

    beaten = datetime.min.replace(tzinfo=UTC)

    def __init__(self, shared: Core) -> None:
        super().__init__(shared, OUTAGE)
        self._rung = asyncio.Event()

    async def heartbeat(self, now: datetime) -> None:
        await super().heartbeat(now)
        self.beaten = now
        self._rung.set()

    async def beats(self, at: datetime) -> None:
        """Return when it has beaten at this instant."""
        while self.beaten < at:
            self._rung.clear()
            await self._rung.wait()


async def test_a_platform_that_takes_long_over_letters_is_no_absence_of_ours(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    ada, reminders, _ = await reminded(database)
    await daily(database)
    await reminders.set_hour(ada, ADA, HALL, "9", clock.now() - timedelta(minutes=1))
    platform, asked = Stuck(clock), bank(tmp_path / "questions")
    bot = build(database, lambda: asked, {NAME: platform}, "UTC", clock.now)
    shared = Core(database, lambda: asked, "UTC", clock.now)
    heart = Heart(shared)
    keeper = PeriodicWork(heart, bot.periodic.reminders, bot.periodic.digests, pause=0)
    running = asyncio.create_task(keeper.run())
    async with asyncio.timeout(DEADLINE_S):
        await platform.taken.wait()
        for _ in range(3):
            clock.advance(120)
            await heart.beats(clock.now())
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await Scene(database).rows(outages) == []
