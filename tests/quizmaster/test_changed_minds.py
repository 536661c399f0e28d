"""Clocks that ran ahead, and admins who change their minds.

They do so when a date has been claimed, missed or skipped.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.identity import Place
from bot.model.schedules import WantedSchedule
from bot.quizmaster.daily.claiming import LEASE
from bot.store import daily, places, schedules
from bot.store.daily import RESTING
from bot.store.rounds import rounds
from tests.quizmaster.conftest import HALL
from tests.quizmaster.diary import MON, PAPER, TEN, Diary
from tests.refusing import refused


@pytest.mark.parametrize("ahead", ["2026-03-05 11:00", "2026-03-05 12:00", "2036-03-05 12:00"])
async def test_after_a_clock_that_ran_far_ahead_every_date_comes_in_its_own_time(
    diary: Diary, ahead: str
) -> None:
    await diary.add()
    diary.at("2026-03-02 10:00")
    assert len(await diary.ask(diary.one)) == 1
    diary.at(ahead)
    early = await diary.ask(diary.one)
    diary.at("2026-03-02 12:00")
    for _ in range(2):
        assert await diary.ask(diary.other) == []
    for day in range(3, 8):
        diary.at(f"2026-03-{day:02} 10:00")
        came = [each.day.day for each in await diary.ask(diary.other)]
        assert came == ([] if date(2026, 3, day) in {each.day for each in early} else [day])
    assert {state for day, state, _ in await diary.rows() if day < date(2026, 3, 8)} == {"posted"}


async def test_what_an_admin_lets_rest_before_anything_is_posted_does_not_come(
    diary: Diary,
) -> None:
    await diary.add()
    await diary.add()
    diary.at("2026-03-02 10:00")
    await diary.one.claiming.claim_due(diary.now)
    await diary.schedules.pause(HALL, 1, diary.now)
    await diary.schedules.remove(HALL, 2, diary.now)
    for each in await diary.one.lease_due(PAPER, diary.now):
        assert await diary.one.open(each, diary.now) is None
    assert Counter(await diary.rows()) == {(MON, "skipped", RESTING): 2}
    await diary.schedules.resume(HALL, 1, diary.now)
    diary.at("2026-03-03 10:00")
    assert [each.schedule_id for each in await diary.ask(diary.one)] == [1]


async def test_what_may_have_been_posted_comes_although_it_was_paused_meanwhile(
    diary: Diary,
) -> None:
    await diary.add()
    diary.at("2026-03-02 10:00")
    await diary.one.claiming.claim_due(diary.now)
    (taken,) = await diary.one.lease_due(PAPER, diary.now)
    begun = await diary.one.open(taken, diary.now)
    await diary.schedules.pause(HALL, 1, diary.now)
    diary.quiz.clock.advance(LEASE.total_seconds())
    (again,) = await diary.ask(diary.other)
    assert begun
    assert again.round_id == begun.id


async def test_what_an_admin_asks_for_by_hand_comes_from_a_schedule_that_rests(
    diary: Diary,
) -> None:
    await diary.add()
    await diary.schedules.pause(HALL, 1, diary.now)
    await diary.schedules.post_now("now", HALL, 1, diary.now)
    assert len(await diary.ask(diary.one)) == 1
    assert await diary.rows() == [(MON, "posted", "asked for by now")]


async def test_a_question_that_was_missed_or_skipped_today_comes_when_an_admin_asks_for_it(
    diary: Diary,
) -> None:
    await diary.add()
    await diary.schedules.holidays.change(HALL, "2026-03-03", diary.now)
    for when, state in (("2026-03-02 14:00", "missed"), ("2026-03-03 14:00", "skipped")):
        diary.at(when)
        assert await diary.ask(diary.one) == []
        assert (await diary.rows())[-1][1] == state
        for _ in range(2):
            await diary.schedules.post_now(f"now {when}", HALL, 1, diary.now)
        (asked,) = await diary.ask(diary.one)
        assert (asked.due_at, asked.ends_at) == (diary.now, diary.now + timedelta(hours=2))
    with refused("out already"):
        await diary.schedules.post_now("another", HALL, 1, diary.now)
    diary.at("2026-03-04 10:00")
    assert len(await diary.ask(diary.one)) == 1


async def test_what_may_have_been_posted_and_then_was_given_up_is_not_asked_again(
    diary: Diary,
) -> None:
    await diary.add()
    diary.at("2026-03-02 10:00")
    await diary.one.claiming.claim_due(diary.now)
    (taken,) = await diary.one.lease_due(PAPER, diary.now)
    await diary.one.open(taken, diary.now)
    diary.at("2026-03-02 12:00")
    await diary.ask(diary.other)
    with refused("could not be posted, and its time is over"):
        await diary.schedules.post_now("now", HALL, 1, diary.now)


async def test_what_has_no_question_any_more_cannot_be_asked_for(diary: Diary) -> None:
    await diary.add()
    async with diary.quiz.database.transaction() as tx:
        await schedules.change(tx, 1, packs=["gone"])
    with refused("its packs are gone"):
        await diary.schedules.post_now("now", HALL, 1, diary.now)


async def test_a_holiday_for_today_is_too_late_once_something_was_asked(diary: Diary) -> None:
    await diary.add()
    calendar = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260302\nSUMMARY:Carnival\nEND:VEVENT\n"
        "END:VCALENDAR"
    )
    assert not (await diary.schedules.holidays.change(HALL, calendar, diary.now)).too_late
    back = await diary.schedules.holidays.change(HALL, "2026-03-02", diary.now, remove=True)
    assert (back.days, back.changed, back.too_late) == ((), 1, False)
    diary.at("2026-03-02 10:00")
    await diary.one.claiming.claim_due(diary.now)
    assert (await diary.schedules.holidays.change(HALL, calendar, diary.now)).too_late
    assert not (await diary.schedules.holidays.change(HALL, "2026-03-03", diary.now)).too_late
    assert not (
        await diary.schedules.holidays.change(Place("paper", "club", "other"), calendar, diary.now)
    ).too_late
    assert len(await diary.ask(diary.one)) == 1
    kept = await diary.schedules.holidays.change(HALL, "2026-03-02", diary.now)
    assert [each.name for each in kept.days] == ["Carnival", ""], (
        "a date alone takes nobody's name away"
    )


async def test_a_question_that_was_set_and_then_left_its_pack_is_drawn_from_the_bag_instead(
    diary: Diary,
) -> None:
    await diary.add()
    owner = await diary.quiz.meet("Owner")
    async with diary.quiz.database.transaction() as tx:
        await schedules.pin(tx, 1, MON, "gates/gone")
    (first, *_) = (await diary.schedules.preview(HALL, owner, diary.now)).slots
    assert first.question
    assert not first.pinned
    diary.at("2026-03-02 10:00")
    (taken,) = await diary.ask(diary.one)
    async with diary.quiz.database.reading() as tx:
        found = await daily.find(tx, *taken.key)
        assert found
        asked = await rounds.find(tx, found.round_id or 0)
    assert asked
    assert asked.question.id == first.question.id


async def test_a_question_that_is_set_no_more_comes_out_of_the_bag(diary: Diary) -> None:
    await diary.add()
    owner = await diary.quiz.meet("Owner")
    before = (await diary.schedules.preview(HALL, owner, diary.now)).slots
    await diary.schedules.dates.pin(HALL, 1, "2026-03-03", "gates/truth", diary.now)
    assert (await diary.schedules.preview(HALL, owner, diary.now)).slots[1].pinned
    await diary.schedules.dates.pin(HALL, 1, "2026-03-03", "", diary.now)
    assert (await diary.schedules.preview(HALL, owner, diary.now)).slots == before


async def test_the_next_question_of_a_community_is_told_whatever_place_it_comes_in(
    diary: Diary,
) -> None:
    other = Place("paper", "club", "other")
    await diary.add()
    await diary.add(replace(TEN, at="09:30"), other)
    await diary.add(replace(TEN, at="09:10"), Place("paper", "elsewhere", "hall"))
    assert await diary.schedules.next_in_community(HALL, diary.now) == diary.now + timedelta(
        minutes=30
    )
    await diary.schedules.dates.skip(other, 2, "2026-03-02", diary.now)
    assert await diary.schedules.next_in_community(HALL, diary.now) == diary.now + timedelta(
        hours=1
    )
    await diary.schedules.pause(HALL, 1, diary.now)
    async with diary.quiz.database.transaction() as tx:
        await places.pause(tx, 2, diary.now)
    assert await diary.schedules.next_in_community(HALL, diary.now) is None


async def test_two_schedules_of_one_minute_both_come_as_the_preview_has_them(diary: Diary) -> None:
    for _ in range(2):
        await diary.add(WantedSchedule(at="10:00", lasts="1h"))
    owner = await diary.quiz.meet("Owner")
    foretold = [
        slot.question.id
        for slot in (await diary.schedules.preview(HALL, owner, diary.now)).slots
        if slot.question
    ]
    came = []
    for day in (2, 3, 4):
        diary.at(f"2026-03-{day:02} 10:00")
        came += [each.key for each in await diary.ask(diary.one)]
    async with diary.quiz.database.reading() as tx:
        dealt = [await daily.find(tx, *key) for key in came]
        asked = [await rounds.find(tx, each.round_id or 0) for each in dealt if each]
    assert [each.question.id for each in asked if each] == foretold[:6]


async def test_a_place_that_moves_on_the_very_day_asks_each_date_once_and_goes_on(
    diary: Diary,
) -> None:
    """In the morning still, in the evening already, and over the date line both ways."""
    await diary.add()
    for zone, when in (
        (
            "Asia/Kathmandu",
            "2026-03-02 03:00",
        ),  # a quarter to nine there: it comes at a quarter past four
        ("America/St_Johns", "2026-03-02 04:20"),
        ("Pacific/Kiritimati", "2026-03-02 09:59"),
        ("Pacific/Pago_Pago", "2026-03-02 10:01"),
        ("Australia/Eucla", "2026-03-04 12:00"),
    ):
        diary.at(when)
        await diary.ask(diary.one)
        async with diary.quiz.database.transaction() as tx:
            await places.change(tx, 1, zone=zone)
        await diary.schedules.reschedule_for_zone(HALL, diary.now)
    for _ in range(7 * 24):
        diary.quiz.clock.advance(3600)
        await diary.ask(diary.one)
    days = [day for day, _, _ in await diary.rows()]
    assert days == sorted(set(days))
    assert (days[-1] - MON).days == 9
    assert len(days) >= 8, "over the date line one may be left out"


@pytest.mark.parametrize(
    ("place", "schedule", "asked"),
    [("buttons", "reactions", True), ("reactions", "", True), ("reactions", "buttons", False)],
)
async def test_a_schedule_asks_for_answers_in_its_own_way_or_in_the_place_s(
    diary: Diary,
    place: str,
    schedule: str,
    asked: bool,
) -> None:
    await diary.add(
        WantedSchedule(at="10:00", packs="gates", levels="intermediate", answers=schedule)
    )
    async with diary.quiz.database.transaction() as tx:
        await places.change(tx, 1, answers=place)
    diary.at("2026-03-02 10:00")
    await diary.ask(diary.one)
    async with diary.quiz.database.reading() as tx:
        found = await rounds.find(tx, 1)
    assert found
    assert found.by_reaction == asked


async def test_a_mix_of_packs_and_levels_brings_all_of_them_and_nothing_else(diary: Diary) -> None:
    await diary.add(WantedSchedule(at="10:00", packs="gates,figures", levels="intermediate,expert"))
    owner = await diary.quiz.meet("Owner")
    slots = (await diary.schedules.preview(HALL, owner, diary.now)).slots
    asked = {(slot.question.pack, slot.question.level.value) for slot in slots if slot.question}
    assert {pack for pack, _ in asked} == {"gates", "figures"}
    assert {level for _, level in asked} == {"intermediate", "expert"}
