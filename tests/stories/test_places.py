"""Boards, settings, reactions, votes and reports: what a place is beyond its questions."""

from tests.stories.stage import Member, Stage

GATE = "/challenge gates level:intermediate"


async def play(stage: Stage, points: dict[Member, str]) -> None:
    """A round in which each answers at the end of the time, where speed pays nothing."""
    await next(iter(points)).type(GATE)
    for member in points:
        await member.press("I’m in", on="Time: 1:30")
    stage.clock.advance(90)
    for member, letters in points.items():
        for letter in letters:
            await member.press(letter, on="Time: 1:30")
    await stage.wait(2)
    await stage.count()


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("Rank")]


async def test_a_board_has_ranks_shared_by_ties_and_names_its_reader(stage: Stage) -> None:
    ada, bob, cy, dot = await stage.company("Ada", "Bob", "Cy", "Dot")
    await play(stage, {ada: "A", bob: "BA", cy: "A", dot: "BC"})
    await bob.type("/board")
    board = (await bob.see("🏆 This week, here")).text
    assert rows(board) == [
        "Rank 1, Name Ada, Points 100",
        "Rank 1, Name Cy, Points 100",
        "Rank 3, Name Bob (you), Points 60",
    ]
    assert "3 members on this board." in board
    await dot.type("/board")
    assert "You have no points on this board yet." in (await dot.see("🏆 This week, here")).text
    await dot.press("Everywhere")
    assert rows((await dot.see("🏆 This week, everywhere")).text) == rows(
        board.replace(" (you)", "")
    )
    await dot.press("All time")
    await dot.see("🏆 All time, everywhere")


async def test_a_board_shows_the_reader_between_two_neighbours_on_each_side(stage: Stage) -> None:
    crowd = await stage.company(*(f"M{number:02}" for number in range(15)))
    await crowd[0].type(GATE)
    for member in crowd:
        await member.press("I’m in", on="Time: 1:30")
    for member in crowd:
        stage.clock.advance(5)
        await member.press("A", on="Time: 1:30")
    await stage.count()
    await crowd[12].type("/board")
    board = (await crowd[12].see("🏆 This week, here")).text
    assert [line.split(", ")[1] for line in rows(board)[10:]] == [
        "Name M10",
        "Name M11",
        "Name M12 (you)",
        "Name M13",
        "Name M14",
    ]
    assert "15 members on this board." in board


async def test_this_week_ends_by_the_places_own_calendar(stage: Stage) -> None:
    """Sunday 16:00 in UTC is Monday in Tokyo."""
    owner = await stage.enter("Owner", admin=True)
    await owner.type("/settings zone:Asia/Tokyo")
    stage.clock.advance((6 * 24 + 5.9) * 3600)
    await play(stage, {owner: "A"})
    await owner.type("/board")
    assert rows((await owner.see("This week, here")).text)
    stage.clock.advance(3600)
    await owner.type("/board")
    await owner.see("Nobody has points here yet.")
    await owner.type("/board all")
    assert rows((await owner.see("All time, here")).text)


async def test_who_leaves_is_off_the_boards_of_the_community_and_stays_everywhere(
    stage: Stage,
) -> None:
    ada, bob = await stage.company("Ada", "Bob")
    await play(stage, {ada: "A", bob: "BA"})
    await ada.leave()
    await bob.type("/board community")
    assert rows((await bob.see("in this community")).text) == ["Rank 1, Name Bob (you), Points 60"]
    await bob.press("Everywhere")
    assert len(rows((await bob.see("This week, everywhere")).text)) == 2


async def test_a_hidden_name_is_read_by_its_owner_alone(stage: Stage) -> None:
    ada, bob = await stage.company("Ada", "Bob")
    await ada.type("/me name:hidden")
    await ada.see("Name on boards: hidden")
    await play(stage, {ada: "A", bob: "BA"})
    for words in ("/board", "/board community", "/board everywhere"):
        await bob.type(words)
        assert rows(await bob.newest())[0] == "Rank 1, Name Somebody, Points 100"
    assert "First: Somebody after" in (await bob.see("(over)")).text
    await ada.type("/board")
    assert "Name Ada (you, hidden from others)" in (await ada.see("🏆")).text


async def test_an_admin_sets_a_place_and_a_round_under_way_keeps_what_it_began_with(
    stage: Stage,
) -> None:
    owner, ada = await stage.enter("Owner", admin=True), await stage.enter("Ada")
    await owner.type(GATE)
    await owner.type("/settings speed:off")
    await owner.see("Speed points: off")
    await ada.press("A")
    await ada.see("Points: 120")
    await owner.press("A", on="Time: 1:30")
    await stage.wait(15)
    await ada.type("/challenge gates level:beginner")
    await ada.press("B", on="A sigmoid")
    assert "Points: 50" in (await ada.see("You said: B: False")).text
    await owner.press("Turn speed points on")
    await owner.see("Speed points: on")


