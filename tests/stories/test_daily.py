"""Questions that come by themselves, from the admin's line to the end that is told."""

import asyncio
from datetime import timedelta

import pytest

from tests.stories.stage import DEADLINE_S, Member, Stage

GATE = "/schedule add at:10:00 packs:gates levels:intermediate open:12h"
HOUR = 3600


async def owned(stage: Stage) -> tuple[Member, Member, Member]:
    """At nine in the morning in UTC."""
    ada, bob = await stage.company("Ada", "Bob")
    return await stage.enter("Owner", admin=True), ada, bob


async def dailies(member: Member, count: int, words: str = "Time: 1 h") -> list[str]:
    """Those that came so far, once there are so many."""
    async with asyncio.timeout(DEADLINE_S):
        while len(came := [text for text in await member.texts() if words in text]) < count:
            await member.changed()
    return came


async def test_a_daily_from_its_schedule_to_its_end(stage: Stage) -> None:
    """Set once.

    It comes at its time, stays open for those who come later, and its end is told anew.
    """
    owner, ada, bob = await owned(stage)
    await owner.type(GATE)
    assert (
        "Next: Mon 02 Mar 10:00; Tue 03 Mar 10:00; Wed 04 Mar 10:00"
        in (await owner.see("It is set up.")).text
    )
    await stage.wait(HOUR - 1)
    assert not await ada.reads("What a gate does")
    await stage.wait(1)
    asked = await ada.see("Time: 12 h")
    assert "What a gate does" in asked.text
    assert "late" not in asked.text
    assert "I’m in" not in asked.buttons

    await ada.press("A", on="Time: 12 h")
    await ada.see("✓ Right")
    await stage.wait(30)
    assert not await ada.reads("(over)"), "whoever comes later may answer too"
    stage.clock.advance(5 * HOUR)
    await bob.press("B", on="Time: 12 h")
    await bob.press("A", on="Time: 12 h")
    await stage.wait(7 * HOUR)
    end = (await ada.see("(over)")).text
    assert "Solved by: 2 of 2 members" in end
    assert "Name Ada, Tries first try, Points 100, Streak 1 day" in end
    assert "Name Bob, Tries 2 tries, Points 60, Streak 1 day" in end
    assert "stays whole" in end
    assert (await ada.see("(over)")).id != asked.id, "as a message of its own"
    await owner.press("A", on="Time: 12 h")
    assert "This one is over" in await owner.newest()

    await stage.wait(12 * HOUR - 30)
    await dailies(bob, 2, "Time: 12 h")


async def test_a_daily_leaves_the_place_free_for_live_rounds(stage: Stage) -> None:
    owner, ada, _ = await owned(stage)
    await owner.type(GATE)
    await stage.wait(HOUR)
    await ada.see("Time: 12 h")
    await ada.type("/challenge figures kind:conceptual")
    await ada.see("Steep slopes")


async def test_what_is_still_welcome_after_an_absence_comes_late_and_what_is_not_is_told_as_missed(
    stage: Stage,
) -> None:
    owner, ada, _ = await owned(stage)
    await owner.type(GATE)
    await owner.type("/schedule add at:10:30 packs:figures levels:expert open:1h")
    await stage.wait(6 * HOUR)
    late = (await ada.see("here it is, late")).text
    assert "Time: 7 h" in late, "it ends when it was to end"
    await owner.type("/schedule")
    assert (
        "Mon 02 Mar 2026 (No. 2): I was not running"
        in (await owner.see("Schedules of this place")).text
    )
    assert sum("Level: Expert" in text for text in await ada.texts()) == 0


async def test_the_next_14_days_come_true(stage: Stage) -> None:
    owner, ada, _ = await owned(stage)
    await owner.type("/schedule add at:10:00 open:1h")
    await owner.type("/schedule preview")
    table = (await owner.see("Questions to come")).text
    foretold = [
        line.split("Question ")[1].split(" (")[0]
        for line in table.splitlines()
        if line.startswith("When")
    ]
    assert len(foretold) == 14
    assert len(set(foretold[:5])) == len(set(foretold[5:10])) == 5, (
        "none again before all have come"
    )
    for number, title in enumerate(foretold[:7]):
        await stage.wait(HOUR if not number else 24 * HOUR)
        assert title in (await dailies(ada, number + 1))[-1]


