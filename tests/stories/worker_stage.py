"""A stage with a worker that does as it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.model.runs import RunRules
from bot.sandbox.bot.dispatch import Dispatcher
from bot.sandbox.protocol import End, Outcome, OutputFile, OutputText, RunRequest
from tests.sandbox.fake_worker import FakeWorker, Stage, serve_fake_worker
from tests.stories import stage as stages


async def answer(stage: Stage, request: RunRequest) -> None:
    """Says what it was given, and ends as it is asked to."""
    match request.code.split():
        case ["wait"]:
            while True:
                await stage.tell(OutputText("tick\n"))
                await asyncio.sleep(0.02)
        case ["memory"]:
            await stage.tell(End(Outcome.MEMORY, 137, "out of memory: 1 GB for one run"))
        case ["much"]:
            await stage.tell(
                OutputText("row\n" * 90),
                OutputFile("output.txt", b"row\n" * 500),
                End(Outcome.DONE, hidden=410),
            )
        case ["mean"]:
            await stage.tell(OutputText("\x1b[31m@everyone \u202eevil\n"), End(Outcome.DONE))
        case _:
            await stage.tell(
                OutputText(f"ran {request.code} on {request.device}\n"),
                End(Outcome.DONE, seconds=0.002),
            )


@dataclass
class WorkerStage:
    stage: stages.Stage
    counter: FakeWorker
    dispatcher: Dispatcher


@asynccontextmanager
async def opened(on_stage: Any, folder: Path, *about: Any) -> AsyncIterator[WorkerStage]:
    """`on_stage(*about)` with a worker behind it, where a member has six runs in an hour."""
    async with serve_fake_worker(
        folder / "w.sock", slots=2, play=answer, devices=("cpu", "gpu")
    ) as (
        counter,
        address,
    ):
        dispatcher = Dispatcher([address])
        serving = asyncio.create_task(dispatcher.serve())
        async with on_stage(*about, runner=dispatcher, rules=RunRules(an_hour=6)) as stage:
            yield WorkerStage(stage, counter, dispatcher)
            await stage.well()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
