"""Authors' code runs in a process of its own, and what was observed is cached."""

from pathlib import Path

import pytest

from bot.authors.running.plain_run import Bench, Job


async def test_code_without_an_end_is_stopped() -> None:
    job = Job(code="while True: pass")
    with pytest.raises(TimeoutError):
        await Bench(None, "2.13.0", seconds=0.3).results(job)


async def test_a_result_is_cached_by_what_it_depends_on(tmp_path: Path) -> None:
    """The code leaves a mark whenever it really runs."""
    mark, cache = tmp_path / "mark", tmp_path / "cache"
    job = Job(code=f"open({str(mark)!r}, 'a').write('x')", expressions=("1 + 1",))
    first = await Bench(cache, "2.13.0").results(job)
    assert await Bench(cache, "2.13.0").results(job) == first
    assert mark.read_text() == "x"
    await Bench(cache, "2.14.0").results(job)
    assert mark.read_text() == "xx"
    for kept in cache.iterdir():
        kept.write_text("spoiled")
    assert await Bench(cache, "2.13.0").results(job) == first
    assert mark.read_text() == "xxx"


async def test_a_snippet_sees_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCHPROOF_SECRET", "hidden")
    (run,) = await Bench(None, "").results(Job("import os; print(sorted(os.environ))"))
    assert "TORCHPROOF_SECRET" not in run.printed
    assert "OMP_NUM_THREADS" in run.printed


async def test_what_a_snippet_writes_past_python_does_not_disturb_the_results() -> None:
    (run,) = await Bench(None, "").results(
        Job("import os; os.write(1, b'noise'); print('sound')", ("printed",))
    )
    assert run.values[0].shown == "sound"


async def test_the_same_chance_falls_in_every_run() -> None:
    runs = await Bench(None, "").results(
        Job("import random\nprint(random.random())", runs=({}, {"a": 1}))
    )
    assert runs[0].printed == runs[1].printed


async def test_a_run_by_chance_draws_other_numbers_and_finds_no_names(tmp_path: Path) -> None:
    job = Job(
        "import random\nprint(random.random(), 'torch' in dir(), 'nn' in dir())",
        (),
        ({}, {}, {}),
        by_chance=2,
    )
    sown, *others = await Bench(tmp_path, "").results(job)
    assert len({run.printed for run in (sown, *others)}) == 3
    assert sown.printed.endswith(" False False\n")
