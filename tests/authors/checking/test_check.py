"""A check counts what it looked at, and looks at what it is asked to."""

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from bot.authors.checking.check import check
from bot.authors.checking.check_report import CheckCounts
from bot.errors import OperatorError
from tests.authors.checking.checks import FLIPPED, checked, only_failure, silent
from tests.quiz.folders import PLAIN, TEMPLATE, pack, put


async def test_a_good_pack_passes_and_every_part_is_counted(tmp_path: Path) -> None:
    report = await checked(pack(tmp_path, a=PLAIN, b=TEMPLATE))
    assert report.failures == ()
    assert report.counts == CheckCounts(
        questions=2, packs=1, snippets=1, proofs=2, variants=50, passed=2, failed=0
    )
    assert json.loads(json.dumps(report.as_json()))["failures"] == []


@pytest.mark.parametrize("name", ["LICENSE", "good/notes.txt", "good/computed.json", "loose.toml"])
async def test_what_is_no_question_and_no_pack_is_refused(tmp_path: Path, name: str) -> None:
    pack(tmp_path, "good", a=PLAIN)
    with pytest.raises(
        OperatorError, match=r"is no question\. Name a question's \.toml beside its pack\.toml"
    ):
        await checked(put(tmp_path / name, "title = 1"))
    assert "cannot be read" in str((await checked(tmp_path / "nowhere")).failures[0])


async def test_a_pack_that_is_hidden_is_none(tmp_path: Path) -> None:
    pack(tmp_path, ".drafts", a=PLAIN)
    pack(tmp_path, "good", a=PLAIN)
    with pytest.raises(OperatorError, match=r"is no question and no pack\."):
        await checked(tmp_path / ".drafts")


async def test_a_question_that_its_pack_does_not_list_fails(tmp_path: Path) -> None:
    pack(tmp_path, "good", a=PLAIN)
    assert "It does not list `b`." in await only_failure(put(tmp_path / "good/b.toml", PLAIN))


async def test_the_file_of_a_pack_stands_for_the_pack(tmp_path: Path) -> None:
    pack(tmp_path, "good", a=PLAIN, b=FLIPPED)
    assert (await checked(tmp_path / "good/pack.toml")).counts.questions == 2


async def test_without_pytorch_it_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(OperatorError, match=r"Install it: .*python\S* -m pip install torch=="):
        await checked(pack(tmp_path, a=PLAIN))


async def test_one_question_or_one_pack_may_be_checked(tmp_path: Path) -> None:
    pack(tmp_path, "bad", a="oops")
    pack(tmp_path, "good", a=PLAIN, b=FLIPPED)
    assert (await checked(tmp_path / "good/a.toml")).counts.questions == 1
    assert (await checked(tmp_path / "good")).counts.failed == 1
    assert (await checked(tmp_path)).counts == CheckCounts(3, 2, 0, 2, 0, 1, 2)


async def test_a_proof_without_an_end_fails_its_question(tmp_path: Path) -> None:
    text = PLAIN.replace("print", "while gate: pass\nprint")
    report = await check(pack(tmp_path, a=text), cache=None, progress=silent, seconds=0.5)
    assert "an end within 0.5 seconds" in report.failures[0].expected


async def test_progress_is_told_for_each_question(tmp_path: Path) -> None:
    lines: list[str] = []
    await check(pack(tmp_path, a=PLAIN, b=FLIPPED), cache=None, progress=lines.append, at_once=1)
    assert lines == ["[1/2] gates/a: passed", "[2/2] gates/b: failed"]


async def test_checks_run_side_by_side(tmp_path: Path) -> None:
    """Two proofs that wait for each other pass only together."""
    meet = (
        "import pathlib, time\nend = time.monotonic() + 20\npathlib.Path({own!r}).touch()\n"
        "while not pathlib.Path({other!r}).exists() and time.monotonic() < end: time.sleep(0.01)\n"
        "gate = time.monotonic() < end"
    )
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    texts = [
        PLAIN.replace('gate = int("1")', meet.format(own=own, other=other))
        for own, other in ((one, two), (two, one))
    ]
    async with asyncio.timeout(30):
        report = await check(
            pack(tmp_path / "q", a=texts[0], b=texts[1]),
            cache=None,
            progress=silent,
            write_back=True,
            at_once=2,
        )
    assert report.passed, asdict(report)
