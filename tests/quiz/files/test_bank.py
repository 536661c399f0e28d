"""The bank: what is loaded, found and drawn from it."""

from pathlib import Path

import pytest

from bot.quiz.files.bank import load
from bot.quiz.files.problems import BankError
from bot.quiz.questions import Choices, Kind, Level, Number, Phrase
from tests.quiz.folders import PLAIN, PNG, changed, is_truth, keyed, pack, plain, put
from tests.refusing import refused

FIGURE = '{ file = "figures/gate.png", alt = "A door." }'


def test_a_pack_is_loaded_with_its_questions_in_its_order(tmp_path: Path) -> None:
    bank = load(pack(tmp_path, zebra=PLAIN, apple=PLAIN))
    (found,) = bank.packs
    assert (found.title, found.badge, found.minutes) == ("Gates", "Gate Keeper", 4)
    assert [question.id for question in found.questions] == ["gates/zebra", "gates/apple"]
    assert bank.pack("gates") is found


def test_a_question_carries_all_that_its_file_says(tmp_path: Path) -> None:
    question = load(pack(tmp_path, a=PLAIN)).question("gates/a")
    assert (question.kind, question.level, question.seconds, question.tries) == (
        Kind.CONCEPTUAL,
        Level.INTERMEDIATE,
        90,
        2,
    )
    assert question.prompt == "What does a gate of `1` do?"
    assert question.proof.startswith('gate = int("1")\n')
    assert isinstance(question.key, Choices)
    assert question.key.right == {"A"}
    assert [option.letter for option in question.key.options] == ["A", "B"]
    assert question.key.options[1].why_not == "That is a gate of zero."


def test_several_right_options_make_a_choose_all(tmp_path: Path) -> None:
    more = PLAIN + '\n[[options]]\ntext = "It does nothing to it"\nright = true\nholds = "True"\n'
    key = load(pack(tmp_path, a=more)).question("gates/a").key
    assert isinstance(key, Choices)
    assert key.several
    assert key.right == {"A", "C"}


@pytest.mark.parametrize(("truth", "right"), [("true", "A"), ("false", "B")])
def test_a_truth_is_a_choice_of_two_with_one_try(tmp_path: Path, truth: str, right: str) -> None:
    question = load(pack(tmp_path, a=keyed(f'truth = {truth}\nwhy_not = "Multiply."'))).question(
        "gates/a"
    )
    assert is_truth(question)
    assert question.tries == 1
    assert isinstance(question.key, Choices)
    assert question.key.right == {right}
    assert [bool(option.why_not) for option in question.key.options] == [right == "B", right == "A"]


def test_a_number_has_its_tolerance(tmp_path: Path) -> None:
    key = (
        load(pack(tmp_path, a=keyed("number = { value = 3.5, within = 0.01 }")))
        .question("gates/a")
        .key
    )
    assert key == Number(3.5, 0.01)


def test_phrases_are_kept_in_order(tmp_path: Path) -> None:
    key = (
        load(pack(tmp_path, a=keyed('phrases = ["update gate", "z gate"]'))).question("gates/a").key
    )
    assert key == Phrase(("update gate", "z gate"))


def test_a_figure_is_read_with_its_question(tmp_path: Path) -> None:
    put(tmp_path / "gates/figures/gate.png", PNG)
    bank = load(pack(tmp_path, a=plain(figure=FIGURE), b=PLAIN))
    assert bank.figure(bank.question("gates/a")) == PNG
    assert bank.figure(bank.question("gates/b")) is None


def test_questions_are_found_by_pack_level_and_kind(tmp_path: Path) -> None:
    pack(tmp_path, "one", a=PLAIN, b=plain(level='"expert"'))
    pack(tmp_path, "two", c=plain(kind='"debug"'))
    bank = load(tmp_path)

    def found(*wanted: str | None) -> list[str]:
        return [question.id for question in bank.matching(*wanted)]

    assert found(None, None, None) == ["one/a", "one/b", "two/c"]
    assert found("one", None, None) == ["one/a", "one/b"]
    assert found(None, "expert", None) == ["one/b"]
    assert found(None, None, "debug") == ["two/c"]
    assert found("one", None, "debug") == []


def test_an_unknown_pack_is_answered_with_the_nearest(tmp_path: Path) -> None:
    bank = load(pack(tmp_path, a=PLAIN))
    with refused("Did you mean gates"):
        bank.pack("gatse")
    with refused("/pack"):
        bank.pack("x" * 10_000)


def test_a_question_that_is_gone_is_told_kindly(tmp_path: Path) -> None:
    with refused("no longer in the bank"):
        load(pack(tmp_path, a=PLAIN)).question("gates/gone")


def test_the_digest_changes_with_any_wording_and_with_the_picture(tmp_path: Path) -> None:
    def digest(text: str, picture: bytes) -> str:
        put(tmp_path / "gates/figures/gate.png", picture)
        return load(pack(tmp_path, a=text)).question("gates/a").digest

    first = plain(figure=FIGURE)
    seen = {
        digest(first, PNG),
        digest(changed(first, concept='"Another."'), PNG),
        digest(changed(first, hints="[]"), PNG),
        digest(first, PNG + b"!"),
    }
    assert len(seen) == 4
    assert digest(first, PNG) in seen


def test_a_question_without_variants_is_the_same_for_every_seed(tmp_path: Path) -> None:
    bank = load(pack(tmp_path, a=PLAIN))
    assert bank.variant("gates/a", 99) is bank.question("gates/a")


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    pack(tmp_path, "one", a=plain(time='"soon"', level='"hard"'), b="title = ")
    pack(tmp_path, "two", c=plain(title="3"))
    with pytest.raises(BankError) as caught:
        load(tmp_path)
    assert [(problem.file, problem.line, problem.field) for problem in caught.value.problems] == [
        ("one/a.toml", 4, "level"),
        ("one/a.toml", 5, "time"),
        ("one/b.toml", 1, ""),
        ("two/c.toml", 2, "title"),
    ]
    assert str(caught.value).startswith("one/a.toml:4: level: There is no such value.")


def test_two_banks_are_joined_and_parted(tmp_path: Path) -> None:
    one, two = (
        load(pack(tmp_path / "x", "one", a=PLAIN)),
        load(pack(tmp_path / "y", "two", b=PLAIN)),
    )
    both = one.joined(two)
    assert [found.name for found in both.packs] == ["one", "two"]
    assert both.question("two/b") == two.question("two/b")
    assert both.only("two".__eq__) == two
