"""A sandboxed run observes what a plain run observes; without a sandbox it warns and goes on."""

import json
from pathlib import Path

import pytest

from bot import workers
from bot.authors.running.code_runner import run_unsandboxed
from bot.authors.running.harness_job import HarnessJob
from bot.settings.settings import Settings

JOB = HarnessJob(
    (
        "import torch\nx = torch.ones({{n}}, 2)\nprint(x.shape)\n"
        "assert x.sum() == 2 * n if 'n' in dir() else True\ny = torch.rand(1).item()"
    ),
    ("n * 2", "tuple(x.shape)", "y", "unknown"),
    ({"n": 2}, {"n": 5}),
)
FAILING = HarnessJob("a = 1\nassert a == 2, 'no'\n", ("a",))


async def test_both_give_the_same_answers() -> None:
    reports: list[str] = []
    async with workers.authors_sandbox(Settings(), reports.append) as sandbox:
        for job in (JOB, FAILING):
            confined, plain = await sandbox.run(job, 60), await run_unsandboxed(job, 60)
            assert [json.loads(line) for line in confined.splitlines()] == [
                json.loads(line) for line in plain.splitlines()
            ]


async def test_without_a_sandbox_it_says_so_once_and_runs_all_the_same(tmp_path: Path) -> None:
    reports: list[str] = []
    async with workers.authors_sandbox(
        Settings(run="off", data_dir=tmp_path), reports.append
    ) as sandbox:
        for _ in range(2):
            assert json.loads(await sandbox.run(FAILING, 60))["error"]["line"] == 2
    assert len(reports) == 1
    assert "plain processes" in reports[0]


async def test_code_without_an_end_is_stopped_in_the_sandbox_too() -> None:
    async with workers.authors_sandbox(Settings(), print) as sandbox:
        with pytest.raises(TimeoutError):
            await sandbox.run(HarnessJob("while True: pass"), 6)