async def test_pause_skip_holiday_pin_move_post_now_and_remove(stage: Stage) -> None:
    owner, ada, _ = await owned(stage)
    await owner.type("/schedule add at:10:00 packs:gates open:1h")
    await owner.press("Skip the next")
    await owner.see("Nothing is asked on Mon 02 Mar 2026.")
    await owner.press("Take that back")
    assert (
        "Next: Mon 02 Mar 10:00"
        in (await owner.see("Mon 02 Mar 2026 is not skipped any more.")).text
    )
    await owner.type("/schedule skip number:1 date:2026-03-02")
    await owner.see("Nothing is asked on Mon 02 Mar 2026.")
    await owner.type("/holidays action:add days:2026-03-03")
    await owner.see("1 day kept off.")
    await owner.type("/holidays action:remove days:2026-04-03")
    await owner.see("That was no holiday here")
    await owner.type("/schedule pin number:1 date:2026-03-04 question:gates/truth")
    await owner.type("/schedule pin number:1 date:2026-03-05 question:gates/gate")
    await owner.type("/schedule move number:1 date:2026-03-04 to:2026-03-05")
    await owner.see("Wed 04 Mar 2026 and Thu 05 Mar 2026 have changed questions.")
    await owner.type("/schedule preview")
    lines = [
        line
        for line in (await owner.see("Questions to come")).text.splitlines()
        if line.startswith("When")
    ]
    assert [
        "skipped" in lines[0],
        "holiday" in lines[1],
        "gates/gate" in lines[2],
        "gates/truth" in lines[3],
    ] == [True] * 4

    for _ in range(2):
        await stage.wait(24 * HOUR)
    assert not await ada.reads("Time: 1 h"), "a day that was skipped, and a holiday"
    await stage.wait(HOUR)
    await ada.see("What a gate does")
    await owner.press("Pause")
    await stage.wait(48 * HOUR)
    await owner.press("Resume")
    await owner.press("Post now")
    await stage.wait(0)
    await owner.see("is on its way")
    assert len(await dailies(ada, 2)) == 2
    await owner.type("/schedule now number:1")
    await owner.see("is out already")
    await owner.type("/schedule remove number:1")
    await owner.see("Schedule 1 is removed")
    await stage.wait(48 * HOUR)
    assert sum("Time: 1 h" in text for text in await ada.texts()) == 2


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            "add at:9am",
            "9am is no time of the day that I can read. Say at what time it asks, by 24 hours",
        ),
        ("add number:9", "9 is no time of the day"),
        (
            "add at:09:00 days:weekdays",
            "I cannot read the days weekdays. Write them like days:mon-fri",
        ),
        ("add cron:30", "Write it as five parts between quotes"),
        ("add at:09:00 packs:foo", "There is no pack called foo. /pack shows all there are."),
        (
            "list number:fly",
            (
                "“fly” is no number of a schedule, and nothing that I can do with one. "
                "I can list, add, change"
            ),
        ),
        (
            "add number:1 at:10:00",
            (
                "Schedule 1 is not added: leave its number out. "
                "To change it: /schedule change number:1"
            ),
        ),
        ("change number:1", "Say what is to be otherwise: /schedule change number:1 at:10:00"),
        ("change", "Say which schedule: /schedule change number:3."),
        ("move number:1 date:2026-03-04 to:2026-03-04", "Those are one date."),
    ],
)
async def test_what_is_wrong_with_a_schedule_is_said_in_the_words_of_who_wrote_it(
    stage: Stage, typed: str, told: str
) -> None:
    owner, _, _ = await owned(stage)
    await owner.type("/schedule add at:10:00 packs:gates open:1h")
    await owner.type(f"/schedule {typed}")
    await owner.see(told)


async def test_an_admin_changes_a_schedule_that_stands(stage: Stage) -> None:
    """By its number and whatever is to be otherwise.

    `change` goes without saying where there is a time.
    """
    owner, _, _ = await owned(stage)
    await owner.type("/schedule add at:10:00 days:mon-fri packs:gates open:1h")
    await owner.type("/schedule change number:1 packs:all days:sat,sun")
    told = await owner.newest()
    assert "It is changed." in told
    assert "Sat" in told
    assert "Rhythm: " in told or "sat" in told.lower()
    await owner.type("/schedule number:1 at:11:30")
    assert "11:30" in await owner.newest()


async def test_schedules_are_for_admins_alone_and_of_one_place(stage: Stage) -> None:
    owner, ada, _ = await owned(stage)
    await ada.type(GATE)
    await ada.see("Only an admin of this place may use /schedule")
    await owner.type(GATE)
    await ada.type("/help")
    await ada.forge("schedule:remove:1", on="What I can do")
    assert "Only an admin of this place may use" in await ada.newest()
    owner.channel = "rnn"
    await owner.type("/schedule remove number:1")
    assert "There is no schedule 1 here." in await owner.newest()


async def test_a_place_that_moves_takes_its_schedules_along(stage: Stage) -> None:
    owner, ada, _ = await owned(stage)
    await owner.type("/schedule add at:20:00 packs:gates")
    await owner.type("/settings zone:Asia/Tokyo")
    await owner.type("/schedule")
    assert "every day at 20:00, Asia/Tokyo" in await owner.newest()
    await stage.wait(timedelta(hours=2).total_seconds() - 1)
    assert not await ada.reads("Time: 23 h")
    await stage.wait(1)
    await ada.see("Time: 23 h")
