"""Reminders and digests.

Each is sent once, by any of two bots, and finished by the other where one died in between.
"""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from bot.identity import Person, Place
from bot.model.people import Player
from bot.quizmaster.digests import AT_ONCE as DIGESTS_AT_ONCE
from bot.quizmaster.digests import LATE as DIGEST_LATE
from bot.quizmaster.digests import LEASE as DIGEST_LEASE
from bot.quizmaster.digests import Digests
from bot.quizmaster.reminders import AT_ONCE as LETTERS_AT_ONCE
from bot.quizmaster.reminders import LATE, LEASE, Reminders
from bot.quizmaster.streaks import Streaks
from bot.store import digests, people, places, profile
from bot.store.boards.projector import Projector
from bot.store.rounds.ledger import record
from bot.store.sql.database import Database
from bot.store.sql.tables.daily import reminder_messages
from bot.store.sql.tables.people import places as rooms
from bot.store.sql.tables.rounds import rounds, sittings
from tests.cores import core
from tests.quizmaster.test_streaks import member
from tests.refusing import refused
from tests.store.scene import HALL, NINE, Scene, answer
from tests.stories.questions import bank

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ADA = Person("paper", "id of Ada", "Ada")
MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)
PAPER = ("paper",)


async def daily(database: Database, hours: int = 12) -> int:
    """An open one in the hall, without a schedule."""
    scene = Scene(database)
    scene.made = 100
    round_id = await scene.open_round(mode="daily", live_in=None)
    async with database.transaction() as tx:
        await tx.execute(update(rounds).values(closes_at=NINE + hours * HOUR))
    return round_id


async def reminded(database: Database, hour: str = "12") -> tuple[Player, Reminders, Reminders]:
    ada = await member(database, place=HALL)
    one, other = Reminders(core(database)), Reminders(core(database))
    await one.set_hour(ada, ADA, HALL, hour, NINE)
    return ada, one, other


async def test_a_reminder_is_taken_by_one_of_two_bots_at_its_hour(database: Database) -> None:
    ada, one, other = await reminded(database)
    await daily(database)
    assert await one.claim_due(PAPER, NINE + 2 * HOUR) == []
    noon = NINE + 3 * HOUR
    taken = await asyncio.gather(one.claim_due(PAPER, noon), other.claim_due(PAPER, noon))
    (letter,) = [letter for each in taken for letter in each]
    assert (letter.player_id, letter.day, letter.person.id) == (ada.id, noon.date(), "id of Ada")
    assert await other.claim_due(("elsewhere",), noon) == []
    await one.mark_sent(letter, noon)
    assert await other.claim_due(PAPER, noon + LEASE) == []
    assert await other.claim_due(PAPER, noon + DAY) == [], "the question is over by then"


async def test_a_letter_that_a_bot_left_lying_is_taken_up_by_the_other_within_two_minutes(
    database: Database,
) -> None:
    _, one, other = await reminded(database)
    await daily(database)
    noon = NINE + 3 * HOUR
    (letter,) = await one.claim_due(PAPER, noon)
    assert await other.claim_due(PAPER, noon + LEASE / 2) == []
    assert await other.claim_due(PAPER, noon + LEASE) == [letter]
    assert await one.claim_due(PAPER, noon + LEASE) == []
    assert await one.claim_due(PAPER, noon + LEASE + LATE) == [], "nobody wants it so late"


async def test_whoever_answered_meanwhile_or_closes_soon_or_is_late_gets_none(
    database: Database,
) -> None:
    ada, one, other = await reminded(database)
    round_id = await daily(database, hours=12)
    assert await Reminders(core(database)).claim_due(PAPER, NINE + 3 * HOUR + LATE) == [], (
        "the bot came too late"
    )
    await one.set_hour(ada, ADA, HALL, "13", NINE)
    (_,) = await one.claim_due(PAPER, NINE + 4 * HOUR)
    async with database.transaction() as tx:
        row = insert(sittings).values(
            round_id=round_id, player_id=ada.id, joined_at=NINE, finished_at=NINE
        )
        await tx.execute(row)
    assert await other.claim_due(PAPER, NINE + 4 * HOUR + LEASE) == []
    (letter,) = await Scene(database).rows(reminder_messages)
    assert letter["sent_at"] is not None
    await one.delete_old(NINE + 40 * DAY)
    assert await Scene(database).rows(reminder_messages) == []


async def test_a_question_that_closes_in_a_moment_is_not_worth_a_reminder(
    database: Database,
) -> None:
    _, one, _ = await reminded(database)
    await daily(database, hours=3)
    assert await one.claim_due(PAPER, NINE + 3 * HOUR) == []


