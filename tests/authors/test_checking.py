"""A check runs everything that questions say, and finds what is not so."""

import asyncio
import json
import re
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from bot.authors.check import check
from bot.authors.failures import CheckCounts, CheckReport
from bot.authors.plain_run import Bench, Job
from bot.errors import OperatorError
from bot.quiz.files.bank import load
from tests.quiz.folders import PLAIN, TEMPLATE, changed, keyed, pack, plain, put


async def checked(path: Path, *, keep: bool = True) -> CheckReport:
    return await check(path, cache=None, say=unheard, write_back=keep)


def unheard(_: str) -> None:
    pass


async def seen(path: Path) -> str:
    """What the one failure of a check looks like."""
    (failure,) = (await checked(path)).failures
    return str(failure)


async def test_a_good_pack_passes_and_every_part_is_counted(tmp_path: Path) -> None:
    report = await checked(pack(tmp_path, a=PLAIN, b=TEMPLATE))
    assert report.failures == ()
    assert report.counts == CheckCounts(
        questions=2, packs=1, snippets=1, proofs=2, variants=50, passed=2, failed=0
    )
    assert json.loads(json.dumps(report.as_json()))["failures"] == []


async def test_what_is_kept_can_be_asked_and_shown(tmp_path: Path) -> None:
    await checked(pack(tmp_path, a=PLAIN, b=TEMPLATE))
    bank = load(tmp_path)
    assert bank.question("gates/b").prompt == "With 4 rows of 10, what is printed?"
    assert len({bank.variant("gates/b", seed).prompt for seed in range(200)}) >= 45
    shown = bank.shown(bank.question("gates/b"))
    assert shown is not None
    assert shown.output == "product 40\n"


async def test_a_check_that_keeps_nothing_tells_what_is_not_kept(tmp_path: Path) -> None:
    report = await checked(pack(tmp_path, a=PLAIN, b=TEMPLATE), keep=False)
    assert [failure.file for failure in report.failures] == [
        "gates/a.toml",
        "gates/b.toml",
        "gates/b.toml",
    ]
    assert all("check --write" in failure.expected for failure in report.failures)
    await checked(tmp_path)
    assert (await checked(tmp_path, keep=False)).passed


async def test_kept_values_that_were_tampered_with_are_found(tmp_path: Path) -> None:
    await checked(pack(tmp_path, b=TEMPLATE))
    path = tmp_path / "gates/computed.json"
    put(path, path.read_text().replace('"40"', '"41"', 1))
    (failure,) = (await checked(tmp_path, keep=False)).failures
    assert "41" in failure.seen
    await checked(tmp_path)
    put(path, path.read_text().replace('["3",', '["4",', 1).rsplit(",\n[", 1)[0] + "]}}}")
    assert not (await checked(tmp_path, keep=False)).passed


async def test_a_second_write_changes_nothing(tmp_path: Path) -> None:
    await checked(pack(tmp_path, a=PLAIN, b=TEMPLATE))
    before = contents(tmp_path)
    await checked(tmp_path)
    assert contents(tmp_path) == before


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


FLIPPED = PLAIN.replace("right = true\n", 'why_not = "No."\n').replace(
    'why_not = "That is a gate of zero."', "right = true"
)


