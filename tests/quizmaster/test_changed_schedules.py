"""A schedule that stands becomes what is written, part by part, and asks no date twice for it."""

import pytest

from bot.errors import UserError
from bot.quizmaster.plans import Plan
from bot.store import schedules
from bot.store.schedules import Schedule
from tests.quizmaster.conftest import HALL
from tests.quizmaster.diary import Diary

WHOLE = Plan(
    at="10:00",
    days="mon-fri",
    zone="Asia/Tokyo",
    packs="gates",
    levels="intermediate",
    lasts="2h",
    answers="reactions",
)


async def changed(diary: Diary, wanted: Plan) -> Schedule:
    await diary.schedules.change(HALL, 1, wanted, diary.now)
    async with diary.quiz.database.look() as tx:
        found = await schedules.find(tx, 1)
    assert found
    return found


@pytest.mark.parametrize(
    ("wanted", "part", "value"),
    [
        (Plan(at="7:05"), "cron", "5 7 * * mon-fri"),
        (Plan(days="sat,sun"), "cron", "0 10 * * sat,sun"),
        (Plan(at="7:05", days="sun"), "cron", "5 7 * * sun"),
        (Plan(cron="30 9 1,15 * *"), "cron", "30 9 1,15 * *"),
        (Plan(zone="europe/berlin"), "own_zone", "Europe/Berlin"),
        (Plan(zone="place"), "own_zone", None),
        (Plan(packs="all"), "packs", ()),
        (Plan(levels="all"), "levels", ()),
        (Plan(lasts="1d"), "minutes", 24 * 60),
        (Plan(answers="buttons"), "answers", "buttons"),
    ],
)
async def test_what_is_written_changes_and_nothing_else_does(
    diary: Diary, wanted: Plan, part: str, value: object
) -> None:
    before = await diary.add(WHOLE)
    after = await changed(diary, wanted)
    assert getattr(after, part) == value
    planned = {part, "next_day", "next_at"}
    kept = [name for name in Schedule.__slots__ if name not in planned]
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]


async def test_the_days_of_a_cron_line_stay_when_only_its_time_changes(diary: Diary) -> None:
    await diary.add(Plan(cron="30 9 1,15 * *", packs="gates"))
    assert (await changed(diary, Plan(at="20:00"))).cron == "0 20 1,15 * *"


async def test_it_asks_at_its_new_time_from_then_on(diary: Diary) -> None:
    diary.at("2026-03-02 08:00")
    await diary.add()
    await changed(diary, Plan(at="11:00"))
    diary.at("2026-03-02 10:30")
    assert await diary.ask(diary.one) == []
    diary.at("2026-03-02 11:00")
    assert len(await diary.ask(diary.other)) == 1


async def test_a_date_that_was_asked_on_is_not_asked_on_again_at_the_new_time(diary: Diary) -> None:
    diary.at("2026-03-02 08:00")
    await diary.add()
    diary.at("2026-03-02 10:00")
    assert len(await diary.ask(diary.one)) == 1
    assert str((await changed(diary, Plan(at="18:00"))).next_day) == "2026-03-03"
    diary.at("2026-03-02 18:00")
    assert await diary.ask(diary.one) == []
    diary.at("2026-03-03 18:00")
    assert len(await diary.ask(diary.one)) == 1


async def test_a_date_that_is_due_this_moment_goes_by_what_it_is_now(diary: Diary) -> None:
    """Nobody has claimed it yet: put off, it comes later that day; otherwise it comes at once."""
    diary.at("2026-03-02 08:00")
    await diary.add()
    diary.at("2026-03-02 10:00")
    await changed(diary, Plan(lasts="3h"))
    assert len(await diary.ask(diary.one)) == 1
    diary.at("2026-03-03 10:00")
    await changed(diary, Plan(at="12:00"))
    assert await diary.ask(diary.one) == []
    diary.at("2026-03-03 12:00")
    assert len(await diary.ask(diary.one)) == 1


async def test_one_that_rests_changes_and_goes_on_resting(diary: Diary) -> None:
    await diary.add()
    await diary.schedules.pause(HALL, 1, diary.now)
    assert (await changed(diary, Plan(at="11:00"))).next_at is None
    diary.at("2026-03-09 12:00")
    assert await diary.ask(diary.one) == []


@pytest.mark.parametrize(
    ("wanted", "remedy"),
    [
        (Plan(), "Say what is to be otherwise"),
        (Plan(at="25:00"), "no time of the day"),
        (Plan(cron="0 9 * * *", at="10:00"), "not both"),
        (Plan(days="someday"), "cannot read the days"),
        (Plan(packs="gtaes"), "Did you mean gates"),
        (Plan(packs="all,gates"), "There is no pack called all"),
        (Plan(levels="hard"), "There is no level hard"),
        (Plan(levels="expert"), "No question fits that"),
        (Plan(lasts="1s"), "how long it stays open"),
        (Plan(zone="Mars/Base"), "zone"),
    ],
)
async def test_what_cannot_be_changed_so_is_refused_with_the_remedy_and_stays(
    diary: Diary, wanted: Plan, remedy: str
) -> None:
    before = await diary.add(WHOLE)
    with pytest.raises(UserError, match=remedy):
        await diary.schedules.change(HALL, 1, wanted, diary.now)
    async with diary.quiz.database.look() as tx:
        assert await schedules.find(tx, 1) == before


async def test_only_what_stands_in_this_place_is_changed(diary: Diary) -> None:
    with pytest.raises(UserError, match="There is no schedule 1 here"):
        await diary.schedules.change(HALL, 1, Plan(at="10:00"), diary.now)
