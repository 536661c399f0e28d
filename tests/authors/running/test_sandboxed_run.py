"""A check in the sandbox sees what a check in a plain process sees; where there is no sandbox, it says so and goes on."""

import json
from pathlib import Path

import pytest

from bot import workers
from bot.authors.running.plain_run import Job, plain_output
from bot.settings import Settings

JOB = Job(
    "import torch\nx = torch.ones({{n}}, 2)\nprint(x.shape)\nassert x.sum() == 2 * n if 'n' in dir() else True\ny = torch.rand(1).item()",
    ("n * 2", "tuple(x.shape)", "y", "unknown"),
    ({"n": 2}, {"n": 5}),
)
FAILING = Job("a = 1\nassert a == 2, 'no'\n", ("a",))


async def test_both_roads_give_the_same_answers() -> None:
    said: list[str] = []
    async with workers.bench(Settings(), said.append) as bench:
        for job in (JOB, FAILING):
            confined, plain = await bench.output(job, 60), await plain_output(job, 60)
            assert [json.loads(line) for line in confined.splitlines()] == [
                json.loads(line) for line in plain.splitlines()
            ]


async def test_without_a_sandbox_it_says_so_once_and_runs_all_the_same(tmp_path: Path) -> None:
    said: list[str] = []
    async with workers.bench(Settings(run="off", data_dir=tmp_path), said.append) as bench:
        for _ in range(2):
            assert json.loads(await bench.output(FAILING, 60))["error"]["line"] == 2
    assert len(said) == 1
    assert "plain processes" in said[0]


async def test_code_without_an_end_is_stopped_in_the_sandbox_too() -> None:
    async with workers.bench(Settings(), print) as bench:
        with pytest.raises(TimeoutError):
            await bench.output(Job("while True: pass"), 6)