async def test_whom_nothing_reaches_is_not_tried_again_until_they_ask_anew(
    database: Database,
) -> None:
    ada, one, _ = await reminded(database)
    await daily(database, hours=100)
    (letter,) = await one.claim_due(PAPER, NINE + 3 * HOUR)
    await one.mark_sent(letter, NINE + 3 * HOUR, refused=True)
    assert await one.claim_due(PAPER, NINE + 27 * HOUR) == []
    wish = await one.find(ada)
    assert wish is not None
    assert wish.refused_at == NINE + 3 * HOUR
    await one.set_hour(ada, ADA, HALL, "12", NINE + 28 * HOUR)
    assert len(await one.claim_due(PAPER, NINE + 51 * HOUR)) == 1
    assert (await one.remove(ada), await one.remove(ada), await one.find(ada)) == (
        True,
        False,
        None,
    )


@pytest.mark.parametrize(
    ("zone", "since", "at"),
    [
        (
            "Africa/Cairo",
            "2026-04-23 12:00",
            "2026-04-23 22:00",
        ),  # midnight itself is skipped: it comes at one
        ("America/Havana", "2026-03-07 12:00", "2026-03-08 05:00"),
        ("Asia/Beirut", "2026-03-28 12:00", "2026-03-28 22:00"),
        ("Asia/Kathmandu", "2026-03-02 12:00", "2026-03-02 18:15"),
    ],
)
async def test_a_reminder_at_a_midnight_that_does_not_come_is_sent_once_as_soon_as_the_day_begins(
    database: Database, zone: str, since: str, at: str
) -> None:
    begin, due = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (since, at))
    ada, one, other = await reminded(database)
    await Streaks(core(database)).set_zone(ada, zone, begin - 3 * DAY)
    await one.set_hour(ada, ADA, HALL, "0", begin)
    round_id = await daily(database)
    async with database.transaction() as tx:
        await tx.execute(
            update(rounds).where(rounds.c.id == round_id).values(closes_at=due + 5 * DAY)
        )
    assert await one.claim_due(PAPER, due - timedelta(seconds=1)) == []
    (letter,) = await one.claim_due(PAPER, due)
    await one.mark_sent(letter, due)
    for hours in range(1, 23):
        assert await other.claim_due(PAPER, due + hours * HOUR) == []
    assert len(await other.claim_due(PAPER, due + DAY)) == 1


async def test_a_reminder_follows_its_member_to_another_zone(database: Database) -> None:
    """At noon of the new zone from tomorrow on, and not once more at noon of the old one."""
    ada, one, _ = await reminded(database)
    await daily(database, hours=100)
    await one.reschedule_for_zone(ada, NINE)
    await Streaks(core(database)).set_zone(ada, "Asia/Tokyo", NINE + 4 * HOUR)
    (letter,) = await one.claim_due(PAPER, NINE + 3 * HOUR)
    await one.mark_sent(letter, NINE + 3 * HOUR)
    await one.reschedule_for_zone(ada, NINE + 4 * HOUR)
    wish = await one.find(ada)
    assert wish is not None
    assert wish.next_at == datetime(2026, 3, 3, 3, tzinfo=UTC)
    await one.reschedule_for_zone(await member(database, "Bob", HALL), NINE)


async def test_after_a_clock_that_ran_ahead_reminders_and_digests_come_in_their_own_time(
    database: Database, tmp_path: Path
) -> None:
    weekly, _ = await week(database, tmp_path)
    ada, one, other = await reminded(database, "10")
    await daily(database, hours=400)
    for bot in (one, weekly):
        assert await bot.claim_due(PAPER, MONDAY + 366 * DAY) == [], (
            "nothing is open any more, and nothing happened"
        )
    assert await other.claim_due(PAPER, NINE) == []
    wish = await one.find(ada)
    assert wish is not None
    assert wish.next_at == NINE + HOUR
    assert await weekly.claim_due(PAPER, NINE) == []
    assert await next_at(database) == MONDAY
    assert len(await other.claim_due(PAPER, NINE + HOUR)) == 1
    assert len(await weekly.claim_due(PAPER, MONDAY)) == 1


