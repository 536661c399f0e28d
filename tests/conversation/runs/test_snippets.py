"""Code in messages, and the code and proofs of questions, on paper."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.platform_interface import Snippet
from bot.identity import MessageRef, Place
from bot.sandbox.bot.dispatch import Dispatcher
from bot.sandbox.protocol import End, Outcome, OutputText, RunRequest
from bot.store.sql.database import Database
from tests.conftest import Clock
from tests.sandbox.fake_worker import FakeWorker, Stage, idle, serve_fake_worker
from tests.stories.paper import NAME, PaperMember, PaperReply, PaperStage, on_paper
from tests.stories.questions import proven

HALL = Place(NAME, "club", "general")
SOURCE = MessageRef(HALL, "message with code")


async def said(stage: Stage, request: RunRequest) -> None:
    if request.code == "wait":
        await idle(stage, request)
    await stage.tell(OutputText(f"ran {request.code}"), End(Outcome.DONE))


class Desk:
    def __init__(self, stage: PaperStage, member: PaperMember, counter: FakeWorker) -> None:
        self.stage, self.member, self.counter = stage, member, counter
        self.written = 0

    async def write(self, code: str, *, device: str = "", ago: float = 0) -> None:
        """Ann's message with code is written, edited, or deleted."""
        self.written += 1
        at = self.stage.clock.now() - timedelta(seconds=ago)
        event = Snippet(
            f"edit {self.written}", self.member.person, HALL, SOURCE, code, at, device=device
        )
        await self.stage.platform.hear(event, PaperReply(self.stage.platform, event, HALL))


@pytest.fixture
def engine() -> str:
    return "sqlite"


@pytest.fixture
async def desk(database: Database, clock: Clock, tmp_path: Path) -> AsyncIterator[Desk]:
    async with serve_fake_worker(tmp_path / "w.sock", slots=2, play=said) as (counter, address):
        dispatcher = Dispatcher([address])
        serving = asyncio.create_task(dispatcher.serve())
        async with on_paper(
            database, proven(tmp_path / "questions"), clock, runner=dispatcher
        ) as stage:
            member = await stage.enter("Ann")
            assert isinstance(member, PaperMember)
            yield Desk(stage, member, counter)
            await stage.well()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def test_an_edit_runs_anew_in_the_same_message(desk: Desk) -> None:
    await desk.write("print(1)")
    shown = await desk.member.see("ran print(1)")
    await desk.write("print(2)")
    again = await desk.member.see("ran print(2)")
    assert again.id == shown.id
    assert not await desk.member.reads("ran print(1)")


async def test_what_was_written_before_what_ran_is_old(desk: Desk) -> None:
    """A platform told of the edit first, and of the message later."""
    await desk.write("print(2)")
    await desk.member.see("ran print(2)")
    await desk.write("print(1)", ago=30)
    assert not await desk.member.reads("ran print(1)")
    assert await desk.member.reads("ran print(2)")


async def test_the_device_belongs_to_what_is_written(desk: Desk) -> None:
    await desk.write("print(1)")
    await desk.member.see("ran print(1)")
    await desk.write("print(1)", device="gpu")
    assert await desk.member.reads("No GPU is at hand"), "it is no repetition"
    await desk.write("print(1)", device="cpu")
    assert desk.counter.asked == ["print(1)"]


async def test_an_edit_stops_what_still_runs(desk: Desk) -> None:
    await desk.write("wait")
    shown = await desk.member.see("Running")
    await desk.write("print(2)")
    assert (await desk.member.see("ran print(2)")).id == shown.id
    await desk.counter.cancelled.wait()


async def test_an_edit_after_five_minutes_or_without_a_change_runs_nothing(desk: Desk) -> None:
    await desk.write("print(1)")
    await desk.member.see("ran print(1)")
    await desk.write("print(1)")
    desk.stage.clock.advance(301)
    await desk.write("print(2)")
    assert desk.counter.asked == ["print(1)"]


async def test_a_deleted_message_takes_its_output_with_it(desk: Desk) -> None:
    await desk.write("print(1)")
    await desk.member.see("ran print(1)")
    await desk.write("")
    assert (await desk.member.newest()).startswith("Taken away")
    await desk.member.type("/runs")
    assert "print(1)" not in await desk.member.newest()


async def test_a_questions_code_and_its_proof_run_for_whoever_has_finished(desk: Desk) -> None:
    await desk.member.type("/practice gates beginner")
    await desk.member.press("B")
    await desk.member.press("Run")
    ran = await desk.member.see("ran print('of the question')")
    assert ran.private
    await desk.member.press("Prove it")
    proof = await desk.member.see("Every assertion in it held.")
    assert proof.private
    assert desk.counter.asked[-1] == "assert True"