@pytest.mark.parametrize(
    ("text", "line", "expected", "seen"),
    [
        pytest.param(FLIPPED, 19, "is False, for the option is wrong", "True", id="flipped key"),
        pytest.param(
            keyed('truth = false\nwhy_not = "x"\nholds = "gate == 1"'),
            12,
            "is False",
            "True",
            id="truth",
        ),
        pytest.param(
            keyed('number = { value = 3 }\nholds = "gate * 7"'), 11, "3, within 0", "7", id="number"
        ),
        pytest.param(
            keyed('number = { value = 3 }\nholds = "[gate]"'),
            11,
            "3, within",
            "[1]",
            id="no number",
        ),
        pytest.param(
            keyed('phrases = ["three"]\nholds = "gate * \'seven\'"'),
            11,
            "one of three",
            "seven",
            id="phrase",
        ),
        pytest.param(
            plain(explanation='"It multiplies by 42."'), 8, "prints", "42 in:", id="wrong figure"
        ),
        pytest.param(
            plain(prompt='"A shape of (4, 16)?"', explanation='"Not (16, 4)."'),
            8,
            "prints",
            "(16, 4) in:",
            id="shape",
        ),
        pytest.param(
            plain(code="'import matplotlib.pyplot as p; p.figure()'"),
            2,
            "in the proof",
            "draws",
            id="drawing",
        ),
        pytest.param(
            PLAIN.replace("gate * 7 == 0", "gate * 7 > 0"),
            24,
            "is False",
            "True",
            id="right distractor",
        ),
        pytest.param(
            PLAIN.replace("assert gate * 7 == 7", "gate"),
            10,
            "ends in assertions",
            "gate",
            id="no assertion",
        ),
        pytest.param(
            PLAIN.replace("assert gate * 7 == 7", "assert True"),
            10,
            "ends in",
            "assert True",
            id="empty one",
        ),
        pytest.param(
            PLAIN.replace("assert gate * 7 == 7", "if gate > 1:\n    assert gate"),
            10,
            "reached",
            "None",
            id="unreached",
        ),
        pytest.param(
            PLAIN.replace("gate * 7 == 7\n'''", "gate * 7 == 8\n'''"),
            13,
            "== 8",
            "gate = 1",
            id="false",
        ),
        pytest.param(
            PLAIN.replace("assert gate", "assert gat"), 13, "gat *", "NameError", id="name"
        ),
        pytest.param(
            PLAIN.replace("assert gate", "assert gate ="), 13, "Python", "SyntaxError", id="syntax"
        ),
        pytest.param(
            PLAIN.replace('print("gate", gate)', ""),
            10,
            "prints what it shows",
            "nothing",
            id="silent",
        ),
        pytest.param(
            PLAIN.replace('"gate", gate', '"x" * 5000'), 10, "at most 4000", "5001", id="long"
        ),
        pytest.param(
            PLAIN.replace("gate = int", "import os\nos._exit(1)\ngate = int"),
            10,
            "code that runs",
            "middle",
            id="ended",
        ),
        pytest.param(
            PLAIN.replace('holds = "gate * 7 == 7"', ""),
            16,
            "`holds`",
            "none",
            id="right unclaimed",
        ),
        pytest.param(
            PLAIN.replace('holds = "gate * 7 == 0"', ""),
            16,
            "strongest wrong",
            "none",
            id="wrong unclaimed",
        ),
        pytest.param(
            keyed('truth = true\nwhy_not = "x"'), 0, "gives the key", "none", id="truth unclaimed"
        ),
        pytest.param(
            PLAIN.replace("gate * 7 == 0", "gat"), 24, "proof's names", "NameError", id="claim"
        ),
        pytest.param(
            PLAIN.partition("proof")[0] + PLAIN.partition("'''\n\n")[2],
            9,
            "below this line `proof`",
            "no proof",
            id="no proof",
        ),
        pytest.param(plain(code='"1 / 0"'), 3, "1 / 0", "ZeroDivisionError", id="snippet"),
        pytest.param(
            plain(code='"1 / 0"', raises='"KeyError"'),
            2,
            "KeyError",
            "ZeroDivisionError",
            id="other error",
        ),
        pytest.param(
            plain(code='"1 / 1"', raises='"KeyError"'),
            2,
            "KeyError",
            "runs to its end",
            id="no error",
        ),
        pytest.param(plain(promt='"x"'), 2, "Did you mean", "no such key", id="form"),
    ],
)
async def test_what_is_not_so_is_found_with_its_line(
    tmp_path: Path, text: str, line: int, expected: str, seen: str
) -> None:
    report = await checked(pack(tmp_path, a=text))
    assert {failure.file for failure in report.failures} == {"gates/a.toml"}
    assert report.failures[0].line == line
    assert expected in report.failures[0].expected
    assert seen in report.failures[0].seen
    assert (report.counts.passed, report.counts.failed) == (0, 1)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("True", "gate * 7 == 0"),
        ("1 + 1 == 2", "gate * 7 == 0"),
        ("len('gate') == 4", "gate * 7 == 0"),
        ("gate == gate", "gate * 7 == 0"),
        ("gate * 0 == 0", "gate * 7 == 0"),
        ("bool(gate or True)", "gate * 7 == 0"),
        ("noted == 1", "gate * 7 == 0"),
        ("twice == 2", "gate * 7 == 0"),
        ("gate * 7 == 7", "False"),
        ("gate * 7 == 7", "noted == 0"),
    ],
)
async def test_a_claim_that_hangs_on_nothing_computed_proves_nothing(
    tmp_path: Path, right: str, wrong: str
) -> None:
    text = PLAIN.replace("gate = ", "noted = 1\ntwice = noted + noted\ngate = ")
    text = text.replace('holds = "gate * 7 == 7"', f'holds = "{right}"')
    report = await checked(
        pack(tmp_path, a=text.replace('holds = "gate * 7 == 0"', f'holds = "{wrong}"'))
    )
    (failure,) = report.failures
    assert failure.expected.startswith("a claim that could turn out otherwise")
    assert failure.seen.startswith(
        f"`{right if wrong == 'gate * 7 == 0' else wrong}` comes out the same"
    )
    assert failure.line == (21 if wrong == "gate * 7 == 0" else 26)


