"""Several processes at one database and an admin, whose schedules they look after."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.identity import MessageRef, Place
from bot.model.daily import Occurrence
from bot.model.schedules import Schedule, WantedSchedule
from bot.quizmaster.daily.daily import Daily
from bot.quizmaster.schedules.schedules import Schedules
from bot.store.sql.tables.daily import occurrences as dates
from tests.quizmaster.conftest import HALL, Quiz
from tests.store.scene import Scene

TEN = WantedSchedule(at="10:00", packs="gates", lasts="2h")
MON = date(2026, 3, 2)
PAPER = ("paper",)


@dataclass(slots=True)
class Diary:
    """Several processes at one database, and an admin."""

    quiz: Quiz
    schedules: Schedules
    one: Daily
    other: Daily
    made: int = 0

    async def add(self, wanted: WantedSchedule = TEN, place: Place = HALL) -> Schedule:
        self.made += 1
        owner = await self.quiz.meet("Owner")
        return await self.schedules.add(f"add {self.made}", owner, place, wanted, self.now)

    @property
    def now(self) -> datetime:
        return self.quiz.clock.now()

    def at(self, text: str) -> datetime:
        """Turn the clock to this, forwards or back."""
        self.quiz.clock.advance(
            (datetime.fromisoformat(text).replace(tzinfo=UTC) - self.now).total_seconds()
        )
        return self.now

    async def rows(self) -> list[tuple[date, str, str]]:
        found = await Scene(self.quiz.database).rows(dates)
        return sorted((row["day"], row["state"], row["reason"]) for row in found)

    async def ask(self, daily: Daily) -> list[Occurrence]:
        """What a process does when its alarm rings, with a platform that always answers."""
        await daily.claiming.claim_due(self.now)
        taken = await daily.lease_due(PAPER, self.now)
        for each in taken:
            asked = await daily.open(each, self.now)
            if asked:
                await daily.mark_posted(
                    each, asked, MessageRef(each.place, f"card of {asked.id}"), self.now
                )
        return taken
