"""A question for everyone in a place, from the card to its end."""

import asyncio

from tests.stories.stage import Stage

CARD = "What a gate does"
GATE = "/challenge gates level:intermediate"


async def test_a_live_round_from_the_first_wrong_answer_to_the_closed_card(stage: Stage) -> None:
    """Wrong and right and helped, an early close once all who are in have finished.

    A card tells it all.
    """
    ada, bob, cy = await stage.company("Ada", "Bob", "Cy")
    await ada.type(GATE)
    await bob.press("I’m in")
    await bob.see("The round will not close early before you have finished.")

    stage.clock.advance(3)
    await ada.press("B")
    await ada.see("Not that. 1 try left.")
    await cy.press("Hint (−20 %)")
    assert "Think of a product." in (await cy.see("💡 Hint")).text
    assert not await ada.reads("Think of a product.")
    await cy.press("A")
    assert "stays whole" in (await cy.see("✓ Right")).text
    assert not await bob.reads("stays whole")

    await ada.press("C")
    spent = await ada.see("and that was")
    assert "Right answer: A: It lets everything through" in spent.text
    assert "Why not C: Nothing is added by a gate." in spent.text

    await stage.wait(15)
    assert not await bob.reads("(over)"), "Bob is still in"
    await bob.press("A")
    await stage.wait(1)
    for member in (ada, bob, cy):
        over = (await member.see("(over)")).text
        assert "Solved by: 2 of 3 members" in over
        assert "First: Cy after 3.0 s" in over
        assert "A: It lets everything through (right), chosen by 2" in over
        assert "C: It adds a one (wrong), chosen by 1: Nothing is added by a gate." in over
        assert "Key concept: A gate multiplies." in over


async def test_a_round_that_all_have_finished_stays_open_for_its_first_15_seconds(
    stage: Stage,
) -> None:
    ada, bob = await stage.company("Ada", "Bob")
    await ada.type(GATE)
    await ada.press("A")
    await stage.wait(14)
    assert not await bob.reads("(over)")
    await bob.press("A")
    assert (await bob.see("✓ Right")).private
    await stage.wait(1)
    await bob.see("Solved by: 2 of 2 members")


async def test_a_round_closes_when_its_time_is_up_though_nobody_answered(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    await ada.type(GATE)
    await stage.wait(91)
    assert not await ada.reads("(over)"), "an answer under way has two seconds more"
    await stage.wait(1)
    assert "Solved by: nobody" in (await ada.see("(over)")).text


async def test_the_counter_shows_how_many_are_in_and_how_many_have_finished(stage: Stage) -> None:
    ada, bob = await stage.company("Ada", "Bob")
    await ada.type(GATE)
    await bob.press("I’m in")
    await ada.press("A")
    await bob.see("2 members in, 1 finished.")


async def test_a_late_press_is_told_kindly_and_changes_nothing(stage: Stage) -> None:
    ada, bob = await stage.company("Ada", "Bob")
    await ada.type(GATE)
    stage.clock.advance(92.1)
    await ada.press("A")
    assert any(
        "so it could not count" in text or "takes no more answers" in text
        for text in await ada.texts()
    )
    await stage.wait(0)
    over = (await bob.see("(over)")).text
    assert "Solved by: nobody" in over


async def test_a_button_of_yesterday_says_that_it_is_over_and_tells_the_key(stage: Stage) -> None:
    ada, bob = await stage.company("Ada", "Bob")
    await ada.type(GATE)
    await stage.wait(24 * 3600)
    for label in ("B", "A"):
        await bob.press(label, on="(over)")
    said = await bob.newest()
    assert "This round is over" in said
    assert "Right answer: A: It lets everything through" in said
    await bob.type("/why")
    await bob.see("Answer a question first")


async def test_who_solved_it_or_spent_their_tries_is_told_so(stage: Stage) -> None:
    ada, bob = await stage.company("Ada", "Bob")
    await ada.type(GATE)
    await ada.press("A", on=CARD)
    await ada.press("B", on="Time: 1:30")
    assert "Your first right answer stands." in (await ada.see("Solved already")).text
    for letter in ("B", "C", "A"):
        await bob.press(letter, on="Time: 1:30")
    assert "Right answer: A" in (await bob.see("No tries left")).text


async def test_two_who_ask_at_once_get_one_question_and_one_is_told_kindly(stage: Stage) -> None:
    ada, bob = await stage.company("Ada", "Bob")
    await asyncio.gather(ada.type(GATE), bob.type("/challenge figures"))
    said = await ada.texts() + await bob.texts()
    assert sum("A question is under way here already. It closes by" in text for text in said) == 1
    assert sum("Worth: up to" in text for text in await ada.texts()) == 1


async def test_another_place_has_its_own_question(stage: Stage) -> None:
    ada, bob = await stage.company("Ada", "Bob")
    bob.channel = "rnn"
    await ada.type(GATE)
    await bob.type("/challenge figures level:expert kind:metrics")
    await ada.see("A perplexity")
    assert not await bob.reads("under way here already")


async def test_the_same_act_delivered_twice_counts_once(stage: Stage) -> None:
    ada, bob = await stage.company("Ada", "Bob")
    await ada.type(GATE)
    await ada.repeat()
    await bob.press("B")
    await bob.repeat()
    said = await bob.texts()
    assert sum("Not that. 1 try left." in text for text in said) == 1
    assert sum(CARD in text for text in said) == 1
    await bob.press("C", on="Time: 1:30")
    await bob.see("and that was")


async def test_ticks_are_paid_by_their_share_and_the_best_answer_counts(stage: Stage) -> None:
    ada, bob = await stage.company("Ada", "Bob")
    await ada.type("/challenge gates level:advanced")
    await ada.tick("A", "B")
    assert "Your best answer counts" in (await ada.see("Partly right: 67 %")).text
    await ada.tick("A", "C")
    partly = (await ada.see("You said: A: Input; C: Garden")).text
    assert "Partly right: 67 %" in partly
    assert "Points: 120" in partly
    assert "Why not C: It stands before a house." in partly
    await bob.tick("D", "B", "A")
    await bob.see("✓ Right")
    await stage.wait(15)
    over = (await ada.see("(over)")).text
    assert "Solved by: 1 of 2 members" in over
    assert "C: Garden (wrong), chosen by 1" in over


async def test_an_answer_that_cannot_be_read_costs_no_try(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    await ada.type("/challenge figures kind:metrics")
    for nonsense in ("one", "nan", "9" * 300):
        await ada.write(nonsense)
    await ada.see("Write the answer as a number")
    await ada.see("Keep your answer under 200 characters.")
    await ada.write("5")
    await ada.see("Not that. 2 tries left.")
    await ada.write("1,0")
    await ada.see("✓ Right")
    await stage.wait(15)
    assert "Answers: 1 right, 0 other" in (await ada.see("(over)")).text


async def test_a_phrase_is_taken_with_a_slip_of_the_pen(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    await ada.type("/challenge figures kind:conceptual")
    await ada.write("Explodng  GRADIENTS!")
    assert "Read as “exploding gradients”." in (await ada.see("✓ Right")).text


async def test_the_closed_card_asks_another_of_the_same_sort(stage: Stage) -> None:
    (ada,) = await stage.company("Ada")
    await ada.type(GATE)
    await stage.wait(92)
    await ada.press("Ask another")
    assert sum("Time: 1:30" in text for text in await ada.texts()) == 1
