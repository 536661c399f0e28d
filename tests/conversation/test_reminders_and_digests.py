"""Reminders and digests over a platform that fails, or lets the bot in no more."""

from pathlib import Path

import pytest

from bot.chat.card import Card
from bot.chat.platform_interface import Lost, Posted
from bot.identity import Person, Place
from bot.store.sql.database import Database
from tests.conftest import Clock
from tests.stories.paper import PaperPlatform, PaperStage, on_paper
from tests.stories.questions import bank

HOUR, WEEK = 3600, 7 * 24 * 3600


class Moody(PaperPlatform):
    """Paper that fails, or shuts the bot out, while it is told to."""

    mood: Exception | None = None

    async def post(self, place: Place, card: Card, key: str) -> Posted:
        if self.mood and key.startswith("digest"):
            raise self.mood
        return await super().post(place, card, key)

    async def send_private(self, person: Person, place: Place, card: Card, key: str) -> bool:
        if self.mood:
            raise self.mood
        return await super().send_private(person, place, card, key)


async def with_a_daily(stage: PaperStage) -> None:
    ada, owner = await stage.enter("Ada"), await stage.enter("Owner", admin=True)
    await owner.type("/schedule add at:10:00 packs:gates levels:intermediate open:12h")
    await ada.type("/remind hour:12")
    await stage.wait(HOUR)
    await ada.see("Time: 12 h")


@pytest.fixture
def platform(clock: Clock) -> Moody:
    return Moody(clock.now)


async def test_a_reminder_that_failed_comes_a_minute_later(
    database: Database, clock: Clock, tmp_path: Path, platform: Moody
) -> None:
    async with on_paper(database, bank(tmp_path / "questions"), clock, platform=platform) as stage:
        await with_a_daily(stage)
        stage.clock.advance(2 * HOUR)
        platform.mood = OSError("the wire is cut")
        await stage.look()
        platform.mood = None
        (ada, _) = stage.members
        await stage.look()
        assert not await ada.reads("is waiting")
        stage.clock.advance(60)
        await stage.look()
        await ada.see("is waiting")


async def test_somebody_who_takes_no_private_messages_is_told_so_where_they_ask(
    database: Database, clock: Clock, tmp_path: Path, platform: Moody
) -> None:
    async with on_paper(database, bank(tmp_path / "questions"), clock, platform=platform) as stage:
        await with_a_daily(stage)
        platform.shy.add("id of Ada")
        stage.clock.advance(2 * HOUR)
        await stage.look()
        (ada, _) = stage.members
        await ada.type("/remind")
        assert "I could not reach you on 02 March" in await ada.newest()


@pytest.mark.parametrize("lost", [True, False])
async def test_a_digest_that_failed_comes_again_and_one_that_is_shut_out_does_not(
    database: Database,
    clock: Clock,
    tmp_path: Path,
    platform: Moody,
    lost: bool,
) -> None:
    async with on_paper(database, bank(tmp_path / "questions"), clock, platform=platform) as stage:
        ada, owner = await stage.enter("Ada"), await stage.enter("Owner", admin=True)
        await owner.type("/digest switch:on")
        await ada.type("/challenge gates level:intermediate")
        await ada.press("A", on="Worth: up to")
        await stage.wait(180)
        await stage.count()
        stage.clock.advance(WEEK)
        platform.mood = Lost("no access") if lost else OSError("the wire is cut")
        await stage.look()
        platform.mood = None
        stage.clock.advance(180)
        await stage.look()
        assert await ada.reads("The week from") is not lost