async def test_more_than_one_process_takes_at_once_are_all_taken(
    database: Database, tmp_path: Path
) -> None:
    """Quiet ones in between end nobody's work."""
    asked = bank(tmp_path / "questions")
    weekly = Digests(core(database, asked))
    scene = Scene(database)
    for n in range(DIGESTS_AT_ONCE + 3):
        await weekly.subscribe(Place("paper", "club", f"room {n}"), NINE)
    ada = await member(database, "Ada", HALL)
    await weekly.subscribe(HALL, NINE)
    round_id = await scene.open_round()
    async with database.transaction() as tx:
        await record(tx, [answer("1", round_id, ada.id, 1)])
    await Projector(database).catch_up()
    assert [digest.place for digest in await weekly.claim_due(PAPER, MONDAY)] == [HALL]
    await daily(database, hours=100)
    one = Reminders(core(database))
    for n in range(LETTERS_AT_ONCE + 2):
        bob = await member(
            database, f"Bob {n}", HALL if n > LETTERS_AT_ONCE else Place("paper", "far", "away")
        )
        await one.set_hour(bob, Person("paper", f"id of Bob {n}", ""), HALL, "12", NINE)
    assert len(await one.claim_due(PAPER, NINE + 3 * HOUR)) == 1


async def next_at(database: Database) -> datetime | None:
    async with database.transaction() as tx:
        found = await digests.find(tx, (await places.get_or_add(tx, HALL)).id)
    return found.next_at if found else None


async def test_a_place_that_moves_takes_its_monday_along(
    database: Database, tmp_path: Path
) -> None:
    """Nine in Tokyo is still Sunday in New York, whose week is not over by then."""
    weekly, _ = await week(database, tmp_path)
    for zone, begins in (
        ("Asia/Tokyo", MONDAY - 9 * HOUR),
        ("America/New_York", MONDAY + 4 * HOUR),
    ):
        async with database.transaction() as tx:
            await tx.execute(update(rooms).values(zone=zone))
        await weekly.reschedule_for_zone(HALL, NINE + DAY)
        assert await next_at(database) == begins
    assert await weekly.claim_due(PAPER, MONDAY - 9 * HOUR) == []
    (digest,) = await weekly.claim_due(PAPER, MONDAY + 4 * HOUR)
    assert digest.week == "2026-W10"
    await weekly.reschedule_for_zone(Place("paper", "club", "other"), NINE)


async def test_the_week_in_which_the_clocks_change_is_looked_back_upon_whole(
    database: Database, tmp_path: Path
) -> None:
    """In Berlin it has an hour less.

    What was asked on its last evening belongs to it, what was asked after it does not.
    """
    asked = bank(tmp_path / "questions")
    weekly, scene = Digests(core(database, asked, "Europe/Berlin")), Scene(database)
    begin = datetime(2026, 3, 28, 12, tzinfo=UTC)
    ada, bob = await member(database, "Ada", HALL), await member(database, "Bob", HALL)
    due = await weekly.subscribe(HALL, begin)
    assert due == datetime(2026, 3, 30, 7, tzinfo=UTC)
    found = []
    for minutes in (0, 60):
        at = datetime(2026, 3, 29, 21, 30, tzinfo=UTC) + timedelta(minutes=minutes)
        round_id = await scene.open_round(HALL, f"q{minutes}", at)
        async with database.transaction() as tx:
            await record(
                tx,
                [
                    answer(f"a{minutes}", round_id, ada.id, 1),
                    answer(f"b{minutes}", round_id, bob.id),
                ],
            )
        await scene.close_round(round_id)
        found.append(round_id)
    (digest,) = await weekly.claim_due(PAPER, due)
    assert digest.hardest
    assert digest.hardest.question.id.endswith("q0")


@pytest.mark.parametrize("hour", ["24", "-1", "noon", "", "٣"])
async def test_an_hour_that_is_none_is_refused(database: Database, hour: str) -> None:
    ada = await member(database, place=HALL)
    with refused("Choose an hour"):
        await Reminders(core(database)).set_hour(ada, ADA, HALL, hour, NINE)


async def week(database: Database, folder: Path) -> tuple[Digests, Digests]:
    """Two bots; Ada was right and Bob was not, in the first week of March."""
    asked = bank(folder / "questions")
    one, other = (Digests(core(database, asked)) for _ in range(2))
    scene = Scene(database)
    ada, bob = await member(database, "Ada", HALL), await member(database, "Bob", HALL)
    round_id = await scene.open_round()
    async with database.transaction() as tx:
        await record(tx, [answer("1", round_id, ada.id, 1), answer("2", round_id, bob.id)])
        await profile.award_badge(tx, bob.id, "pack:gates", NINE)
        await profile.award_badge(tx, ada.id, "streak:7", NINE)
        await profile.award_badge(tx, ada.id, "pack:gone", NINE)
        await profile.award_badge(tx, ada.id, "pack:later", NINE + 9 * DAY)
    await scene.close_round(round_id)
    await Projector(database).catch_up()
    assert await one.subscribe(HALL, NINE) == MONDAY
    return one, other


