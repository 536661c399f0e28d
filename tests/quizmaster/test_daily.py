"""Questions that come by themselves: each date dealt with once, by any of several processes."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.identity import Place
from bot.model.daily import AWAY, NOT_POSTED, NOTHING_FITS, SHUT_OUT
from bot.model.rounds import QuestionFilter
from bot.model.schedules import WantedSchedule
from bot.quizmaster.daily.claiming import BATCH, LEASE
from bot.store import daily, places, schedules
from bot.store.rounds import rounds
from bot.store.sql.tables.daily import schedules as table
from tests.quizmaster.conftest import HALL
from tests.quizmaster.diary import MON, PAPER, TEN, Diary
from tests.refusing import refused

# Once


async def test_of_several_processes_one_claims_and_one_posts_each_date(diary: Diary) -> None:
    for n in range(30):
        await diary.add(replace(TEN, at=f"10:{n % 3:02}"), Place("paper", "club", f"room {n}"))
    diary.at("2026-03-02 10:05")
    taken = await asyncio.gather(*(diary.ask(daily) for daily in (diary.one, diary.other) * 4))
    while more := await diary.ask(diary.one):
        taken.append(more)
    assert Counter(each.schedule_id for some in taken for each in some) == Counter(range(1, 31))
    assert Counter(await diary.rows()) == {(MON, "posted", ""): 30}


async def test_more_than_a_batch_are_claimed_at_one_ring(diary: Diary) -> None:
    first = await diary.add()
    async with diary.quiz.database.transaction() as tx:
        row = (await tx.execute(table.select())).one()._asdict()
        many = [{**row, "id": n, "act": f"act {n}"} for n in range(2, 2 * BATCH + 11)]
        await tx.execute(table.insert(), many)
    diary.at("2026-03-02 10:00")
    await asyncio.gather(
        diary.one.claiming.claim_due(diary.now), diary.other.claiming.claim_due(diary.now)
    )
    await diary.one.claiming.claim_due(diary.now)
    assert Counter(await diary.rows()) == {(MON, "due", ""): 2 * BATCH + 10}
    assert first.next_at is not None
    assert await diary.one.claiming.next_due(diary.now) == first.next_at + timedelta(days=1)


async def test_what_a_dead_process_took_is_free_when_its_lease_ends(diary: Diary) -> None:
    await diary.add()
    diary.at("2026-03-02 10:00")
    await diary.one.claiming.claim_due(diary.now)
    (taken,) = await diary.one.lease_due(PAPER, diary.now)
    begun = await diary.one.open(taken, diary.now)
    assert begun

    assert await diary.ask(diary.other) == []
    assert await diary.other.claiming.next_due(diary.now) == diary.now + LEASE
    assert timedelta(minutes=1) > LEASE
    diary.quiz.clock.advance(LEASE.total_seconds())
    (again,) = await diary.ask(diary.other)
    assert again.round_id == begun.id, "the same round: what was posted of it is found by its key"
    assert await diary.rows() == [(MON, "posted", "")]


async def test_a_clock_that_jumps_back_posts_nothing_twice(diary: Diary) -> None:
    await diary.add()
    diary.at("2026-03-02 10:00")
    await diary.ask(diary.one)
    for when in ("2026-03-01 10:00", "2026-03-02 09:59", "2026-03-02 10:00"):
        diary.at(when)
        await diary.one.claiming.set_all_next_times(diary.now)
        assert await diary.ask(diary.one) == []
    diary.at("2026-03-03 10:00")
    assert len(await diary.ask(diary.other)) == 1


async def test_the_hour_that_comes_twice_asks_once_and_the_one_that_does_not_come_asks_too(
    diary: Diary,
) -> None:
    await diary.add(replace(TEN, at="02:30", zone="Europe/Berlin"))
    for begin, day in (
        ("2026-03-28 12:00", date(2026, 3, 29)),
        ("2026-10-24 12:00", date(2026, 10, 25)),
    ):
        diary.at(begin)
        await diary.ask(diary.one)
        asked = []
        for _ in range(4 * 24):
            diary.quiz.clock.advance(15 * 60)
            asked += await diary.ask(diary.one)
        assert [each.day for each in asked] == [day]


async def test_a_place_that_moves_over_the_date_line_asks_no_date_twice(diary: Diary) -> None:
    await diary.add()
    for zone, when in (
        ("Pacific/Kiritimati", "2026-03-02 20:00"),
        ("Pacific/Pago_Pago", "2026-03-02 21:00"),
        ("Pacific/Kiritimati", "2026-03-05 12:00"),
    ):
        async with diary.quiz.database.transaction() as tx:
            await places.change(tx, 1, zone=zone)
        await diary.schedules.reschedule_for_zone(HALL, diary.now)
        diary.at(when)
        for _ in range(3):
            await diary.ask(diary.one)
    days = [day for day, _, _ in await diary.rows()]
    assert days == sorted(set(days))


# Late, missed, off


async def test_of_a_long_absence_the_newest_date_comes_late_and_the_others_are_missed(
    diary: Diary,
) -> None:
    await diary.add()
    diary.at("2026-03-05 10:59")
    (late,) = await diary.ask(diary.one)
    assert late.day == date(2026, 3, 5)
    missed = [(date(2026, 3, day), "missed", AWAY) for day in (2, 3, 4)]
    assert await diary.rows() == [*missed, (date(2026, 3, 5), "posted", "")]
    async with diary.quiz.database.reading() as tx:
        asked = await rounds.find(tx, 1)
    assert asked is not None
    assert asked.is_late
    assert asked.closes_at == datetime(2026, 3, 5, 12, tzinfo=UTC), "it ends when it was to end"


async def test_of_several_that_would_be_open_still_only_the_newest_comes(diary: Diary) -> None:
    await diary.add(replace(TEN, lasts="7d"))
    diary.at("2026-03-05 10:59")
    (late,) = await diary.ask(diary.one)
    assert late.day == date(2026, 3, 5)
    assert [row[1:] for row in await diary.rows()] == [*[("missed", AWAY)] * 3, ("posted", "")]


async def test_what_is_still_open_comes_late(diary: Diary) -> None:
    await diary.add()
    diary.at("2026-03-02 11:55")
    assert len(await diary.ask(diary.one)) == 1


async def test_what_there_is_hardly_time_to_read_is_missed(diary: Diary) -> None:
    await diary.add()
    diary.at("2026-03-02 11:56")
    assert await diary.ask(diary.one) == []
    assert await diary.rows() == [(MON, "missed", AWAY)]


async def test_what_was_claimed_and_then_lay_too_long_is_missed(diary: Diary) -> None:
    await diary.add()
    diary.at("2026-03-02 10:00")
    await diary.one.claiming.claim_due(diary.now)
    diary.at("2026-03-02 11:56")
    await diary.ask(diary.other)
    assert await diary.rows() == [(MON, "missed", AWAY)]


async def test_what_may_have_been_posted_is_gone_for_until_its_end_and_missed_then(
    diary: Diary,
) -> None:
    await diary.add()
    for day, minute, state, reason in ((2, 59, "posted", ""), (3, 0, "missed", NOT_POSTED)):
        diary.at(f"2026-03-{day:02} 10:00")
        await diary.one.claiming.claim_due(diary.now)
        (taken,) = await diary.one.lease_due(PAPER, diary.now)
        await diary.one.open(taken, diary.now)
        diary.at(f"2026-03-{day:02} {11 if minute else 12}:{minute:02}")
        await diary.ask(diary.other)
        assert (await diary.rows())[-1] == (date(2026, 3, day), state, reason)
    async with diary.quiz.database.reading() as tx:
        gone = await rounds.find(tx, 2)
    assert gone is not None
    assert gone.status == "void"


async def test_a_platform_that_is_served_no_more_lets_its_dates_pass(diary: Diary) -> None:
    await diary.add(place=Place("elsewhere", "club", "hall"))
    diary.at("2026-03-02 10:00")
    assert await diary.ask(diary.one) == []
    diary.at("2026-03-02 12:00")
    await diary.ask(diary.one)
    assert await diary.rows() == [(MON, "missed", NOT_POSTED)]


async def test_a_place_that_shut_the_bot_out_and_a_pack_that_is_gone_are_reasons(
    diary: Diary,
) -> None:
    await diary.add()
    async with diary.quiz.database.transaction() as tx:
        await places.pause(tx, 1, diary.now)
    diary.at("2026-03-02 10:00")
    await diary.ask(diary.one)
    async with diary.quiz.database.transaction() as tx:
        await places.change(tx, 1, paused_at=None)
        await schedules.change(tx, 1, packs=["gone"])
    diary.at("2026-03-03 10:00")
    await diary.ask(diary.one)
    assert [reason for _, _, reason in await diary.rows()] == [SHUT_OUT, NOTHING_FITS]


async def test_days_off_are_recorded_and_pass(diary: Diary) -> None:
    await diary.add()
    await diary.schedules.dates.skip(HALL, 1, "2026-03-02", diary.now)
    await diary.schedules.holidays.change(HALL, "2026-03-03", diary.now)
    diary.at("2026-03-04 10:00")
    (asked,) = await diary.ask(diary.one)
    assert asked.day == date(2026, 3, 4)
    assert [row[1:] for row in await diary.rows()] == [
        ("skipped", "skipped"),
        ("skipped", "holiday"),
        ("posted", ""),
    ]


async def test_a_pause_is_not_made_up_for(diary: Diary) -> None:
    await diary.add()
    await diary.schedules.pause(HALL, 1, diary.now)
    diary.at("2026-03-04 10:30")
    await diary.schedules.resume(HALL, 1, diary.now)
    assert await diary.ask(diary.one) == []
    assert await diary.rows() == []


# Bags and answers


async def test_two_schedules_and_live_rounds_of_a_place_share_one_bag(diary: Diary) -> None:
    await diary.add(WantedSchedule(at="10:00", lasts="1h"))
    await diary.add(WantedSchedule(at="10:30", lasts="1h"))
    came: list[str] = []
    for day in range(2, 12):
        diary.at(f"2026-03-{day:02} 10:00")
        await diary.ask(diary.one)
        diary.at(f"2026-03-{day:02} 10:30")
        await diary.ask(diary.one)
        live = await diary.quiz.rounds.live.open(f"live {day}", HALL, QuestionFilter(), diary.now)
        await diary.quiz.rounds.live.drop(live, diary.now)
    async with diary.quiz.database.reading() as tx:
        for number in range(1, 31):
            found = await rounds.find(tx, number)
            assert found is not None
            came.append(found.question.id)
    for begin in range(0, len(came), 5):
        assert len(set(came[begin : begin + 5])) == 5, "none again before all have come"


async def test_what_is_delivered_twice_is_done_once(diary: Diary) -> None:
    await diary.add()
    owner = await diary.quiz.meet("Owner")
    before = (await diary.schedules.preview(HALL, owner, diary.now)).slots
    for _ in range(2):
        await diary.schedules.dates.swap("the act", HALL, 1, "2026-03-04", "2026-03-05", diary.now)
    after = (await diary.schedules.preview(HALL, owner, diary.now)).slots
    asked = [
        [slot.question.id for slot in slots[2:4] if slot.question] for slots in (before, after)
    ]
    assert asked[0] == asked[1][::-1]
    for _ in range(2):
        await diary.schedules.dates.skip(HALL, 1, "2026-03-02", diary.now)
    assert [
        slot.day.day
        for slot in (await diary.schedules.preview(HALL, owner, diary.now)).slots
        if slot.off
    ] == [2]
    diary.at("2026-03-03 08:00")
    for _ in range(2):
        await diary.schedules.post_now("another act", HALL, 1, diary.now)
        await diary.ask(diary.one)
    assert [day.day for day, state, _ in await diary.rows() if state == "posted"] == [3]
    for _ in range(2):
        await diary.schedules.remove(HALL, 1, diary.now)


async def test_the_same_line_delivered_twice_is_one_schedule(diary: Diary) -> None:
    owner = await diary.quiz.meet("Owner")
    added = [await diary.schedules.add("the act", owner, HALL, TEN, diary.now) for _ in range(2)]
    assert [each.id for each in added] == [1, 1]
    assert len((await diary.schedules.list(HALL, owner, diary.now)).entries) == 1


@pytest.mark.parametrize(
    ("wanted", "remedy"),
    [
        (WantedSchedule(), "Say at what time"),
        (WantedSchedule(at="25:00"), "Say at what time"),
        (WantedSchedule(at="9:00", cron="0 9 * * *"), "not both"),
        (WantedSchedule(cron="0 9"), "five parts"),
        (WantedSchedule(at="9:00", days="never"), "cannot read the days never"),
        (WantedSchedule(at="9:00", zone="Mars/Base"), "no time zone"),
        (WantedSchedule(at="9:00", packs="gate"), "Did you mean gates"),
        (WantedSchedule(at="9:00", levels="easy"), "There is no level easy"),
        (WantedSchedule(at="9:00", packs="figures", levels="beginner"), "No question fits"),
        (WantedSchedule(at="9:00", lasts="1s"), "how long it stays open"),
        (WantedSchedule(at="9:00", lasts="8d"), "how long it stays open"),
    ],
)
async def test_what_is_no_schedule_is_refused_with_the_remedy(
    diary: Diary, wanted: WantedSchedule, remedy: str
) -> None:
    with refused(remedy):
        await diary.add(wanted)
    owner = await diary.quiz.meet("Owner")
    assert (await diary.schedules.list(HALL, owner, diary.now)).entries == ()


async def test_a_date_that_cannot_be_chosen_is_refused_with_the_remedy(diary: Diary) -> None:
    await diary.add(replace(TEN, days="mon-fri"))
    diary.at("2026-03-02 10:00")
    await diary.ask(diary.one)
    for day, remedy in (
        ("", "Say which date"),
        ("tomorrow", "is no date"),
        ("2026-03-02", "out already"),
        ("2026-03-07", "asks nothing on 2026-03-07"),
        ("2020-01-01", "not within a year"),
    ):
        with refused(remedy):
            await diary.schedules.dates.skip(HALL, 1, day, diary.now)
    with refused(r"Did you mean gates/gate\?"):
        await diary.schedules.dates.pin(HALL, 1, "2026-03-03", "gates/gat", diary.now)
    with refused("out already"):
        await diary.schedules.post_now("the act", HALL, 1, diary.now)
    async with diary.quiz.database.reading() as tx:
        assert await daily.find(tx, 1, date(2026, 3, 3)) is None
