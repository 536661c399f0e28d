"""Reminders and digests: each sent once, by any of two bots, and finished by the other where one died in between."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from bot.errors import UserError
from bot.identity import Person, Place
from bot.quizmaster.digests import LATE as DIGEST_LATE
from bot.quizmaster.digests import LEASE as DIGEST_LEASE
from bot.quizmaster.digests import Digests
from bot.quizmaster.reminders import LATE, LEASE, Reminders
from bot.store import places, profile
from bot.store.database import Database
from bot.store.day_tables import letters
from bot.store.ledger import record
from bot.store.people import Player
from bot.store.projector import Projector
from bot.store.tables import places as rooms
from bot.store.tables import rounds, sittings
from tests.quizmaster.test_streaks import member
from tests.store.scene import HALL, NINE, Scene, answer
from tests.stories.questions import bank

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ADA = Person("paper", "id of Ada", "Ada")
MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)
PAPER = ("paper",)


async def daily(database: Database, hours: int = 12) -> int:
    """An open one in the hall, without a schedule."""
    round_id = await Scene(database).open_round(mode="daily", live_in=None)
    async with database.act() as tx:
        await tx.execute(update(rounds).values(closes_at=NINE + hours * HOUR))
    return round_id


async def reminded(database: Database, hour: str = "12") -> tuple[Player, Reminders, Reminders]:
    ada = await member(database, place=HALL)
    one, other = Reminders(database, "UTC"), Reminders(database, "UTC")
    await one.choose(ada, ADA, HALL, hour, NINE)
    return ada, one, other


async def test_a_reminder_is_taken_by_one_of_two_bots_at_its_hour(database: Database) -> None:
    ada, one, other = await reminded(database)
    await daily(database)
    assert await one.take(PAPER, NINE + 2 * HOUR) == []
    noon = NINE + 3 * HOUR
    taken = await asyncio.gather(one.take(PAPER, noon), other.take(PAPER, noon))
    (letter,) = [letter for each in taken for letter in each]
    assert (letter.player_id, letter.day, letter.person.id) == (ada.id, noon.date(), "id of Ada")
    assert await other.take(("elsewhere",), noon) == []
    await one.sent(letter, noon)
    assert await other.take(PAPER, noon + LEASE) == []
    assert await other.take(PAPER, noon + DAY) == [], "the question is over by then"


async def test_a_letter_that_a_bot_left_lying_is_taken_up_by_the_other_within_two_minutes(database: Database) -> None:
    _, one, other = await reminded(database)
    await daily(database)
    noon = NINE + 3 * HOUR
    (letter,) = await one.take(PAPER, noon)
    assert await other.take(PAPER, noon + LEASE / 2) == []
    assert await other.take(PAPER, noon + LEASE) == [letter]
    assert await one.take(PAPER, noon + LEASE) == []
    assert await one.take(PAPER, noon + LEASE + LATE) == [], "nobody wants it so late"


async def test_whoever_answered_meanwhile_or_closes_soon_or_is_late_gets_none(database: Database) -> None:
    ada, one, other = await reminded(database)
    round_id = await daily(database, hours=12)
    assert await Reminders(database, "UTC").take(PAPER, NINE + 3 * HOUR + LATE) == [], "the bot came too late"
    await one.choose(ada, ADA, HALL, "13", NINE)
    (_,) = await one.take(PAPER, NINE + 4 * HOUR)
    async with database.act() as tx:
        row = insert(sittings).values(round_id=round_id, player_id=ada.id, joined_at=NINE, finished_at=NINE)
        await tx.execute(row)
    assert await other.take(PAPER, NINE + 4 * HOUR + LEASE) == []
    (letter,) = await Scene(database).rows(letters)
    assert letter["sent_at"] is not None
    await one.tidy(NINE + 40 * DAY)
    assert await Scene(database).rows(letters) == []


async def test_a_question_that_closes_in_a_moment_is_not_worth_a_reminder(database: Database) -> None:
    _, one, _ = await reminded(database)
    await daily(database, hours=3)
    assert await one.take(PAPER, NINE + 3 * HOUR) == []


async def test_whom_nothing_reaches_is_not_tried_again_until_they_ask_anew(database: Database) -> None:
    ada, one, _ = await reminded(database)
    await daily(database, hours=100)
    (letter,) = await one.take(PAPER, NINE + 3 * HOUR)
    await one.sent(letter, NINE + 3 * HOUR, refused=True)
    assert await one.take(PAPER, NINE + 27 * HOUR) == []
    wish = await one.find(ada)
    assert wish is not None
    assert wish.refused_at == NINE + 3 * HOUR
    await one.choose(ada, ADA, HALL, "12", NINE + 28 * HOUR)
    assert len(await one.take(PAPER, NINE + 51 * HOUR)) == 1
    assert (await one.stop(ada), await one.stop(ada), await one.find(ada)) == (True, False, None)


@pytest.mark.parametrize("hour", ["24", "-1", "noon", "", "٣"])
async def test_an_hour_that_is_none_is_refused(database: Database, hour: str) -> None:
    ada = await member(database, place=HALL)
    with pytest.raises(UserError, match="Choose an hour"):
        await Reminders(database, "UTC").choose(ada, ADA, HALL, hour, NINE)


async def week(database: Database, folder: Path) -> tuple[Digests, Digests]:
    """Two bots; Ada was right and Bob was not, in the first week of March."""
    asked = bank(folder / "questions")
    one, other = (Digests(database, lambda: asked, "UTC") for _ in range(2))
    scene = Scene(database)
    ada, bob = await member(database, "Ada", HALL), await member(database, "Bob", HALL)
    round_id = await scene.open_round()
    async with database.act() as tx:
        await record(tx, [answer("1", round_id, ada.id, 1), answer("2", round_id, bob.id)])
        await profile.award(tx, bob.id, "pack:gates", NINE)
        await profile.award(tx, ada.id, "streak:7", NINE)
        await profile.award(tx, ada.id, "pack:gone", NINE)
        await profile.award(tx, ada.id, "pack:later", NINE + 9 * DAY)
    await scene.close_round(round_id)
    await Projector(database).catch_up()
    assert await one.choose(HALL, NINE) == MONDAY
    return one, other


async def test_a_digest_is_taken_by_one_of_two_bots_on_monday_morning(database: Database, tmp_path: Path) -> None:
    one, other = await week(database, tmp_path)
    assert await one.take(PAPER, MONDAY - timedelta(seconds=1)) == []
    taken = await asyncio.gather(one.take(PAPER, MONDAY), other.take(PAPER, MONDAY))
    (digest,) = [digest for each in taken for digest in each]
    assert (digest.week, digest.monday, digest.place) == ("2026-W10", date(2026, 3, 2), HALL)
    assert [(line.name, line.points) for line in digest.board.top] == [("Ada", 100)]
    assert digest.hardest
    assert (digest.hardest.solved, digest.hardest.answered) == (1, 2)
    earned = [(player.name, badge.title) for player, badge in digest.badges]
    assert sorted(earned[:2]) == [("Ada", "gone"), ("Bob", "Gate Keeper")]
    assert earned[2:] == [("Ada", "A week in a row")]
    await one.posted(digest, "m1", MONDAY)
    assert await other.take(PAPER, MONDAY + DIGEST_LEASE) == []
    assert await one.next_at(HALL) == MONDAY + 7 * DAY


async def test_a_digest_that_a_bot_left_lying_is_taken_up_by_the_other(database: Database, tmp_path: Path) -> None:
    one, other = await week(database, tmp_path)
    (digest,) = await one.take(PAPER, MONDAY)
    assert await other.take(PAPER, MONDAY + DIGEST_LEASE / 2) == []
    assert await other.take(PAPER, MONDAY + DIGEST_LEASE) == [digest]


async def test_a_digest_that_is_too_late_or_of_a_quiet_week_or_of_a_paused_place_is_left_out(
    database: Database, tmp_path: Path
) -> None:
    one, other = await week(database, tmp_path)
    assert await one.take(PAPER, MONDAY + DIGEST_LATE) == []
    assert await other.take(PAPER, MONDAY + 14 * DAY) == [], "nothing happened in the week before"
    await one.choose(HALL, NINE)
    async with database.act() as tx:
        await places.pause(tx, (await places.enter(tx, HALL)).id, NINE)
    assert await other.take(PAPER, MONDAY) == []
    assert (await one.stop(HALL), await one.stop(HALL), await one.next_at(HALL)) == (True, False, None)


async def test_a_week_ends_by_the_place_s_own_clock(database: Database, tmp_path: Path) -> None:
    one, _ = await week(database, tmp_path)
    async with database.act() as tx:
        await tx.execute(update(rooms).values(zone="Asia/Tokyo"))
    assert await one.choose(HALL, NINE) == MONDAY - 9 * HOUR
    assert await one.choose(Place("paper", "club", "other"), NINE) == MONDAY