async def test_a_digest_is_taken_by_one_of_two_bots_on_monday_morning(
    database: Database, tmp_path: Path
) -> None:
    one, other = await week(database, tmp_path)
    assert await one.claim_due(PAPER, MONDAY - timedelta(seconds=1)) == []
    taken = await asyncio.gather(one.claim_due(PAPER, MONDAY), other.claim_due(PAPER, MONDAY))
    (digest,) = [digest for each in taken for digest in each]
    assert (digest.week, digest.monday, digest.place) == ("2026-W10", date(2026, 3, 2), HALL)
    assert [(line.name, line.points) for line in digest.board.top] == [("Ada", 100)]
    assert digest.hardest
    assert (digest.hardest.solved, digest.hardest.answered) == (1, 2)
    earned = [(player.name, badge.title) for player, badge in digest.badges]
    assert sorted(earned[:2]) == [("Ada", "gone"), ("Bob", "Gate Keeper")]
    assert earned[2:] == [("Ada", "A week in a row")]
    await one.mark_posted(digest, "m1", MONDAY)
    assert await other.claim_due(PAPER, MONDAY + DIGEST_LEASE) == []
    assert await next_at(database) == MONDAY + 7 * DAY


async def test_a_digest_that_a_bot_left_lying_is_taken_up_by_the_other(
    database: Database, tmp_path: Path
) -> None:
    one, other = await week(database, tmp_path)
    (digest,) = await one.claim_due(PAPER, MONDAY)
    assert await other.claim_due(PAPER, MONDAY + DIGEST_LEASE / 2) == []
    assert await other.claim_due(PAPER, MONDAY + DIGEST_LEASE) == [digest]


async def test_a_digest_that_is_too_late_or_of_a_quiet_week_or_of_a_paused_place_is_left_out(
    database: Database, tmp_path: Path
) -> None:
    one, other = await week(database, tmp_path)
    assert await one.claim_due(PAPER, MONDAY + DIGEST_LATE) == []
    assert await other.claim_due(PAPER, MONDAY + 14 * DAY) == [], (
        "nothing happened in the week before"
    )
    await one.subscribe(HALL, NINE)
    async with database.transaction() as tx:
        await places.pause(tx, (await places.get_or_add(tx, HALL)).id, NINE)
    assert await other.claim_due(PAPER, MONDAY) == []
    assert (await one.unsubscribe(HALL), await one.unsubscribe(HALL), await next_at(database)) == (
        True,
        False,
        None,
    )


async def test_a_week_ends_by_the_place_s_own_clock(database: Database, tmp_path: Path) -> None:
    one, _ = await week(database, tmp_path)
    async with database.transaction() as tx:
        await tx.execute(update(rooms).values(zone="Asia/Tokyo"))
    assert await one.subscribe(HALL, NINE) == MONDAY - 9 * HOUR
    assert await one.subscribe(Place("paper", "club", "other"), NINE) == MONDAY
    async with database.transaction() as tx:
        await tx.execute(update(rooms).values(zone="Pacific/Kiritimati"))
    assert await one.subscribe(HALL, NINE) == MONDAY - 14 * HOUR
    assert await one.next_day(HALL) == MONDAY.date(), "elsewhere it is Sunday by then"
    assert await one.next_day(Place("paper", "club", "third")) is None


async def test_the_hardest_question_is_the_one_that_the_smallest_share_solved(
    database: Database, tmp_path: Path
) -> None:
    weekly, _ = await week(database, tmp_path)
    scene = Scene(database)
    for made, (name, shares) in enumerate({"hard": (0, 0), "easy": (1, 0)}.items(), 10):
        scene.made = made
        round_id = await scene.open_round(HALL, name)
        async with database.transaction() as tx:
            entries = [
                answer(f"{name} {n}", round_id, n, share, name=name)
                for n, share in enumerate(shares, 1)
            ]
            await record(tx, entries)
        await scene.close_round(round_id)
    (digest,) = await weekly.claim_due(PAPER, MONDAY)
    assert digest.hardest
    assert (digest.hardest.question.id, digest.hardest.solved) == ("gates/hard", 0)


async def test_whoever_left_gets_no_reminder_and_stands_in_no_digest(
    database: Database, tmp_path: Path
) -> None:
    weekly, _ = await week(database, tmp_path)
    ada, one, _ = await reminded(database)
    await daily(database)
    async with database.transaction() as tx:
        await people.leave_community(tx, ada.id, HALL, NINE)
    assert await one.claim_due(PAPER, NINE + 3 * HOUR) == []
    (digest,) = await weekly.claim_due(PAPER, MONDAY)
    assert {player.name for player, _ in digest.badges} == {"Bob"}
