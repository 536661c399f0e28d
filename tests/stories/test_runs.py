"""Running code as members meet it, on every platform, before a worker that does as it is told."""

import asyncio

import pytest

from bot.sandbox.protocol import End, Outcome, OutputText, RunRequest
from tests.sandbox.fake_worker import Stage
from tests.stories.worker_stage import WorkerStage, answer


async def test_code_is_run_and_everybody_reads_what_it_says(worker_stage: WorkerStage) -> None:
    ann, bob = await worker_stage.stage.company("Ann", "Bob")
    await ann.type("/run\nprint(1)")
    seen = await bob.see("ran print(1) on cpu")
    assert not seen.private
    assert seen.text.startswith("✓ Done in 2 ms")
    await bob.press("Run again on GPU")
    await ann.see("ran print(1) on gpu")


async def test_a_long_run_is_shown_while_it_goes_and_can_be_stopped(
    worker_stage: WorkerStage,
) -> None:
    ann, bob = await worker_stage.stage.company("Ann", "Bob")
    await ann.type("/run wait")
    await bob.see("tick")
    await bob.press("Stop")
    assert "Only whoever started" in await bob.newest()
    await ann.press("Stop")
    await bob.see("■ Stopped")
    await worker_stage.counter.cancelled.wait()
    assert sum("tick" in text for text in await bob.texts()) == 1


async def test_a_member_has_one_run_at_a_time(worker_stage: WorkerStage) -> None:
    ann, bob = await worker_stage.stage.company("Ann", "Bob")
    await ann.type("/run wait")
    await ann.see("Running")
    await ann.type("/run print(2)")
    assert "still going" in await ann.newest()
    await bob.type("/run print(3)")
    await bob.see("ran print(3)")
    await ann.press("Stop")
    await ann.see("Stopped")
    await ann.type("/run print(4)")
    await ann.see("ran print(4)")


async def test_an_hour_has_so_many_runs(worker_stage: WorkerStage) -> None:
    (ann,) = await worker_stage.stage.company("Ann")
    for number in range(6):
        await ann.type(f"/run print({number})")
        await ann.see(f"ran print({number})")
    await ann.type("/run print(99)")
    assert (
        "You had your 6 runs of this hour. The next one is yours at 10:00 UTC."
        in await ann.newest()
    )
    worker_stage.stage.clock.advance(3601)
    await ann.type("/run print(99)")
    await ann.see("ran print(99)")


async def test_the_same_act_twice_is_one_run(worker_stage: WorkerStage) -> None:
    (ann,) = await worker_stage.stage.company("Ann")
    await ann.type("/run print(1)")
    await ann.see("ran print(1)")
    await ann.repeat()
    assert len(worker_stage.counter.asked) == 1


async def test_what_goes_wrong_is_said_in_words(worker_stage: WorkerStage) -> None:
    (ann,) = await worker_stage.stage.company("Ann")
    await ann.type("/run memory")
    await ann.see("Out of memory: 1 GB for one run.")
    await ann.type("/run much")
    await ann.see("440 lines hidden.")
    await ann.see("The whole output")
    await ann.type("/run mean")
    await ann.see("@everyone evil")


@pytest.mark.parametrize("setting", [("paper", "sqlite"), ("web", "sqlite")])
async def test_run_alone_says_how_it_is_used(worker_stage: WorkerStage) -> None:
    (ann,) = await worker_stage.stage.company("Ann")
    await ann.type("/run")
    assert "Type the code after" in await ann.newest()


async def test_runs_are_listed_shown_again_and_forgotten(worker_stage: WorkerStage) -> None:
    ann, bob = await worker_stage.stage.company("Ann", "Bob")
    await ann.type("/run\nprint('the first')")
    await ann.see("ran print('the first')")
    await ann.type("/runs")
    listed = await ann.see("Your runs")
    assert listed.private
    label = next(label for label in listed.buttons if label.startswith("Show"))
    await ann.press(label)
    assert (await ann.see("ran print('the first')")).private
    await bob.type("/runs")
    assert "None yet" in await bob.newest()
    worker_stage.stage.clock.advance(31 * 24 * 3600)
    await worker_stage.stage.bot.runs._forget()
    await ann.type("/runs")
    assert "None yet" in await ann.newest()


async def test_a_worker_that_dies_is_said_and_the_run_ends_all_the_same(
    worker_stage: WorkerStage,
) -> None:
    died = asyncio.Event()

    async def once(stage: Stage, request: RunRequest) -> None:
        if not died.is_set():
            died.set()
            await stage.tell(OutputText("half"))
            await stage.die()
        await answer(stage, request)

    worker_stage.counter.play = once
    (ann,) = await worker_stage.stage.company("Ann")
    await ann.type("/run print(5)")
    seen = await ann.see("ran print(5)")
    assert "Its worker died once, so it was started again." in seen.text
    assert "half" not in seen.text


async def test_where_nothing_can_run_it_says_why(worker_stage: WorkerStage) -> None:
    worker_stage.dispatcher.off = "Install bubblewrap (sudo apt-get install bubblewrap)."
    (ann,) = await worker_stage.stage.company("Ann")
    await ann.type("/run print(1)")
    assert "Nothing can be run here. Install bubblewrap" in await ann.newest()
    assert worker_stage.counter.asked == []


async def finish(stage: Stage, _: RunRequest) -> None:
    await stage.tell(OutputText("and now to its end"), End(Outcome.DONE))


async def test_a_run_that_was_left_in_the_middle_begins_anew_in_its_message(
    worker_stage: WorkerStage,
) -> None:
    ann, bob = await worker_stage.stage.company("Ann", "Bob")
    await ann.type("/run wait")
    shown = await bob.see("tick")
    await worker_stage.stage.bot.runs.live.close()
    worker_stage.counter.play = finish
    await worker_stage.stage.bot.runs.recover()
    again = await bob.see("and now to its end")
    assert again.id == shown.id
