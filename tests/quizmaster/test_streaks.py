"""Streaks before two bots at once.

Days are shared out, freezes written down once, absences found, repairs refused.
"""

import asyncio
import logging
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.identity import Person, Place
from bot.model.people import Player
from bot.quiz.streaks import LapseOutcome
from bot.quizmaster.streaks import OUTAGE, Repairs, Streaks
from bot.store import people, streaks
from bot.store.sql.database import Database
from bot.store.sql.tables.streaks import lapses, outages, streak_days
from tests.cores import core
from tests.players import add_player
from tests.quizmaster.conftest import HALL
from tests.refusing import refused
from tests.store.scene import NINE, Scene

DAY = timedelta(days=1)
TODAY = NINE.date()


async def member(database: Database, name: str = "Ada", place: Place = HALL) -> Player:
    async with database.transaction() as tx:
        player = await add_player(tx, Person("paper", f"id of {name}", name), NINE)
        await people.enter_community(tx, player.id, place, NINE)
    return player


async def lit(database: Database, player: Player, *ago: int) -> None:
    solved = [(f"act {player.id} {n}", player.id, (TODAY - n * DAY,)) for n in ago]
    async with database.transaction() as tx:
        await streaks.count_days(tx, solved)


async def test_two_answers_in_the_hours_of_grace_share_the_days_between_them(
    database: Database,
) -> None:
    """Whoever comes first has yesterday, in one batch and in two processes at once."""
    ada = await member(database)
    able = (TODAY - DAY, TODAY)
    async with database.transaction() as tx:
        first = await streaks.count_days(
            tx, [("a", ada.id, able), ("b", ada.id, able), ("c", ada.id, able)]
        )
    assert first == {"a": TODAY - DAY, "b": TODAY}

    async def one(act: str, player: Player) -> dict[str, date]:
        async with database.transaction() as tx:
            return await streaks.count_days(tx, [(act, player.id, able)])

    bob = await member(database, "Bob")
    both = await asyncio.gather(one("d", bob), one("e", bob))
    assert sorted(day for each in both for day in each.values()) == list(able)
    async with database.reading() as tx:
        assert await streaks.days_counted_by(tx, ["a", "c"]) == {"a": TODAY - DAY}


async def test_what_became_of_a_day_is_written_down_once_by_any_of_two_bots(
    database: Database,
) -> None:
    """A freeze for the first day that passed, the end for the next; a third look adds nothing."""
    ada = await member(database)
    await lit(database, ada, *range(3, 10))
    bots = [Streaks(core(database)) for _ in range(2)]
    await asyncio.gather(*(bot.settling.record_lapses(NINE) for bot in bots))
    await Streaks(core(database)).settling.record_lapses(NINE + timedelta(hours=1))
    rows = await Scene(database).rows(lapses)
    assert [
        (row["day"], row["passed"], row["days"])
        for row in sorted(rows, key=lambda row: str(row["day"]))
    ] == [
        (TODAY - 2 * DAY, "frozen", 7),
        (TODAY - DAY, "ended", 7),
    ]


async def test_a_look_follows_a_quarter_of_an_hour_after_the_one_before(database: Database) -> None:
    ada = await member(database)
    bot = Streaks(core(database))
    await bot.settling.record_lapses(NINE)
    await lit(database, ada, 2)
    await bot.settling.record_lapses(NINE + timedelta(minutes=14))
    assert await Scene(database).rows(lapses) == []
    await bot.settling.record_lapses(NINE + timedelta(minutes=15))
    assert len(await Scene(database).rows(lapses)) == 1
    await bot.settling.record_lapses(
        NINE - DAY
    )  # the clock jumped back: that is looked at, and does no harm
    assert len(await Scene(database).rows(lapses)) == 1


async def test_a_member_hears_once_what_happened_unseen(database: Database) -> None:
    ada = await member(database)
    await lit(database, ada, 0, *range(2, 9))
    bot = Streaks(core(database))
    await bot.settling.record_lapses(NINE)
    first = await bot.count(ada, TODAY, NINE)
    assert [lapse.outcome for lapse in first.lapses] == [LapseOutcome.FROZEN]
    assert [badge.id for badge in first.badges] == ["streak:7"]
    assert await bot.count(ada, TODAY, NINE) == first, (
        "the same act, delivered again, hears the same"
    )
    later = await bot.count(ada, TODAY, NINE + timedelta(seconds=1))
    assert (later.lapses, later.badges) == ((), ())
    assert (await bot.view(ada, NINE + DAY)).streak.days == 8


