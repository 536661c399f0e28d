"""A template is proven for every one of its variants."""

import re
from pathlib import Path

import pytest

from bot.quiz.files.bank import load
from tests.authors.checking.checks import checked, only_failure
from tests.quiz.folders import TEMPLATE, changed, pack


async def test_each_member_is_shown_the_proof_with_their_own_figures(tmp_path: Path) -> None:
    await checked(pack(tmp_path, b=TEMPLATE))
    bank = load(tmp_path)
    for question in (bank.variant("gates/b", seed) for seed in range(100)):
        batch, length = map(int, re.findall(r"[0-9]+", question.prompt))
        shown = bank.proof_output(question)
        assert shown is not None
        assert f"product = {batch} * {length}" in question.proof
        assert shown.output == f"product {batch * length}\n"


async def test_a_templates_proof_that_is_the_same_for_all_is_refused(tmp_path: Path) -> None:
    text = TEMPLATE.replace("product = {{batch}} * {{length}}", "product = {{batch}} * 10").replace(
        "product == {{batch}} * {{length}}", "product == {{batch}} * 10"
    )
    assert "It does not use {{length}}." in await only_failure(pack(tmp_path, b=text))


async def test_a_templates_proof_is_run_for_every_variant(tmp_path: Path) -> None:
    text = TEMPLATE.replace("assert product ==", "assert product != 9 * 15\nassert product ==")
    assert "product != 9 * 15" in await only_failure(pack(tmp_path, b=text))
    drawing = TEMPLATE.replace(
        "assert", "import matplotlib.pyplot as plt\nplt.figure(figsize=(1, 1))\nassert"
    )
    assert "draws a figure" in await only_failure(pack(tmp_path, b=drawing))


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
    pairs = [(failure.expected, failure.seen) for failure in report.failures]
    assert any(expected in wanted and seen in found for wanted, found in pairs), pairs


async def test_a_wrong_option_that_the_code_prints_is_found(tmp_path: Path) -> None:
    text = changed(TEMPLATE, prompt='"How many rows?"').replace('"printed"', '"rows"')
    report = await checked(pack(tmp_path, a=text.replace('"batch + length"', '"batch * length"')))
    assert any("wrong option that is wrong" in failure.expected for failure in report.failures)


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
