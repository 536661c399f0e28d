"""Every reason that is raised and every word that an adapter asks for has its sentence."""

import ast
import inspect
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from itertools import islice, product
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from bot.phrases.say import SENTENCES, say
from bot.quiz.calendar.holidays import SkippedHolidays
from bot.quiz.calendar.ics import SkippedReason

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "bot/phrases/sentences"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SAMPLES: Mapping[Any, Sequence[object]] = {
    bool: (True, False),
    int: (0, 1, 2, 7),
    float: (0.5,),
    str: ("gru", "", "x" * 99),
    str | None: ("gru", None),
    Sequence[str]: (("A", "B"), ("A",), ()),
    Sequence[tuple[str, Sequence[str], str]]: ((), (("zone", ("UTC",), "Europe/Berlin"),)),
    Sequence[SkippedHolidays]: ((), (SkippedHolidays(SkippedReason.OVER, 1),)),
    date: (NOON.date(),),
    date | None: (NOON.date(), None),
    datetime: (NOON,),
    datetime | None: (NOON, None),
    timedelta: (timedelta(minutes=5), timedelta(days=2)),
}
"""Values for each type that a sentence may be given."""


def calls() -> Iterator[tuple[str, str, set[str] | None]]:
    """Where a sentence is asked for, its name, and its values (None: they are in a mapping).

    Texts for operators are said without a name.
    """
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _says(node.func) and node.args:
                keywords = {word.arg for word in node.keywords if word.arg}
                given = keywords if len(keywords) == len(node.keywords) else None
                for name in _names(node.args[0]):
                    if is_name(name) or getattr(node.func, "id", "") == "UserError":
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", name, given


def _says(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in {"UserError", "say", "_say"}


def _names(argument: ast.expr) -> Iterator[str]:
    """A name, or the two of a conditional expression."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value
    elif isinstance(argument, ast.IfExp):
        yield from _names(argument.body)
        yield from _names(argument.orelse)


def is_name(text: str) -> bool:
    return text.isidentifier() and text.islower()


CALLS = list(calls())


@pytest.mark.parametrize(("where", "name", "given"), CALLS, ids=[call[0] for call in CALLS])
def test_a_reason_has_its_sentence_and_gives_it_what_it_needs(
    where: str, name: str, given: set[str] | None
) -> None:
    assert name in SENTENCES, f"{where}: no file of bot/phrases/sentences says {name!r}"
    if given is not None:
        assert fits(SENTENCES[name], given), f"{where}: {name!r} needs other values than {given}"


def fits(sentence: str | Callable[..., str], given: set[str]) -> bool:
    if isinstance(sentence, str):
        return placeholders(sentence) == given
    try:
        inspect.signature(sentence).bind(**dict.fromkeys(given))
    except TypeError:
        return False
    return True


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_sentence_is_used() -> None:
    used = {
        node.value
        for path in (ROOT / "bot").rglob("*.py")
        if path.parent != FOLDER
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not [name for name in SENTENCES if name not in used]


def test_every_file_of_sentences_is_said_and_no_name_stands_twice() -> None:
    files = [path.stem for path in FOLDER.glob("*.py") if path.stem not in {"__init__", "sentence"}]
    names = [
        name for file in files for name in import_module(f"bot.phrases.sentences.{file}").SENTENCES
    ]
    assert len(names) == len(set(names))
    assert set(names) == set(SENTENCES)


@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_can_be_said_with_any_values(name: str) -> None:
    sentence = SENTENCES[name]
    if isinstance(sentence, str):
        assert sentence
        return
    types = get_type_hints(sentence)
    types.pop("return", None)
    for values in islice(product(*(SAMPLES[each] for each in types.values())), 500):
        assert say(name, **dict(zip(types, values, strict=True)))
