"""Rules that concern more than one field."""

import re
from collections.abc import Iterator
from unicodedata import normalize

from bot.quiz.files.schema import OptionSheet, QuestionSheet, expression, placeholders
from bot.quiz.files.toml_files import KeyPath
from bot.quiz.questions import Kind

Violation = tuple[KeyPath, str, str]  # where a rule is broken, what is wrong, and the remedy

KEYS = ("options", "truth", "number", "phrases")
# What a listener does not hear. They hear the minus and the point of a number.
SILENT = re.compile(r"(?:[\s`\"\u2018-\u201f,;:?]|!(?!=)|-(?!\d)|\.(?!\d))+")
SHORTEST = 10
LONGEST = 30 * 60


def rule_violations(sheet: QuestionSheet) -> Iterator[Violation]:
    for rule in RULES:
        yield from rule(sheet)


def as_spoken(text: str) -> str:
    return SILENT.sub(" ", normalize("NFKC", text).casefold()).strip()


def _one_key(sheet: QuestionSheet) -> Iterator[Violation]:
    given = [key for key in KEYS if getattr(sheet, key) is not None]
    if not given:
        yield (), "It has no key.", "Add [[options]], or one of `truth`, `number`, `phrases`."
    for key in given[1:]:
        yield (key,), f"It has `{given[0]}` as well.", f"Keep one of `{given[0]}` and `{key}`."


def _time(sheet: QuestionSheet) -> Iterator[Violation]:
    if not SHORTEST <= sheet.seconds <= LONGEST:
        yield ("time",), "It is no time to think in.", 'Give between "0:10" and "30:00".'


def _truth(sheet: QuestionSheet) -> Iterator[Violation]:
    key = ("why_not",)
    if sheet.truth is None:
        if sheet.why_not is not None:
            remedy = "Write it into the wrong options."
            yield key, "Only a true/false question has it.", remedy
        return
    if sheet.tries not in (None, 1):
        yield ("tries",), "A true/false question has one try.", "Take `tries` out."
    if sheet.why_not is None:
        yield key, "It is missing.", "Say why the other answer is wrong."


def _options(sheet: QuestionSheet) -> Iterator[Violation]:
    options = sheet.options or ()
    if sheet.options is not None and not any(option.right for option in options):
        yield ("options",), "No option is right.", "Write `right = true` into the right one."
    for index, option in enumerate(options):
        for field, wrong, remedy in _option(option):
            yield ("options", index, field), wrong, remedy


def _option(option: OptionSheet) -> Iterator[tuple[str, str, str]]:
    if (option.text is None) == (option.value is None):
        yield "text", "An option has either `text` or `value`.", "Write exactly one of them."
    if option.right:
        if option.why_not or option.misconception:
            remedy = "Take `why_not` and `misconception` out, or `right`."
            yield "right", "It is right, yet says why not.", remedy
        return
    if option.why_not is None:
        remedy = "Say in a sentence why this is not the answer."
        yield "why_not", "A wrong option needs it.", remedy
    if option.value is not None and option.misconception is None:
        remedy = "Name the error that leads to this value."
        yield "misconception", "A computed wrong option needs it.", remedy


def _distinct_options(sheet: QuestionSheet) -> Iterator[Violation]:
    seen: dict[str, int] = {}
    for index, option in enumerate(sheet.options or ()):
        spoken = f"value {option.value}" if option.text is None else as_spoken(option.text)
        if spoken in seen:
            field = "text" if option.text else "value"
            wrong = f"It reads the same aloud as option {seen[spoken] + 1}."
            yield ("options", index, field), wrong, "Say what tells them apart in words."
        seen.setdefault(spoken, index)


def _computed(sheet: QuestionSheet) -> Iterator[Violation]:
    if sheet.kind is Kind.PREDICT_OUTPUT:
        yield from _typed(sheet)
    if sheet.expressions() and sheet.code is None:
        remedy = "Add `code`, or write `text` instead of `value`."
        yield ("code",), "There is nothing to compute its values from.", remedy
    is_used = sheet.number or any(option.value for option in sheet.options or ())
    if sheet.vary and not is_used:
        remedy = "Give the options a `value` in place of `text`."
        yield ("vary",), "Nothing depends on it.", remedy


def _typed(sheet: QuestionSheet) -> Iterator[Violation]:
    remedy = (
        "Write `value` with a Python expression: "
        "the key of a predicted output is computed, never typed."
    )
    for index, option in enumerate(sheet.options or ()):
        if option.text is not None:
            yield ("options", index, "text"), "It is typed.", remedy
    if sheet.number and sheet.computed_number is None:
        yield ("number", "value"), "It is typed.", remedy
    if sheet.phrases is not None:
        remedy = "Ask with [[options]] or `number`, and compute the values."
        yield ("phrases",), "They are typed.", remedy


def _placeholders(sheet: QuestionSheet) -> Iterator[Violation]:
    if not sheet.expressions():
        return
    for found in dict.fromkeys(found for text in sheet.texts() for found in placeholders(text)):
        try:
            expression(found)
        except ValueError:
            wrong = f"{{{{{found}}}}} is no Python expression."
            yield (), wrong, "Mend what stands between the double braces."


def _phrases(sheet: QuestionSheet) -> Iterator[Violation]:
    seen = {""}
    for index, phrase in enumerate(sheet.phrases or ()):
        spoken = as_spoken(phrase)
        if spoken in seen:
            yield ("phrases", index), "It adds nothing to the others.", "Take it out."
        seen.add(spoken)


RULES = (
    _one_key,
    _time,
    _truth,
    _options,
    _distinct_options,
    _computed,
    _placeholders,
    _phrases,
)
