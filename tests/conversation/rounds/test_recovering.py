"""What a crash left behind is finished once, whenever the bot comes back."""

from pathlib import Path

from bot.app import build
from bot.identity import Place
from bot.model.rounds import QuestionFilter
from bot.phrases.rounds.question import question_card
from bot.store.sql.database import Database
from tests.conftest import Clock
from tests.stories.paper import COMMUNITY, NAME, PaperPlatform, on_paper
from tests.stories.questions import bank

HALL = Place(NAME, COMMUNITY, "hall")
GATE = QuestionFilter("gates", "intermediate")


class Crash:
    """A bot that claimed a round and went down.

    What is left of it is the database and the platform.
    """

    def __init__(self, database: Database, clock: Clock, folder: Path) -> None:
        self.clock = clock
        self.platform = PaperPlatform(clock.now)
        asked = bank(folder)
        bot = build(database, lambda: asked, {NAME: self.platform}, "UTC", clock.now, pause=0)
        self.bot = bot

    @property
    def cards(self) -> list[str]:
        return [sheet.card.title for sheet in self.platform.sheets.values()]


async def test_a_round_that_was_claimed_but_not_posted_is_posted_once(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    left = Crash(database, clock, tmp_path / "questions")
    await left.bot.closing.quizmaster.rounds.live.open("act", HALL, GATE, clock.now())
    clock.advance(60)
    for _ in range(2):
        await left.bot.asking.recover(await left.bot.asking.find_left_over())
    assert len(left.cards) == 1
    asked, _ = await left.bot.closing.quizmaster.rounds.tally(1)
    assert asked.status == "open"
    assert asked.closes_at is not None
    assert (asked.closes_at - clock.now()).total_seconds() == 90, "its clock starts when it stands"


async def test_a_round_that_was_posted_but_not_marked_is_not_posted_again(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    left = Crash(database, clock, tmp_path / "questions")
    asked = await left.bot.closing.quizmaster.rounds.live.open("act", HALL, GATE, clock.now())
    posted = await left.platform.post(HALL, question_card(asked, None), f"round:{asked.id}")
    clock.advance(30)
    await left.bot.asking.recover(await left.bot.asking.find_left_over())
    assert len(left.cards) == 1
    found, _ = await left.bot.closing.quizmaster.rounds.tally(asked.id)
    assert found.message == posted.message
    assert found.closes_at == asked.closes_at, "its clock runs since it stood"


async def test_a_round_claimed_long_ago_is_dropped(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    left = Crash(database, clock, tmp_path / "questions")
    await left.bot.closing.quizmaster.rounds.live.open("act", HALL, GATE, clock.now())
    clock.advance(3600)
    await left.bot.asking.recover(await left.bot.asking.find_left_over())
    assert left.cards == []


async def test_a_round_that_was_closed_but_not_told_is_told_when_the_alarm_rings(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    left = Crash(database, clock, tmp_path / "questions")
    await left.bot.closing.quizmaster.rounds.live.open("act", HALL, GATE, clock.now())
    await left.bot.asking.recover(await left.bot.asking.find_left_over())
    clock.advance(92)
    await left.bot.closing.quizmaster.rounds.closing.close_due(clock.now())
    assert not left.cards[0].endswith("(over)")
    await left.bot.closing.close_due()
    assert left.cards[0].endswith("(over)")


async def test_a_bot_that_starts_again_finds_everything(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    """Two bots, one after the other, over the same rows.

    A pack goes on, its clock is true, its points are kept.
    """
    asked = bank(tmp_path / "questions")
    async with on_paper(database, asked, clock) as stage:
        ada = await stage.enter("Ada")
        await ada.type("/pack gates")
        await ada.press("Start")
        await ada.press("B", on="What a gate does")
        sheets = stage.platform.sheets
    clock.advance(45)
    async with on_paper(database, asked, clock) as stage:
        stage.platform.sheets.update(sheets)
        ada = await stage.enter("Ada")
        await ada.press("A", on="Until 09:01:30 UTC")
        assert "Points: 70" in (await ada.see("✓ Right")).text, (
            "60 for the second try, 10 for half of the time left"
        )
        await stage.well()
