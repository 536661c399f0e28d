"""Authors' code runs in a process of its own, and what was observed is cached."""

from pathlib import Path

import pytest

from bot.authors.running.code_runner import CodeRunner
from bot.authors.running.harness_job import HarnessJob


async def test_code_without_an_end_is_stopped() -> None:
    job = HarnessJob(code="while True: pass")
    with pytest.raises(TimeoutError):
        await CodeRunner(None, "2.13.0", seconds=0.3).observe(job)


async def test_a_result_is_cached_by_what_it_depends_on(tmp_path: Path) -> None:
    """The code leaves a mark whenever it really runs."""
    mark, cache = tmp_path / "mark", tmp_path / "cache"
    job = HarnessJob(code=f"open({str(mark)!r}, 'a').write('x')", expressions=("1 + 1",))
    first = await CodeRunner(cache, "2.13.0").observe(job)
    assert await CodeRunner(cache, "2.13.0").observe(job) == first
    assert mark.read_text() == "x"
    await CodeRunner(cache, "2.14.0").observe(job)
    assert mark.read_text() == "xx"
    for kept in cache.iterdir():
        kept.write_text("spoiled")
    assert await CodeRunner(cache, "2.13.0").observe(job) == first
    assert mark.read_text() == "xxx"


async def test_a_snippet_sees_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCHPROOF_SECRET", "hidden")
    (run,) = await CodeRunner(None, "").observe(HarnessJob("import os; print(sorted(os.environ))"))
    assert "TORCHPROOF_SECRET" not in run.printed
    assert "OMP_NUM_THREADS" in run.printed


async def test_what_a_snippet_writes_past_python_does_not_disturb_the_results() -> None:
    (run,) = await CodeRunner(None, "").observe(
        HarnessJob("import os; os.write(1, b'noise'); print('sound')", ("printed",))
    )
    assert run.values[0].shown == "sound"


async def test_every_run_draws_the_same_random_numbers() -> None:
    runs = await CodeRunner(None, "").observe(
        HarnessJob("import random\nprint(random.random())", parameter_sets=({}, {"a": 1}))
    )
    assert runs[0].printed == runs[1].printed


async def test_an_unseeded_run_draws_other_numbers_and_finds_no_names(tmp_path: Path) -> None:
    job = HarnessJob(
        "import random\nprint(random.random(), 'torch' in dir(), 'nn' in dir())",
        (),
        ({}, {}, {}),
        unseeded=2,
    )
    seeded, *others = await CodeRunner(tmp_path, "").observe(job)
    assert len({run.printed for run in (seeded, *others)}) == 3
    assert seeded.printed.endswith(" False False\n")
