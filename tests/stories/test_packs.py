"""A pack, challenge by challenge, up to the badge and the summary."""

from tests.stories.stage import Member, Stage


async def begin(member: Member, pack: str = "gates") -> None:
    await member.type(f"/pack {pack}")
    await member.press("Start")


async def solve_gates(member: Member) -> None:
    """From the first challenge to the summary."""
    await member.press("A", on="What a gate does")
    await member.press("Next challenge")
    await member.press("B", on="A sigmoid")
    await member.press("Next challenge")
    await member.tick("A", "B", "D")
    await member.press("Summary")


async def test_a_pack_solved_earns_its_badge_and_is_summed_up(stage: Stage) -> None:
    ada, bob = await stage.company("Ada", "Bob")
    await begin(ada)
    await solve_gates(ada)
    summary = (await ada.see("Gates: 3 of 3")).text
    assert "🚪 Gate Keeper is yours" in summary
    assert "A: It lets everything through (✓ right)" in summary
    assert "In, out and over." in summary
    assert "Best so far: 3 of 3" in summary
    await ada.type("/me")
    mine = (await ada.see("👤 Ada")).text
    assert "🚪 Gate Keeper" in mine
    assert "Streak: 1 day" in mine
    assert "Conceptual, Right 1 of 1, Share 100 %" in mine
    await ada.type("/pack")
    await ada.see("You 🚪 badge earned")
    assert await bob.texts() == []


async def test_each_challenge_opens_on_the_card_before_it_and_starts_its_own_clock(
    stage: Stage,
) -> None:
    (ada,) = await stage.company("Ada")
    await begin(ada)
    first = await ada.see("Until 09:01:30 UTC")
    stage.clock.advance(60)
    await ada.press("A", on="What a gate does")
    await ada.press("Next challenge")
    second = await ada.see("Until 09:02:00 UTC")
    assert first.id == second.id
    assert sum("Start" in seen.buttons or "A" in seen.buttons for seen in ada.seen()) == 1


async def test_a_retake_keeps_the_best_and_a_key_once_seen_pays_nothing_for_30_days(
    stage: Stage,
) -> None:
    (ada,) = await stage.company("Ada")
    await begin(ada)
    for letter in ("B", "C"):
        await ada.press(letter, on="What a gate does")
    await ada.see("and that was")
    await ada.press("Next challenge")
    await ada.press("A", on="A sigmoid")
    await ada.see("No input drives it over the top.")
    await ada.press("Next challenge")
    await ada.tick("A", "B", "D")
    await ada.press("Summary")
    failed = (await ada.see("Gates: 1 of 3")).text
    assert "2 challenges short of the badge." in failed
    assert "C: It adds a one (✗ not right)" in failed

    stage.clock.advance(29 * 24 * 3600)
    await ada.press("Take it again", on="Gates: 1 of 3")
    await ada.press("Take it again", on="best 1 of 3")
    await ada.press("A", on="What a gate does")
    await ada.see("Points: none, you saw its key less than 30 days ago")
    await ada.press("Next challenge")
    await ada.press("A", on="A sigmoid")
    await ada.press("Next challenge")
    await ada.tick("C")
    await ada.tick("C")
    await ada.press("Summary")
    again = (await ada.see("Gates: 1 of 3")).text
    assert "Best so far: 1 of 3" in again
    assert "Points: 0" in again


