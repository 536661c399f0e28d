"""A question to begin with works as it stands, and starting one harms nothing that is there."""

import tomllib
from pathlib import Path

import pytest

from bot.authors.checking.check import check
from bot.authors.new_question import add_to_order, create_question
from bot.errors import OperatorError
from bot.quiz.files.bank import load
from tests.quiz.folders import PLAIN, pack, put


async def test_the_skeleton_passes_its_check_as_it_stands(tmp_path: Path) -> None:
    lines: list[str] = []
    done = create_question(tmp_path, "softmax/first-steps")
    report = await check(tmp_path, cache=None, progress=lines.append, write_back=True)
    assert report.passed
    assert load(tmp_path).question("softmax/first-steps").seconds == 90
    assert done[-1].startswith("Next: python -m bot check --write ")


def test_a_question_is_added_to_the_order_of_its_pack_and_nothing_else_changes(
    tmp_path: Path,
) -> None:
    root = pack(tmp_path, a=PLAIN)
    before = (root / "gates/pack.toml").read_text()
    create_question(root, "gates/b.toml")
    assert (root / "gates/pack.toml").read_text() == before.replace('["a"]', '["a", "b"]')
    assert [question.id for question in load(root).packs[0].questions] == ["gates/a", "gates/b"]


def test_a_question_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    root = pack(tmp_path, a=PLAIN)
    with pytest.raises(OperatorError, match="nothing was changed"):
        create_question(root, "gates/a")
    assert (root / "gates/a.toml").read_text() == PLAIN


def test_a_question_cannot_be_called_pack(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be called pack"):
        create_question(tmp_path, "gates/pack")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "wanted",
    ["", "gates", "gates/", "/x", "Gates/x", "gates/a b", "a/b/c", "../x/y", f"gates/{'x' * 49}"],
)
def test_a_name_that_does_not_fit_is_told(tmp_path: Path, wanted: str) -> None:
    with pytest.raises(OperatorError, match="is no PACK/NAME"):
        create_question(tmp_path, wanted)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "order",
    [
        'order = ["a"] # all',
        'order = [\n  "a",\n  "b",\n]',
        'order = ["a" ]',
        "minutes = 3\norder = []",
        'order   = ["a",]',
    ],
)
def test_every_way_to_write_an_order_is_added_to_or_left(tmp_path: Path, order: str) -> None:
    path = put(tmp_path / "p/pack.toml", f'title = "x"\n{order}\nicon = "[]"\n')
    before = tomllib.loads(path.read_text())
    (done,) = add_to_order(tmp_path / "p", ["new"])
    after = tomllib.loads(path.read_text())
    assert after == (
        {**before, "order": [*before["order"], "new"]} if done.startswith("Added") else before
    )


@pytest.mark.parametrize("text", ['title = "no order"', 'order = [ # "x"\n"a"]', "order = [oops]"])
def test_an_order_that_cannot_be_added_to_is_left_to_the_author(tmp_path: Path, text: str) -> None:
    path = put(tmp_path / "p/pack.toml", text)
    assert add_to_order(tmp_path / "p", ["new"])[0].startswith("Add to `order`")
    assert path.read_text() == text
