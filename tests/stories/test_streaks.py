"""Streaks, reminders and digests, as members and admins meet them."""

from tests.stories.stage import Member, Stage

HOUR, DAY = 3600, 24 * 3600
CHALLENGES = ("gates level:intermediate", "gates level:beginner")


async def solve(stage: Stage, member: Member, wish: str, letter: str) -> None:
    """A round of one, to its end."""
    await member.type(f"/challenge {wish}")
    await member.press(letter, on="Worth: up to")
    await member.see("✓ Right")
    await stage.wait(180)
    await stage.count()


async def test_a_streak_is_told_with_the_verdict_and_explained_on_request(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    await ada.type("/streak")
    assert "still open, for 19 hours" in (await ada.see("No streak at the moment")).text
    await solve(stage, ada, CHALLENGES[0], "A")
    assert "🔥 1 day in a row." in (await ada.see("✓ Right")).text
    await ada.type("/streak")
    told = (await ada.see("🔥 1 day in a row\n")).text
    assert "Today: counts already" in told
    assert "Freezes: 0; the next after 6 more days" in told
    assert "Time zone: UTC (you have set none)" in told
    assert "Day Mon 2 Mar, What became of it ✓ counts" in told


async def test_in_the_hours_of_grace_yesterday_can_still_be_made_to_count(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    stage.clock.advance(18 * HOUR)
    await solve(stage, ada, CHALLENGES[0], "A")
    assert (
        "This one counted for Mon 2 Mar, within its hours of grace."
        in (await ada.see("✓ Right")).text
    )
    await solve(stage, ada, CHALLENGES[1], "B")
    assert "🔥 2 days in a row." in (await ada.see("🔥 2 days")).text


async def test_a_streak_that_ended_is_told_at_the_next_meeting_once(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    await solve(stage, ada, CHALLENGES[0], "A")
    stage.clock.advance(2 * DAY)
    await stage.look()
    await solve(stage, ada, CHALLENGES[1], "B")
    ended = "On Tue 3 Mar your streak of 1 day ended: you held no freeze."
    assert [ended in text for text in await ada.texts()].count(True) == 1
    await ada.type("/streak")
    assert (
        "Tue 3 Mar, What became of it ✗ the streak ended: no freeze was left" in await ada.newest()
    )
    assert ended not in await ada.newest()


async def test_an_admin_gives_a_day_back_with_a_reason_that_is_shown(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    owner = await stage.enter("Owner", admin=True)
    await solve(stage, ada, CHALLENGES[0], "A")
    stage.clock.advance(2 * DAY)
    await solve(stage, ada, CHALLENGES[1], "B")
    await owner.type("/repair member:Ada day:2026-03-03 reason:outage")
    assert "Tue 3 Mar counts for Ada now: 3 days in a row." in (await owner.see("Repaired")).text
    await ada.type("/streak")
    assert (
        "Tue 3 Mar, What became of it repaired by Owner: outage"
        in (await ada.see("🔥 3 days in a row")).text
    )
    await owner.type("/repair member:Ada day:2026-03-03 reason:again")
    assert "2026-03-03 counts for Ada already" in await owner.newest()


async def test_a_reminder_comes_once_at_the_hour_while_the_daily_is_open_and_one_press_ends_it(
    stage: Stage,
) -> None:
    ada, bob, cy = await stage.company("Ada", "Bob", "Cy")
    owner = await stage.enter("Owner", admin=True)
    await owner.type("/schedule add at:10:00 packs:gates levels:intermediate open:12h")
    for member in (ada, cy):
        await member.type("/remind hour:12")
        await member.see("Reminders are on")
    await bob.type("/remind")
    assert "Reminders are off" in await bob.newest()
    await stage.wait(HOUR)
    await cy.press("A", on="Time: 12 h")
    await stage.look()
    assert not await ada.reads("is waiting")
    await stage.wait(2 * HOUR)
    for _ in range(2):
        await stage.look()
    assert sum("Your daily question is waiting" in text for text in await ada.texts()) == 1
    letter = await ada.see("Your daily question is waiting")
    assert letter.private
    assert "Still open: What a gate does" in letter.text
    assert not await bob.reads("is waiting"), "who asked for none gets none"
    assert not await cy.reads("is waiting"), "who has answered needs none"
    await ada.press("No more reminders", on="is waiting")
    await ada.see("Reminders are off")
    letters = sum("is waiting" in text for text in await ada.texts())
    for _ in range(2):
        await stage.wait(12 * HOUR)
    await stage.look()
    assert sum("is waiting" in text for text in await ada.texts()) == letters


async def test_a_digest_tells_of_the_week_on_monday_morning_once(stage: Stage) -> None:
    ada, bob = await stage.company("Ada", "Bob")
    owner = await stage.enter("Owner", admin=True)
    await owner.type("/digest switch:on")
    assert "It comes on Mon 9 Mar" in (await owner.see("A weekly digest comes here")).text
    await ada.type("/challenge gates level:intermediate")
    await ada.press("A", on="Worth: up to")
    for letter in "BC":
        await bob.press(letter, on="Worth: up to")
    await stage.wait(180)
    await stage.count()
    stage.clock.advance(7 * DAY - 240)
    await stage.look()
    assert not await ada.reads("The week from")
    stage.clock.advance(240)
    for _ in range(2):
        await stage.look()
    week = await ada.see("The week from Mon 2 Mar to Sun 8 Mar")
    assert not week.private
    assert "Rank 1, Name Ada, Points 1" in week.text
    assert "Hardest: What a gate does, solved by 1 of 2 (50 %)." in week.text
    assert "Bars of the points of the week from Mon 2 Mar to Sun 8 Mar. 1. Ada: 1" in week.text
    assert sum("The week from" in text for text in await bob.texts()) == 1
    await owner.type("/digest switch:off")
    assert "No weekly digest" in await owner.newest()


async def test_a_reminder_comes_by_the_clock_of_the_zone_that_somebody_moved_to(
    stage: Stage,
) -> None:
    owner, ada = await stage.enter("Owner", admin=True), await stage.enter("Ada")
    await owner.type("/schedule add at:10:00 packs:gates levels:intermediate open:23h")
    await ada.type("/remind hour:12")
    await stage.wait(HOUR)
    await ada.see("Time: 23 h")
    for hours, letters in ((2, 1), (1, 1), (13, 1), (1, 2)):
        await stage.wait(hours * HOUR)
        await stage.look()
        assert sum("is waiting" in text for text in await ada.texts()) == letters
        if hours == 2:
            await ada.type("/me zone:Asia/Tokyo")
