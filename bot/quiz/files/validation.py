"""Validates TOML files and words every problem."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.quiz.files.problems import Problem, nearest
from bot.quiz.files.schema import (
    FIGURE,
    NAME,
    RANGE,
    TIME,
    AnySheet,
    FigureSheet,
    NumberSheet,
    OptionSheet,
    QuestionSheet,
    Sheet,
)
from bot.quiz.files.toml_files import KeyPath, TomlFile

AUTHORS_PAGE = "Write it as the authors' page shows."
Words = tuple[str, str]  # what is wrong, and the remedy
WORDS: Mapping[str, Words] = {
    "missing": ("It is missing.", "Add it."),
    "string_too_short": ("It is empty.", "Write it, or leave the key out."),
    "string_too_long": ("It has more than {max_length} characters.", "Say it shorter."),
    "too_short": ("It has fewer than {min_length} entries.", "Add more."),
    "too_long": ("It has more than {max_length} entries.", "Keep the best."),
    "string_type": ("It is no text.", "Put it in quotation marks."),
    "list_type": ("It is no list.", "Write it in square brackets."),
    "bool_type": ("It is neither true nor false.", "Write true or false, without quotation marks."),
    "int_type": ("It is no number that fits.", "Write a whole number, without quotation marks."),
    "float_type": ("It is no number.", "Write a number, without quotation marks."),
    "finite_number": ("It is no finite number.", "Write a finite number."),
    "dict_type": ("It is no table.", AUTHORS_PAGE),
    "model_type": ("It is no table.", AUTHORS_PAGE),
    "greater_than_equal": ("It is too small.", "It must be at least {ge}."),
    "less_than_equal": ("It is too large.", "It must be at most {le}."),
    "enum": ("There is no such value.", "It is one of {expected}."),
    "value_error": ("It holds {error}.", "Take that out, or write it differently."),
}
PATTERNS: Mapping[str, Words] = {
    NAME: ("It is no name.", "Use small letters, digits and single hyphens."),
    TIME: ("It is no time.", 'Write minutes and seconds, such as "1:30".'),
    RANGE: (
        "It is neither a list nor a range.",
        'Write a list of values, or a range such as "2..9" or "2..9 step 2".',
    ),
    FIGURE: ("It is no PNG inside the pack.", 'Write its path, such as "figures/gates.png".'),
}
PARTS: Mapping[str, type[Sheet]] = {
    "options": OptionSheet,
    "figure": FigureSheet,
    "number": NumberSheet,
}


def validate(toml: TomlFile, form: type[AnySheet]) -> AnySheet | list[Problem]:
    try:
        return form.model_validate(dict(toml.values))
    except ValidationError as error:
        by_path: dict[KeyPath, list[ErrorDetails]] = {}
        for details in error.errors(include_url=False):
            by_path.setdefault(tuple(_path(toml.values, details)), []).append(details)
        return [
            toml.problem(path, *_explanation(form, path, errors))
            for path, errors in by_path.items()
        ]


def _path(values: Any, error: ErrorDetails) -> Iterator[str | int]:
    # The author's keys, without the types that pydantic tried.
    is_missing = error["type"] == "missing"
    for step in error["loc"]:
        if _has(values, step):
            values = values[step]
        elif not is_missing or step != error["loc"][-1]:
            return
        yield step


def _has(values: object, step: str | int) -> bool:
    if isinstance(values, list):
        return isinstance(step, int) and step < len(values)
    return isinstance(values, dict) and step in values


def _explanation(form: type[Sheet], path: KeyPath, errors: list[ErrorDetails]) -> Words:
    # Of the types that the value may have, that which it has says most.
    error = next((error for error in errors if not error["type"].endswith("_type")), errors[0])
    kind = error["type"]
    context = error.get("ctx", {})
    is_vary = path[:1] == ("vary",) and len(path) > 1
    if (
        kind == "extra_forbidden"
        or "[key]" in error["loc"]
        or (is_vary and path[-1] in form.model_fields)
    ):
        return _unknown_key(form, path)
    if is_vary:
        return PATTERNS[RANGE]
    if kind == "string_pattern_mismatch":
        return PATTERNS[context["pattern"]]
    wrong, remedy = WORDS.get(kind, ("It cannot be taken.", AUTHORS_PAGE))
    return wrong.format(**context), remedy.format(**context)


def _unknown_key(form: type[Sheet], path: KeyPath) -> Words:
    key = str(path[-1])
    table = str(path[0])
    part = PARTS.get(table) if len(path) > 1 else None
    if (
        len(path) > 1
        and form is QuestionSheet
        and key not in (part or Sheet).model_fields
        and key in QuestionSheet.model_fields
    ):
        heading = "[vary]" if table == "vary" else f"[[{table}]]"
        wrong = f"It stands below {heading}, so TOML takes it for a part of that table."
        return wrong, f"Move `{key}` above the first [[options]] and above [vary]."
    if table == "vary":
        remedy = "Use small letters, digits and underscores, a letter first."
        return "It is no name for a parameter.", remedy
    like = nearest(key, (part or form).model_fields)
    return "There is no such key.", f"Did you mean `{like}`?" if like else "Take it out."