@pytest.mark.parametrize(
    ("made", "claim"),
    [
        ("found = []\nfound.append(1)", "len(found) == 1"),
        ("found = {'a': 1}\nfound.update(b=2)", "set(found) == {'a', 'b'}"),
        ("count = 0\nfor _ in range(3): count += 1", "count == 3"),
        ("def works(): return len('a') == 1", "works()"),
        ("kind = type(gate)", "kind == int"),
        ("import decimal\nshare = decimal.Decimal(1) / 4", "share < 1"),
        ("class Cell: size = 3\ncell = Cell()", "cell.size == 3"),
    ],
)
async def test_whatever_a_proof_computes_may_be_claimed(
    tmp_path: Path, made: str, claim: str
) -> None:
    text = PLAIN.replace("print(", f"{made}\nprint(").replace(
        'holds = "gate * 7 == 7"', f'holds = "{claim}"'
    )
    assert (await checked(pack(tmp_path, a=text))).failures == ()


async def test_each_member_is_shown_the_proof_with_their_own_figures(tmp_path: Path) -> None:
    await checked(pack(tmp_path, b=TEMPLATE))
    bank = load(tmp_path)
    for question in (bank.variant("gates/b", seed) for seed in range(100)):
        batch, length = map(int, re.findall(r"[0-9]+", question.prompt))
        shown = bank.shown(question)
        assert shown is not None
        assert f"product = {batch} * {length}" in question.proof
        assert shown.output == f"product {batch * length}\n"


async def test_a_templates_proof_that_is_the_same_for_all_is_refused(tmp_path: Path) -> None:
    text = TEMPLATE.replace("product = {{batch}} * {{length}}", "product = {{batch}} * 10").replace(
        "product == {{batch}} * {{length}}", "product == {{batch}} * 10"
    )
    assert "It does not use {{length}}." in await seen(pack(tmp_path, b=text))


async def test_a_templates_proof_is_run_for_every_variant(tmp_path: Path) -> None:
    text = TEMPLATE.replace("assert product ==", "assert product != 9 * 15\nassert product ==")
    assert "product != 9 * 15" in await seen(pack(tmp_path, b=text))
    drawn = TEMPLATE.replace(
        "assert", "import matplotlib.pyplot as plt\nplt.figure(figsize=(1, 1))\nassert"
    )
    assert "draws a figure" in await seen(pack(tmp_path, b=drawn))


async def test_options_that_read_the_same_aloud_are_found(tmp_path: Path) -> None:
    assert "same aloud" in await seen(
        pack(tmp_path, a=PLAIN.replace("It stops all of it", "It lets ALL of it through."))
    )


