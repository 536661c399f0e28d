"""A check runs everything that questions say, and finds what is not so."""

from pathlib import Path

import pytest

from tests.authors.checking.checks import FLIPPED, checked, only_failure
from tests.quiz.folders import PLAIN, TEMPLATE, keyed, pack, plain


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


async def test_a_computed_number_is_proven(tmp_path: Path) -> None:
    text = keyed('number = { value = "rows / 8" }\nholds = "rows / 8"', code='"rows = 4"')
    assert "NameError" in await only_failure(pack(tmp_path, a=text))
    assert (
        await checked(pack(tmp_path, a=text.replace('rows / 8"\nproof', 'gate / 2"\nproof')))
    ).passed
    assert "is typed" in await only_failure(
        pack(tmp_path, a=keyed('number = { value = "7 / 2" }', code='"rows = 4"'))
    )
    assert "a number" in await only_failure(
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
    assert "0.34 in" in await only_failure(pack(tmp_path, a=good.replace("0.33,", "0.34,")))


async def test_phrases_are_proven(tmp_path: Path) -> None:
    text = keyed('phrases = ["seven"]\nholds = "\'Seven\' * gate"')
    assert (await checked(pack(tmp_path, a=text))).passed


async def test_options_that_read_the_same_aloud_are_found(tmp_path: Path) -> None:
    assert "same aloud" in await only_failure(
        pack(tmp_path, a=PLAIN.replace("It stops all of it", "It lets ALL of it through."))
    )


async def test_an_error_on_purpose_may_be_the_answer(tmp_path: Path) -> None:
    text = TEMPLATE.replace("print(rows * {{length}})", "rows / 0").replace('"printed"', '"raised"')
    assert (await checked(pack(tmp_path, a=text))).passed
    assert (
        await checked(pack(tmp_path, a=plain(code='"1 / 0"', raises='"ZeroDivisionError"')))
    ).passed


async def test_a_second_figure_is_one_too_many(tmp_path: Path) -> None:
    draws = "import matplotlib.pyplot as plt\nplt.figure()\nplt.figure()\nassert gate * 7"
    assert "at most one figure" in await only_failure(
        pack(tmp_path, a=PLAIN.replace("assert gate * 7", draws, 1))
    )


async def test_a_proof_that_holds_by_one_seed_alone_is_found(tmp_path: Path) -> None:
    """Copied into a Python that sows no seeds it would fail."""
    lucky = PLAIN.replace(
        'gate = int("1")', "import random\ngate = 1 if random.random() == 0.8444218515250481 else 0"
    )
    shown = await only_failure(pack(tmp_path, a=lucky))
    assert "expected: a proof that holds with any random numbers" in shown
    assert "AssertionError" in shown
