"""A page against the form it must have: every foreign complaint becomes a problem with a remedy."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.quiz.files.problems import Problem, nearest
from bot.quiz.files.schema import (
    FIGURE,
    NAME,
    RANGE,
    TIME,
    FigureSheet,
    NumberSheet,
    OptionSheet,
    QuestionSheet,
    Sheet,
)
from bot.quiz.files.toml_files import TomlFile
from bot.quiz.files.toml_lines import Path

AnySheet = TypeVar("AnySheet", bound=Sheet)

WORDS: Mapping[str, tuple[str, str]] = {
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
    "dict_type": ("It is no table.", "Write it as the authors' page shows."),
    "model_type": ("It is no table.", "Write it as the authors' page shows."),
    "greater_than_equal": ("It is too small.", "It must be at least {ge}."),
    "less_than_equal": ("It is too large.", "It must be at most {le}."),
    "enum": ("There is no such value.", "It is one of {expected}."),
    "value_error": ("It holds {error}.", "Take that out, or write it differently."),
}
PATTERNS: Mapping[str, tuple[str, str]] = {
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


def filled_in(page: TomlFile, form: type[AnySheet]) -> AnySheet | list[Problem]:
    """The page as its form, or what keeps it from being that."""
    try:
        return form.model_validate(dict(page.values))
    except ValidationError as error:
        return _mended(page, form, error.errors(include_url=False))


def _mended(page: TomlFile, form: type[Sheet], errors: list[ErrorDetails]) -> list[Problem]:
    found: dict[Path, list[ErrorDetails]] = {}
    for error in errors:
        found.setdefault(_path(page.values, error), []).append(error)
    return [
        page.problem(path, *_words(form, path, _telling(wrong))) for path, wrong in found.items()
    ]


def _telling(errors: list[ErrorDetails]) -> ErrorDetails:
    """Of several complaints about one value that may have several types, the one that is about its own type."""
    return next((error for error in errors if not error["type"].endswith("_type")), errors[0])


def _path(values: object, error: ErrorDetails) -> Path:
    """The error's place among the author's keys, without the names of the types that were tried there."""
    return tuple(_steps(values, error["loc"], missing=error["type"] == "missing"))


def _steps(values: Any, location: Path, *, missing: bool) -> Iterator[str | int]:
    for step in location:
        if _holds(values, step):
            values = values[step]
        elif not missing or step != location[-1]:
            return
        yield step


def _holds(values: object, step: str | int) -> bool:
    if isinstance(values, list):
        return isinstance(step, int) and step < len(values)
    return isinstance(values, dict) and step in values


def _words(form: type[Sheet], path: Path, error: ErrorDetails) -> tuple[str, str]:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden" or "[key]" in error["loc"]:
        return _unknown(form, path)
    if path[:1] == ("vary",) and len(path) > 1:
        return _unknown(form, path) if path[-1] in form.model_fields else PATTERNS[RANGE]
    if kind == "string_pattern_mismatch":
        return PATTERNS[context["pattern"]]
    wrong, remedy = WORDS.get(kind, ("It cannot be taken.", "Write it as the authors' page shows."))
    return wrong.format(**context), remedy.format(**context)


def _unknown(form: type[Sheet], path: Path) -> tuple[str, str]:
    key, part = str(path[-1]), PARTS.get(str(path[0])) if len(path) > 1 else None
    if len(path) > 1 and form is QuestionSheet and _is_displaced(key, part):
        above = "[vary]" if path[0] == "vary" else f"[[{path[0]}]]"
        wrong = f"It stands below {above}, so TOML takes it for a part of that table."
        return wrong, f"Move `{key}` above the first [[options]] and above [vary]."
    if path[0] == "vary":
        return (
            "It is no name for a parameter.",
            "Use small letters, digits and underscores, a letter first.",
        )
    like = nearest(key, (part or form).model_fields)
    return "There is no such key.", f"Did you mean `{like}`?" if like else "Take it out."


def _is_displaced(key: str, part: type[Sheet] | None) -> bool:
    return key in QuestionSheet.model_fields and key not in (part or Sheet).model_fields