@pytest.mark.parametrize(
    ("text", "expected", "seen"),
    [
        pytest.param(
            TEMPLATE.replace(
                '"printed"\nright = true', '"printed"\nwhy_not = "x"\nmisconception = "y"'
            ).replace('misconception = "added"\nwhy_not', "right = true\n#"),
            "what the code leaves",
            "typed",
            id="flipped",
        ),
        pytest.param(
            TEMPLATE.replace('"batch + length"', '"batch * length"'),
            "unlike option 1",
            "40",
            id="right one",
        ),
        pytest.param(
            TEMPLATE.replace('"batch + length"', '"rows * length"'),
            "unlike option 1",
            "Both",
            id="right, other words",
        ),
        pytest.param(
            TEMPLATE.replace('"batch + length"', '"batch * 10"'),
            "unlike option 1",
            "40",
            id="in the first",
        ),
        pytest.param(
            TEMPLATE.replace('"batch + length"', '"batch * 15"'),
            "unlike option 1",
            "length = 15",
            id="in another",
        ),
        pytest.param(
            TEMPLATE.replace('"printed"', '"rows + 1"'),
            "what the code prints: 40",
            "5",
            id="not printed",
        ),
        pytest.param(
            TEMPLATE.replace('"batch + length"', '"batch / 0"'),
            "over the parameters",
            "Zero",
            id="error",
        ),
        pytest.param(
            TEMPLATE.replace('"batch + length"', "\"' '\""),
            "can be seen",
            "nothing",
            id="invisible",
        ),
        pytest.param(changed(TEMPLATE, length='"10..12"'), "at least 50", "15", id="too few"),
        pytest.param(
            TEMPLATE.replace("rows =", "batch = 7\nrows ="), "`batch` as drawn", "else", id="clash"
        ),
        pytest.param(
            TEMPLATE.replace("times {{length}}", "times 10"),
            "a figure",
            "10 in:",
            id="one variant's figure",
        ),
        pytest.param(
            TEMPLATE.replace("print(rows", "printt(rows"), "printt(", "NameError", id="broken"
        ),
    ],
)
async def test_a_template_is_proven_for_every_variant(
    tmp_path: Path, text: str, expected: str, seen: str
) -> None:
    report = await checked(pack(tmp_path, a=text))
    assert report.failures
    told = [(failure.expected, failure.seen) for failure in report.failures]
    assert any(expected in wanted and seen in found for wanted, found in told), told


async def test_a_wrong_option_that_the_code_prints_is_found(tmp_path: Path) -> None:
    text = changed(TEMPLATE, prompt='"How many rows?"').replace('"printed"', '"rows"')
    report = await checked(pack(tmp_path, a=text.replace('"batch + length"', '"batch * length"')))
    assert any("wrong option that is wrong" in failure.expected for failure in report.failures)


async def test_a_computed_number_is_proven(tmp_path: Path) -> None:
    text = keyed('number = { value = "rows / 8" }\nholds = "rows / 8"', code='"rows = 4"')
    assert "NameError" in await seen(pack(tmp_path, a=text))
    assert (
        await checked(pack(tmp_path, a=text.replace('rows / 8"\nproof', 'gate / 2"\nproof')))
    ).passed
    assert "is typed" in await seen(
        pack(tmp_path, a=keyed('number = { value = "7 / 2" }', code='"rows = 4"'))
    )
    assert "a number" in await seen(
        pack(tmp_path, a=keyed('number = { value = "str(rows)*0" }', code='"rows = 4"'))
    )


async def test_figures_are_founded_at_the_precision_they_are_written_with(tmp_path: Path) -> None:
    """Under PyTorch 2.13, 0.3333 is a third, 0.33, and 33 percent."""
    text = plain(
        explanation='"Under PyTorch 2.13 it is 0.33, or 33 percent, or (3, 4)."',
        title='"torch.Size([3, 4])"',
    )
    good = text.replace('print("gate", gate)', "print(gate / 3)")
    assert (await checked(pack(tmp_path, a=good))).passed
    assert "0.34 in" in await seen(pack(tmp_path, a=good.replace("0.33,", "0.34,")))


async def test_phrases_are_proven(tmp_path: Path) -> None:
    text = keyed('phrases = ["seven"]\nholds = "\'Seven\' * gate"')
    assert (await checked(pack(tmp_path, a=text))).passed


