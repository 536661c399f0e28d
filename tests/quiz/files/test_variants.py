"""A template's variants come from what was computed at the last check.

Nothing is run to ask them.
"""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.files import drafts
from bot.quiz.files.bank import Bank, load
from bot.quiz.files.problems import BankError
from bot.quiz.files.variants import recipe, seeded_order
from bot.quiz.questions import Choices, Number
from tests.quiz.folders import TEMPLATE, changed, keyed, pack, put

ROWS = [
    ["4", "10", "40", "14", "40"],
    ["3", "10", "30", "13", "30"],
    ["5", "11", "55", "16", "55"],
]
"""The columns: batch, length, rows * length, batch + length, printed."""


def compute(root: Path, rows: list[list[str]], **changes: object) -> Path:
    """Write down values for the pack's question `a` as a check would."""
    (draft,) = drafts.read(root).packs[0].drafts
    values = {"recipe": recipe(draft.sheet), "torch": "2.13.0", "rows": rows, **changes}
    put(root / "gates/computed.json", json.dumps({"questions": {"a": values}}))
    return root


def asked(root: Path) -> Bank:
    return load(compute(pack(root, a=TEMPLATE), ROWS))


def test_the_first_variant_is_the_question_that_everybody_sees(tmp_path: Path) -> None:
    question = asked(tmp_path).question("gates/a")
    assert question.prompt == "With 4 rows of 10, what is printed?"
    assert question.code == "rows = 4\nprint(rows * 10)"
    assert question.explanation == "4 times 10 is 40."
    assert question.proof.startswith("product = 4 * 10")
    assert isinstance(question.key, Choices)
    assert [option.text for option in question.key.options] == ["40", "14"]
    assert question.key.options[1].why_not == "That is the sum, 14."


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return asked(tmp_path_factory.mktemp("bank"))


@given(seed=st.integers())
def test_a_seed_always_gives_the_same_variant_with_one_right_option(bank: Bank, seed: int) -> None:
    question = bank.variant("gates/a", seed)
    assert question == bank.variant("gates/a", seed)
    assert isinstance(question.key, Choices)
    (right,) = (option for option in question.key.options if option.right)
    assert question.explanation.endswith(f"is {right.text}.")
    assert [option.letter for option in question.key.options] == ["A", "B"]


def test_seeds_reach_every_variant_and_every_letter(tmp_path: Path) -> None:
    bank = asked(tmp_path)
    variants = [bank.variant("gates/a", seed) for seed in range(60)]
    assert len({question.prompt for question in variants}) == 3
    assert len({question.digest for question in variants}) == 6
    assert {
        letter
        for question in variants
        if isinstance(question.key, Choices)
        for letter in question.key.right
    } == {
        "A",
        "B",
    }


def test_a_number_may_be_computed_and_keeps_no_letters(tmp_path: Path) -> None:
    text = keyed('number = { value = "rows / 8", within = 0.1 }', code='"rows = {{n}}"')
    root = compute(pack(tmp_path, a=text + "\n[vary]\nn = [4, 8]\n"), [["4", "0.5"], ["8", "1.0"]])
    bank = load(root)
    assert bank.question("gates/a").key == Number(0.5, 0.1)
    assert {bank.variant("gates/a", seed).key for seed in range(20)} == {
        Number(0.5, 0.1),
        Number(1.0, 0.1),
    }


@pytest.mark.parametrize("value", ["shape", "nan", ""])
def test_a_computed_number_that_is_none_is_told(tmp_path: Path, value: str) -> None:
    text = keyed('number = { value = "rows / 8" }', code='"rows = 4"')
    with pytest.raises(BankError, match="no number"):
        load(compute(pack(tmp_path, a=text), [[value]]))


def test_values_never_computed_are_told_with_the_command_that_computes_them(tmp_path: Path) -> None:
    with pytest.raises(BankError, match=r"never computed\. Run `python -m bot check --write`"):
        load(pack(tmp_path, a=TEMPLATE))


def test_a_changed_computation_makes_its_values_stale_and_a_changed_wording_does_not(
    tmp_path: Path,
) -> None:
    root = compute(pack(tmp_path, a=TEMPLATE), ROWS)
    put(root / "gates/a.toml", changed(TEMPLATE, concept='"Rows of numbers."'))
    assert load(root).question("gates/a").concept == "Rows of numbers."
    put(root / "gates/a.toml", TEMPLATE.replace("rows * {{length}}", "rows + {{length}}"))
    with pytest.raises(BankError, match="has changed since"):
        load(root)


def test_rows_of_another_width_are_stale(tmp_path: Path) -> None:
    with pytest.raises(BankError, match="has changed since"):
        load(compute(pack(tmp_path, a=TEMPLATE), [["4", "10"]]))


@pytest.mark.parametrize("content", ["", "[]", '{"questions": {"a": {"rows": []}}}', "[" * 50_000])
def test_computed_values_that_cannot_be_read_are_told(tmp_path: Path, content: str) -> None:
    put(pack(tmp_path, a=TEMPLATE) / "gates/computed.json", content)
    with pytest.raises(BankError, match="not as `check` wrote it"):
        load(tmp_path)


def test_a_link_in_place_of_computed_values_is_told(tmp_path: Path) -> None:
    elsewhere = put(tmp_path / "elsewhere.json", "{}")
    (pack(tmp_path / "questions", a=TEMPLATE) / "gates/computed.json").symlink_to(elsewhere)
    with pytest.raises(BankError, match="link out of the folder"):
        load(tmp_path / "questions")


@given(st.text(), st.integers(0, 40))
def test_dealing_loses_and_doubles_nothing(seed: str, count: int) -> None:
    assert sorted(seeded_order(seed, count)) == list(range(count))