async def test_absences_and_repairs_stand_in_the_log(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    ada, bot = await member(database), Streaks(core(database))
    await bot.settling.heartbeat(NINE)
    with caplog.at_level(logging.INFO, "bot.quizmaster.streaks"):
        await bot.settling.heartbeat(NINE + 2 * DAY)
        await Repairs(core(database)).repair(ada, HALL, "Ada", str(TODAY), "the train", NINE)
    assert caplog.messages == [
        f"nobody was here from {NINE} to {NINE + 2 * DAY}; days are excused by it",
        f"Ada ({ada.id}) repaired {TODAY} of player {ada.id}: the train",
    ]


async def test_a_silence_of_all_bots_is_kept_once_and_excuses_the_day(database: Database) -> None:
    ada = await member(database)
    await lit(database, ada, 0)
    bots = [Streaks(core(database)) for _ in range(2)]
    await asyncio.gather(*(bot.settling.heartbeat(NINE) for bot in bots))
    await bots[0].settling.heartbeat(NINE + OUTAGE - timedelta(seconds=1))
    assert await Scene(database).rows(outages) == []
    back = NINE + 2 * DAY
    logging.disable(logging.WARNING)
    await asyncio.gather(*(bot.settling.heartbeat(back) for bot in bots))
    logging.disable(logging.NOTSET)
    (row,) = await Scene(database).rows(outages)
    assert (row["began_at"], row["ended_at"]) == (NINE + OUTAGE - timedelta(seconds=1), back)
    standing = await bots[0].view(ada, back)
    assert standing.streak.days == 1
    assert list(standing.excused) == [TODAY + DAY]


async def test_a_clock_that_jumps_back_is_no_absence(database: Database) -> None:
    bot = Streaks(core(database))
    for at in (NINE, NINE - DAY, NINE - DAY + timedelta(minutes=1)):
        await bot.settling.heartbeat(at)
    assert await Scene(database).rows(outages) == []


async def test_a_clock_that_ran_ahead_and_came_back_leaves_no_absence_behind(
    database: Database,
) -> None:
    """Nobody is excused for a year because of it, and absences that were true stay."""
    bots = [Streaks(core(database)) for _ in range(2)]
    logging.disable(logging.WARNING)
    for at in (
        NINE - DAY,
        NINE,
        NINE + 366 * DAY,
        NINE + timedelta(minutes=1),
        NINE + timedelta(minutes=2),
    ):
        await asyncio.gather(*(bot.settling.heartbeat(at) for bot in bots))
    logging.disable(logging.NOTSET)
    rows = await Scene(database).rows(outages)
    assert [(row["began_at"], row["ended_at"]) for row in rows] == [(NINE - DAY, NINE)]


async def test_a_day_that_was_given_back_is_no_bad_news_any_more_and_the_rest_is_still_news(
    database: Database,
) -> None:
    """Nor is it told already because an admin saw it."""
    ada, admin = await member(database), await member(database, "Eve")
    await lit(database, ada, 0, *range(4, 11))
    bot = Streaks(core(database))
    await bot.settling.record_lapses(NINE)
    assert [row["passed"] for row in await Scene(database).rows(lapses)] == ["frozen", "ended"]
    told = await Repairs(core(database)).repair(
        admin, HALL, "Ada", str(TODAY - 2 * DAY), "the train", NINE
    )
    assert (told.streak.days, told.badges[0].id) == (1, "streak:7")
    assert (await bot.count(ada, TODAY, NINE)).lapses[0].day == TODAY - 3 * DAY
    later = await Repairs(core(database)).repair(
        admin, HALL, "Ada", str(TODAY - DAY), "the train again", NINE
    )
    assert later.streak.days == 10
    news = await bot.count(ada, TODAY, NINE + timedelta(seconds=1))
    assert (news.lapses, news.streak.days) == ((), 10)


@pytest.mark.parametrize("passed", ["frozen", "excused"])
async def test_a_day_that_cost_nothing_or_a_freeze_can_be_given_back_too(
    database: Database, passed: str
) -> None:
    """The freeze comes back with it, and the day counts."""
    ada = await member(database)
    await lit(database, ada, 0, *range(2, 9))
    bot = Streaks(core(database))
    if passed == "excused":
        async with database.transaction() as tx:
            row = {"began_at": NINE - DAY, "ended_at": NINE - DAY + timedelta(hours=2)}
            await tx.execute(outages.insert().values(row))
    else:
        await bot.settling.record_lapses(NINE)
    before = await bot.view(ada, NINE)
    assert [lapse.outcome.value for lapse in before.streak.lapses] == [passed]
    after = await Repairs(core(database)).repair(
        ada, HALL, "Ada", str(TODAY - DAY), "why not", NINE
    )
    assert (before.streak.days, after.streak.days, after.streak.freezes) == (8, 9, 1)


async def test_a_change_of_zone_is_kept_with_its_instant_and_one_before_it_came_is_replaced(
    database: Database,
) -> None:
    ada = await member(database)
    bot = Streaks(core(database))
    await bot.set_zone(ada, "asia/tokyo", NINE)
    await bot.set_zone(ada, "Europe/Berlin", NINE + timedelta(hours=1))
    async with database.reading() as tx:
        ada = await people.get(tx, ada.id)
        (calendar,) = (await streaks.calendars(tx, [ada.id], "UTC")).values()
    assert ada.calendar("UTC") == calendar
    assert [(move.zone, move.since) for move in calendar.changes] == [
        ("Europe/Berlin", datetime(2026, 3, 3, tzinfo=UTC))
    ]
    await bot.set_zone(ada, "America/New_York", NINE + 3 * DAY)
    async with database.reading() as tx:
        ada = await people.get(tx, ada.id)
        (calendar,) = (await streaks.calendars(tx, [ada.id], "UTC")).values()
    assert [move.zone for move in calendar.changes] == ["Europe/Berlin", "America/New_York"]
    near = [NINE + 3 * DAY + timedelta(hours=n) for n in range(48)]
    assert [ada.calendar("UTC").day_of(at) for at in near] == [calendar.day_of(at) for at in near]


async def test_a_zone_that_nobody_knows_is_refused(database: Database) -> None:
    with refused("no time zone I know"):
        await Streaks(core(database)).set_zone(await member(database), "Mars/Olympus", NINE)


@pytest.mark.parametrize(
    ("name", "day", "reason", "said"),
    [
        ("Nobody", "2026-03-01", "why", "nobody here who is called"),
        ("Ada", "yesterday", "why", "is no date"),
        ("Ada", "2026-03-03", "why", "Only days from"),
        ("Ada", "2025-12-01", "why", "Only days from"),
        ("Ada", "2026-03-01", "  ", "Say why"),
        ("Ada", "2026-03-02", "why", "counts for Ada already"),
        ("Bob", "2026-03-01", "why", "2 members here are called"),
        ("Eve", "2026-03-01", "why", "nobody here who is called"),
    ],
)
async def test_a_repair_that_cannot_be_is_refused_with_what_to_do(
    database: Database, name: str, day: str, reason: str, said: str
) -> None:
    ada = await member(database)
    for twin in ("1", "2"):
        async with database.transaction() as tx:
            bob = await add_player(tx, Person("paper", twin, "Bob"), NINE)
            await people.enter_community(tx, bob.id, HALL, NINE)
    await member(database, "Eve", Place("paper", "elsewhere", "hall"))
    await lit(database, ada, 0)
    with refused(said):
        await Repairs(core(database)).repair(ada, HALL, name, day, reason, NINE)
    assert len(await Scene(database).rows(streak_days)) == 1


@pytest.mark.parametrize(
    "name", ["Ada Lovelace", "ada_lovelace", "@Ada_Lovelace", "id of Ada Lovelace"]
)
async def test_a_member_is_found_by_name_or_by_what_their_platform_calls_them(
    database: Database, name: str
) -> None:
    async with database.transaction() as tx:
        ada = await add_player(tx, Person("paper", "id_of_Ada_Lovelace", "Ada Lovelace"), NINE)
        await people.enter_community(tx, ada.id, HALL, NINE)
        assert [each.id for each in await people.find_by_name(tx, HALL, name)] == [ada.id]