async def test_a_variant_more_than_is_kept_is_found(tmp_path: Path) -> None:
    await checked(pack(tmp_path, b=TEMPLATE))
    kept = json.loads(
        put(tmp_path / "x", (tmp_path / "gates/computed.json").read_bytes()).read_bytes()
    )
    kept["questions"]["b"]["rows"].pop()
    put(tmp_path / "gates/computed.json", json.dumps(kept))
    (failure,) = (await checked(tmp_path, keep=False)).failures
    assert (failure.expected.split(";")[0], failure.seen) == ("50 variants", "49 are kept.")


BRACES = """
title = "Braces"
kind = "predict-output"
level = "beginner"
time = "2:00"
prompt = "What is printed?"
code = '''
rows = 4
print(f"{{{rows}}}")
'''
explanation = "Two braces make one, around {{rows}}."
concept = "Double them."
proof = '''
print(f"{{}}")
assert f"{{}}" == "{" + "}"
'''

[[options]]
value = "printed"
right = true

[[options]]
value = "'{' * 3 + str(rows) + '}' * 3"
misconception = "taken as written"
why_not = "An f-string reads two braces as one."
"""


async def test_without_parameters_double_braces_in_code_are_only_braces(tmp_path: Path) -> None:
    """Its explanation may still hold what the code leaves."""
    assert (await checked(pack(tmp_path, a=BRACES))).failures == ()
    question = load(tmp_path).question("gates/a")
    assert question.code.endswith('print(f"{{{rows}}}")')
    assert question.explanation == "Two braces make one, around 4."


async def test_an_error_on_purpose_may_be_the_answer(tmp_path: Path) -> None:
    text = TEMPLATE.replace("print(rows * {{length}})", "rows / 0").replace('"printed"', '"raised"')
    assert (await checked(pack(tmp_path, a=text))).passed
    assert (
        await checked(pack(tmp_path, a=plain(code='"1 / 0"', raises='"ZeroDivisionError"')))
    ).passed


async def test_a_figure_is_kept_as_png(tmp_path: Path) -> None:
    draws = "import matplotlib.pyplot as plt\nplt.figure(figsize=(2, 1))\nassert gate * 7"
    await checked(pack(tmp_path, a=PLAIN.replace("assert gate * 7", draws, 1)))
    bank = load(tmp_path)
    shown = bank.shown(bank.question("gates/a"))
    assert shown is not None
    assert shown.picture is not None
    assert shown.picture.startswith(b"\x89PNG")
    await checked(pack(tmp_path, a=PLAIN))
    assert not (tmp_path / "gates/proofs/a.png").exists()


async def test_a_second_figure_is_one_too_many(tmp_path: Path) -> None:
    draws = "import matplotlib.pyplot as plt\nplt.figure()\nplt.figure()\nassert gate * 7"
    assert "at most one figure" in await seen(
        pack(tmp_path, a=PLAIN.replace("assert gate * 7", draws, 1))
    )


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
    assert "It does not list `b`." in await seen(put(tmp_path / "good/b.toml", PLAIN))


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


async def test_code_without_an_end_is_stopped() -> None:
    job = Job(code="while True: pass")
    with pytest.raises(TimeoutError):
        await Bench(None, "2.13.0", seconds=0.3).results(job)


async def test_a_proof_without_an_end_fails_its_question(tmp_path: Path) -> None:
    text = PLAIN.replace("print", "while gate: pass\nprint")
    report = await check(pack(tmp_path, a=text), cache=None, say=unheard, seconds=0.5)
    assert "an end within 0.5 seconds" in report.failures[0].expected


async def test_progress_is_told_for_each_question(tmp_path: Path) -> None:
    said: list[str] = []
    await check(pack(tmp_path, a=PLAIN, b=FLIPPED), cache=None, say=said.append, at_once=1)
    assert said == ["[1/2] gates/a: passed", "[2/2] gates/b: failed"]


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


async def test_a_proof_that_holds_by_one_seed_alone_is_found(tmp_path: Path) -> None:
    """Copied into a Python that sows no seeds it would fail."""
    lucky = PLAIN.replace(
        'gate = int("1")', "import random\ngate = 1 if random.random() == 0.8444218515250481 else 0"
    )
    said = await seen(pack(tmp_path, a=lucky))
    assert "expected: a proof that holds with any random numbers" in said
    assert "AssertionError" in said


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
            say=unheard,
            write_back=True,
            at_once=2,
        )
    assert report.passed, asdict(report)