async def test_a_key_seen_long_ago_pays_again(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    await begin(ada, "figures")
    for figure in ("5", "6", "7"):
        await ada.write(figure)
    await ada.see("and that was")
    stage.clock.advance(30 * 24 * 3600)
    await ada.type("/challenge figures kind:metrics")
    await ada.write("1", on="Worth: up to")
    assert "Points: 240" in (await ada.see("✓ Right")).text


async def test_time_running_out_in_a_pack_shows_the_key_and_leads_on(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    await begin(ada)
    await ada.press("B", on="What a gate does")
    await ada.see("Not that. 1 try left.")
    await stage.wait(92)
    missed = (await ada.see("⏱ Time is up: What a gate does")).text
    assert "Right answer: A: It lets everything through" in missed
    await ada.press("Next challenge")
    await stage.wait(62)
    await ada.press("Next challenge", on="Time is up: A sigmoid")
    await stage.wait(122)
    await ada.press("Summary")
    summary = (await ada.see("Gates: 0 of 3")).text
    assert "B: It stops everything (✗ not right)" in summary
    assert "no answer" in summary


async def test_a_pack_left_halfway_goes_on_where_it_was(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    await begin(ada)
    await ada.press("A", on="What a gate does")
    await ada.press("Next challenge")
    await ada.type("/pack")
    await ada.see("You at challenge 2 of 3")
    await ada.type("/pack gates")
    await ada.press("Go on")
    sigmoid = await ada.see("A sigmoid can be larger than one.")
    assert "Until 09:01:00 UTC" in sigmoid.text


async def test_a_start_pressed_again_opens_the_same_take_and_its_clock_runs_on(
    stage: Stage,
) -> None:
    (ada,) = await stage.company("Ada")
    await ada.type("/pack gates")
    await ada.type("/pack gates")
    await ada.press("Start")
    stage.clock.advance(10)
    await ada.press("Start")
    assert sum("Until 09:01:30 UTC" in text for text in await ada.texts()) == 2
    await ada.type("/pack gates")
    assert "at challenge 1 of 3" in await ada.newest()


async def test_a_hint_on_ones_own_card_appears_there_and_costs_a_fifth(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    await begin(ada)
    await ada.press("Hint (−20 %)")
    assert "💡 Think of a product." in (await ada.see("What a gate does")).text
    await ada.press("Hint (−20 %)")
    card = await ada.see("💡 Think of one times seven.")
    assert "Hint (−20 %)" not in card.buttons
    stage.clock.advance(90)
    await ada.press("A", on="What a gate does")
    assert "Points: 64" in (await ada.see("✓ Right")).text
    await ada.press("Why these points?")
    assert (
        "Together: 100 × 0.64 (2 hints) = 64"
        in (await ada.see("Why 64 points: What a gate does")).text
    )


async def test_nobody_can_press_on_with_a_card_of_somebody_else(stage: Stage) -> None:
    """Not even by an action of theirs sent from a card of one's own."""
    ada, bob = await stage.company("Ada", "Bob")
    await begin(ada)
    answer = (await ada.see("What a gate does")).buttons["A"]
    await bob.type("/help")
    for action in (
        answer,
        answer.replace("answer", "hint").rpartition(":")[0],
        "go:1:0",
        "go:1:1",
        "go:1:9",
    ):
        await bob.forge(action, on="What I can do")
        assert "somebody else's" in await bob.newest()
    assert not await bob.reads("Think of a product.")
    await ada.press("A", on="What a gate does")
    await ada.see("✓ Right")


async def test_neither_a_challenge_ahead_nor_the_summary_can_be_opened_early(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    await begin(ada)
    await ada.type("/help")
    await ada.forge("go:1:1", on="What I can do")
    assert "What a gate does" in await ada.newest()
    for action in ("go:1:3", "go:1:99"):
        await ada.type("/help")
        await ada.forge(action, on="What I can do")
        assert "That is not due yet." in await ada.newest()


async def test_practice_has_no_clock_pays_nothing_and_gives_hints_for_free(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    await ada.type("/practice gates level:intermediate")
    assert "Until" not in (await ada.see("What a gate does")).text
    await ada.press("Hint (free)")
    await ada.see("💡 Think of a product.")
    stage.clock.advance(7 * 24 * 3600)
    await ada.press("B", on="What a gate does")
    card = await ada.see("Not that. 1 try left.")
    assert "B" not in card.buttons
    assert "B: It stops everything (wrong)" in card.text
    await ada.press("A", on="What a gate does")
    solved = await ada.see("✓ Right")
    assert "Points: none, this was practice" in solved.text
    await ada.press("Another one")
    assert sum("What a gate does" in text for text in await ada.texts()) == 1


async def test_a_practice_question_given_up_says_so_kindly(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    await ada.type("/practice gates level:intermediate")
    await ada.type("/practice figures kind:metrics")
    await ada.press("A", on="What a gate does")
    assert "That question is no longer there." in await ada.newest()
    await ada.write("1")
    await ada.see("✓ Right")