async def test_settings_and_reports_are_for_admins_alone(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    await ada.type("/help")
    assert "/settings" not in (await ada.see("What I can do")).text
    for line in ("/settings", "/settings speed:off", "/reports"):
        await ada.type(line)
        assert "Only an admin of this place may use" in await ada.newest()
    for action in ("set:speed:off", "set:answers:reactions", "settle:1"):
        await ada.forge(action, on="What I can do")
        assert "Only an admin of this place may use" in await ada.newest()


async def test_of_reactions_the_first_counts_and_counts_once(stage: Stage) -> None:
    owner, ada = await stage.enter("Owner", admin=True), await stage.enter("Ada")
    await owner.type("/settings answers:reactions")
    await owner.type(GATE)
    card = await ada.see("What a gate does")
    assert "A" not in card.buttons
    assert "Tries: 1" in card.text
    await ada.react("🇧")
    await ada.see("and that was")
    await ada.react("🇦")
    assert "No tries left" in await ada.newest()
    await owner.react("🇦")
    await owner.react("🇦", added=False)
    await owner.see("✓ Right")
    await stage.wait(15)
    over = (await ada.see("(over)")).text
    assert "A: It lets everything through (right), chosen by 1" in over
    assert "B: It stops everything (wrong), chosen by 1" in over


async def test_where_reactions_are_asked_for_boxes_and_words_are_still_answered_with(
    stage: Stage,
) -> None:
    owner = await stage.enter("Owner", admin=True)
    await owner.type("/settings answers:reactions")
    await owner.type("/challenge gates level:advanced")
    await owner.tick("A", "B", "D")
    await owner.see("✓ Right")


async def test_a_vote_can_be_changed_and_each_member_has_one(stage: Stage) -> None:
    ada, bob = await stage.company("Ada", "Bob")
    await ada.type(GATE)
    await ada.press("👍")
    await ada.see("“What a gate does” has 1 up, 0 down.")
    await bob.press("👍")
    await ada.press("👎")
    assert "has 1 up, 1 down." in await ada.newest()


async def test_a_report_is_filed_once_read_by_admins_and_settled(stage: Stage) -> None:
    owner, ada = await stage.enter("Owner", admin=True), await stage.enter("Ada")
    await ada.type(GATE)
    await ada.press("Report")
    await ada.press("The key is wrong")
    await ada.see("The admins will see it.")
    await ada.press("Report", on="Time: 1:30")
    await ada.press("It is unclear")
    await ada.see("You reported it before")
    await owner.type("/reports")
    reports = (await owner.see("1 open report")).text
    assert "Question gates/gate, Reason The key is wrong, By Ada" in reports
    await owner.press("Settle 1")
    await owner.see("No open reports.")


async def test_why_explains_every_score_and_a_score_never_moves(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    await ada.type(GATE)
    stage.clock.advance(45)
    await ada.press("Hint (−20 %)")
    await ada.press("B", on="Time: 1:30")
    await ada.press("A", on="Time: 1:30")
    await ada.see("Points: 58")
    await ada.type("/why")
    await ada.press("1")
    assert (
        "Together: 100 × 0.6 (2nd try) × 0.8 (1 hint) + 10 speed = 58"
        in (await ada.see("Why 58 points")).text
    )
    await stage.wait(60)
    await ada.type("/me")
    await ada.see("Points: 58")


async def test_a_day_counts_by_the_members_own_zone(stage: Stage) -> None:
    """From the day after she chose it.

    At 09:00 in UTC it is 18:00 in Tokyo; eleven hours later that has its next day.
    """
    ada, bob = await stage.company("Ada", "Bob")
    await ada.type("/me zone:Asia/Tokyo")
    await ada.see("UTC; from Tue 3 Mar on Asia/Tokyo")
    stage.clock.advance(24 * 3600)
    await play(stage, {ada: "A", bob: "A"})
    stage.clock.advance(11 * 3600)
    await ada.type("/challenge gates level:beginner")
    for member in (ada, bob):
        await member.press("B", on="Time: 1:00")
        await member.type("/me")
    assert "Streak: 2 days" in (await ada.see("👤 Ada")).text
    assert "Streak: 1 day" in (await bob.see("👤 Bob")).text


LEADING_NOWHERE = (
    *(
        "answer:99:A",
        "answer::A",
        "answer:x:A",
        f"answer:{9**17}:A",
        "answer:1:Z",
        "go:0:0",
        "why:7",
        "vote:-1:up",
    ),
    *(
        "start:nothing:0",
        "start:gates",
        "pack:nothing",
        "report:3:key",
        "hint:7",
        "join:5",
        ":",
        "🇦",
    ),
)


async def test_buttons_that_lead_nowhere_are_answered_with_a_sentence(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    await ada.type(GATE)
    for action in LEADING_NOWHERE:
        await ada.forge(action, on="Worth: up to")
    said = [text for text in await ada.texts() if text.startswith("That did not work")]
    assert len(said) == len(LEADING_NOWHERE)
