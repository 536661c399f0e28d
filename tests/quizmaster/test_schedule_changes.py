"""A schedule that stands becomes what is written, part by part, and asks no date twice for it."""

import pytest

from bot.model.schedules import Schedule, WantedSchedule
from bot.store import schedules
from tests.quizmaster.conftest import HALL
from tests.quizmaster.diary import Diary
from tests.refusing import refused

WHOLE = WantedSchedule(
    at="10:00",
    days="mon-fri",
    zone="Asia/Tokyo",
    packs="gates",
    levels="intermediate",
    lasts="2h",
    answers="reactions",
)


async def changed(diary: Diary, wanted: WantedSchedule) -> Schedule:
    await diary.schedules.change(HALL, 1, wanted, diary.now)
    async with diary.quiz.database.reading() as tx:
        found = await schedules.find(tx, 1)
    assert found
    return found


@pytest.mark.parametrize(
    ("wanted", "part", "value"),
    [
        (WantedSchedule(at="7:05"), "cron", "5 7 * * mon-fri"),
        (WantedSchedule(days="sat,sun"), "cron", "0 10 * * sat,sun"),
        (WantedSchedule(at="7:05", days="sun"), "cron", "5 7 * * sun"),
        (WantedSchedule(cron="30 9 1,15 * *"), "cron", "30 9 1,15 * *"),
        (WantedSchedule(zone="europe/berlin"), "own_zone", "Europe/Berlin"),
        (WantedSchedule(zone="place"), "own_zone", None),
        (WantedSchedule(packs="all"), "packs", ()),
        (WantedSchedule(levels="all"), "levels", ()),
        (WantedSchedule(lasts="1d"), "minutes", 24 * 60),
        (WantedSchedule(answers="buttons"), "answers", "buttons"),
    ],
)
async def test_what_is_written_changes_and_nothing_else_does(
    diary: Diary, wanted: WantedSchedule, part: str, value: object
) -> None:
    before = await diary.add(WHOLE)
    after = await changed(diary, wanted)
    assert getattr(after, part) == value
    planned = {part, "next_day", "next_at"}
    kept = [name for name in Schedule.__slots__ if name not in planned]
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]


async def test_the_days_of_a_cron_line_stay_when_only_its_time_changes(diary: Diary) -> None:
    await diary.add(WantedSchedule(cron="30 9 1,15 * *", packs="gates"))
    assert (await changed(diary, WantedSchedule(at="20:00"))).cron == "0 20 1,15 * *"


async def test_it_asks_at_its_new_time_from_then_on(diary: Diary) -> None:
    diary.at("2026-03-02 08:00")
    await diary.add()
    await changed(diary, WantedSchedule(at="11:00"))
    diary.at("2026-03-02 10:30")
    assert await diary.ask(diary.one) == []
    diary.at("2026-03-02 11:00")
    assert len(await diary.ask(diary.other)) == 1


async def test_a_date_that_was_asked_on_is_not_asked_on_again_at_the_new_time(diary: Diary) -> None:
    diary.at("2026-03-02 08:00")
    await diary.add()
    diary.at("2026-03-02 10:00")
    assert len(await diary.ask(diary.one)) == 1
    assert str((await changed(diary, WantedSchedule(at="18:00"))).next_day) == "2026-03-03"
    diary.at("2026-03-02 18:00")
    assert await diary.ask(diary.one) == []
    diary.at("2026-03-03 18:00")
    assert len(await diary.ask(diary.one)) == 1


async def test_a_date_that_is_due_this_moment_goes_by_what_it_is_now(diary: Diary) -> None:
    """Nobody has claimed it yet: put off, it comes later that day; otherwise it comes at once."""
    diary.at("2026-03-02 08:00")
    await diary.add()
    diary.at("2026-03-02 10:00")
    await changed(diary, WantedSchedule(lasts="3h"))
    assert len(await diary.ask(diary.one)) == 1
    diary.at("2026-03-03 10:00")
    await changed(diary, WantedSchedule(at="12:00"))
    assert await diary.ask(diary.one) == []
    diary.at("2026-03-03 12:00")
    assert len(await diary.ask(diary.one)) == 1


async def test_one_that_rests_changes_and_goes_on_resting(diary: Diary) -> None:
    await diary.add()
    await diary.schedules.pause(HALL, 1, diary.now)
    assert (await changed(diary, WantedSchedule(at="11:00"))).next_at is None
    diary.at("2026-03-09 12:00")
    assert await diary.ask(diary.one) == []


@pytest.mark.parametrize(
    ("wanted", "remedy"),
    [
        (WantedSchedule(), "Say what is to be otherwise"),
        (WantedSchedule(at="25:00"), "no time of the day"),
        (WantedSchedule(cron="0 9 * * *", at="10:00"), "not both"),
        (WantedSchedule(days="someday"), "cannot read the days"),
        (WantedSchedule(packs="gtaes"), "Did you mean gates"),
        (WantedSchedule(packs="all,gates"), "There is no pack called all"),
        (WantedSchedule(levels="hard"), "There is no level hard"),
        (WantedSchedule(levels="expert"), "No question fits that"),
        (WantedSchedule(lasts="1s"), "how long it stays open"),
        (WantedSchedule(zone="Mars/Base"), "zone"),
    ],
)
async def test_what_cannot_be_changed_so_is_refused_with_the_remedy_and_stays(
    diary: Diary, wanted: WantedSchedule, remedy: str
) -> None:
    before = await diary.add(WHOLE)
    with refused(remedy):
        await diary.schedules.change(HALL, 1, wanted, diary.now)
    async with diary.quiz.database.reading() as tx:
        assert await schedules.find(tx, 1) == before


async def test_only_what_stands_in_this_place_is_changed(diary: Diary) -> None:
    with refused("There is no schedule 1 here"):
        await diary.schedules.change(HALL, 1, WantedSchedule(at="10:00"), diary.now)
