"""The rules of a question that no single field shows."""

import re
from collections.abc import Callable, Iterator
from unicodedata import normalize

from bot.quiz.files.schema import OptionSheet, QuestionSheet, expression, fields
from bot.quiz.files.toml_lines import Path
from bot.quiz.questions import Kind

Break = tuple[Path, str, str]
"""Where a rule is broken, what is wrong, and the remedy."""

KEYS = ("options", "truth", "number", "phrases")
SILENT = re.compile(r"(?:[\s`\"\u2018-\u201f,;:?]|!(?!=)|-(?!\d)|\.(?!\d))+")
"""What a listener does not hear; the minus and the point of a number are heard."""
SHORTEST, LONGEST = 10, 30 * 60


def broken(sheet: QuestionSheet) -> Iterator[Break]:
    for rule in RULES:
        yield from rule(sheet)


def aloud(text: str) -> str:
    """How a text sounds, as far as a listener can tell it from another."""
    return SILENT.sub(" ", normalize("NFKC", text).casefold()).strip()


def _one_key(sheet: QuestionSheet) -> Iterator[Break]:
    given = [key for key in KEYS if getattr(sheet, key) is not None]
    if not given:
        yield (), "It has no key.", "Add [[options]], or one of `truth`, `number`, `phrases`."
    for key in given[1:]:
        yield (key,), f"It has `{given[0]}` as well.", f"Keep one of `{given[0]}` and `{key}`."


def _time(sheet: QuestionSheet) -> Iterator[Break]:
    if not SHORTEST <= sheet.seconds <= LONGEST:
        yield ("time",), "It is no time to think in.", 'Give between "0:10" and "30:00".'


def _truth(sheet: QuestionSheet) -> Iterator[Break]:
    if sheet.truth is None:
        if sheet.why_not is not None:
            yield (
                ("why_not",),
                "Only a true/false question has it.",
                "Write it into the wrong options.",
            )
        return
    if sheet.tries not in (None, 1):
        yield ("tries",), "A true/false question has one try.", "Take `tries` out."
    if sheet.why_not is None:
        yield ("why_not",), "It is missing.", "Say why the other answer is wrong."


def _options(sheet: QuestionSheet) -> Iterator[Break]:
    options = sheet.options or ()
    if sheet.options is not None and not any(option.right for option in options):
        yield ("options",), "No option is right.", "Write `right = true` into the right one."
    for index, option in enumerate(options):
        yield from (
            (("options", index, *path), wrong, remedy) for path, wrong, remedy in _option(option)
        )


def _option(option: OptionSheet) -> Iterator[Break]:
    if (option.text is None) == (option.value is None):
        yield ("text",), "An option has either `text` or `value`.", "Write exactly one of them."
    if option.right and (option.why_not or option.misconception):
        yield (
            ("right",),
            "It is right, yet says why not.",
            "Take `why_not` and `misconception` out, or `right`.",
        )
    if not option.right and option.why_not is None:
        yield (
            ("why_not",),
            "A wrong option needs it.",
            "Say in a sentence why this is not the answer.",
        )
    if not option.right and option.value is not None and option.misconception is None:
        yield (
            ("misconception",),
            "A computed wrong option needs it.",
            "Name the error that leads to this value.",
        )


def _alike(sheet: QuestionSheet) -> Iterator[Break]:
    seen: dict[str, int] = {}
    for index, option in enumerate(sheet.options or ()):
        text = aloud(option.text) if option.text is not None else f"value {option.value}"
        if text in seen:
            wrong = f"It reads the same aloud as option {seen[text] + 1}."
            yield (
                ("options", index, "text" if option.text else "value"),
                wrong,
                "Say what tells them apart in words.",
            )
        seen.setdefault(text, index)


def _computed(sheet: QuestionSheet) -> Iterator[Break]:
    if sheet.kind is Kind.PREDICT_OUTPUT:
        yield from _typed(sheet)
    if sheet.expressions() and sheet.code is None:
        yield (
            ("code",),
            "There is nothing to compute its values from.",
            "Add `code`, or write `text` instead of `value`.",
        )
    if sheet.vary and not any(option.value for option in sheet.options or ()) and not sheet.number:
        yield ("vary",), "Nothing depends on it.", "Give the options a `value` in place of `text`."


def _typed(sheet: QuestionSheet) -> Iterator[Break]:
    remedy = "Write `value` with a Python expression: the key of a predicted output is computed, never typed."
    for index, option in enumerate(sheet.options or ()):
        if option.text is not None:
            yield ("options", index, "text"), "It is typed.", remedy
    if sheet.number and not isinstance(sheet.number.value, str):
        yield ("number", "value"), "It is typed.", remedy
    if sheet.phrases is not None:
        yield (
            ("phrases",),
            "They are typed.",
            "Ask with [[options]] or `number`, and compute the values.",
        )


def _fields(sheet: QuestionSheet) -> Iterator[Break]:
    if not sheet.expressions():
        return
    for found in dict.fromkeys(found for text in sheet.texts() for found in fields(text)):
        try:
            expression(found)
        except ValueError:
            yield (
                (),
                f"{{{{{found}}}}} is no Python expression.",
                "Mend what stands between the double braces.",
            )


def _phrases(sheet: QuestionSheet) -> Iterator[Break]:
    seen: set[str] = set()
    for index, phrase in enumerate(sheet.phrases or ()):
        if aloud(phrase) in seen or not aloud(phrase):
            yield ("phrases", index), "It adds nothing to the others.", "Take it out."
        seen.add(aloud(phrase))


RULES: tuple[Callable[[QuestionSheet], Iterator[Break]], ...] = (
    _one_key,
    _time,
    _truth,
    _options,
    _alike,
    _computed,
    _fields,
    _phrases,
)
