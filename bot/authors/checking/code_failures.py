"""Compares a question with one run of its code."""

import ast
from collections.abc import Iterator

from bot.authors.checking.check_report import CheckFailure, failure
from bot.authors.checking.parameter_draws import Parameters
from bot.authors.running.harness_job import ObservedRun, RaisedError
from bot.quiz.files.cross_field_rules import as_spoken
from bot.quiz.files.drafts import Draft
from bot.quiz.files.schema import OptionSheet
from bot.quiz.files.variants import Row, is_number

COMPUTED_KEY = "a key computed from what the code leaves"


def names_in(expression: str) -> set[str]:
    nodes = ast.walk(ast.parse(expression, mode="eval"))
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def error_failure(draft: Draft, key: str, error: RaisedError) -> CheckFailure:
    expected = error.source or "code that runs"
    return failure(draft, (key,), expected, error.message, below=error.line)


def run_failures(draft: Draft, run: ObservedRun) -> Iterator[CheckFailure]:
    wanted = draft.sheet.raises
    options = draft.sheet.options or ()
    asks_for_error = any("raised" in names_in(option.value or "0") for option in options)
    if run.error and not asks_for_error:
        if not wanted:
            yield error_failure(draft, "code", run.error)
        elif wanted not in run.error.message:
            yield failure(draft, ("raises",), wanted, run.error.message)
    if wanted and not run.error:
        yield failure(draft, ("raises",), wanted, "The code runs to its end.")
    for name in run.overwritten:
        expected = f"code that leaves `{name}` as drawn"
        yield failure(draft, ("vary", name), expected, "It uses the name for something else.")
    if run.figures:
        expected = "a figure as a file, or in the proof"
        yield failure(draft, ("code",), expected, "The code draws one.")


def value_failures(
    draft: Draft, parameters: Parameters, run: ObservedRun, row: Row
) -> Iterator[CheckFailure]:
    variant = ", ".join(f"{name} = {value}" for name, value in parameters.items())
    suffix = variant and f" with {variant}"
    seen: dict[str, int] = {}
    for index, option in enumerate(draft.sheet.options or ()):
        text = row[option.value] if option.value else option.text or ""
        spoken = as_spoken(text)
        if spoken in seen:
            expected = f"an option unlike option {seen[spoken] + 1}"
            yield failure(draft, ("options", index), expected, f"Both read {text}{suffix}.")
        seen.setdefault(spoken, index)
        if option.value is not None:
            for expected, found in _option_failures(draft, option, run, text, suffix):
                yield failure(draft, ("options", index, "value"), expected, found)


def _option_failures(
    draft: Draft, option: OptionSheet, run: ObservedRun, text: str, suffix: str
) -> Iterator[tuple[str, str]]:
    if option.right and _is_typed(draft, option.value or "0"):
        yield COMPUTED_KEY, f"`{option.value}` is typed."
    if not text.strip():
        yield "a value that can be seen", f"`{option.value}` gives nothing{suffix}."
    printed = _comparable(run.printed)
    right = [other for other in draft.sheet.options or () if other.right]
    if not printed or "\n" in printed or len(right) > 1:
        return
    if option.right and not printed.endswith(_comparable(text)):
        yield f"what the code prints: {printed}", f"{text}{suffix}"
    if not option.right and printed == _comparable(text):
        yield "a wrong option that is wrong", f"The code prints {text}{suffix}."


def number_failures(draft: Draft, row: Row) -> Iterator[CheckFailure]:
    number = draft.sheet.computed_number
    if number is None:
        return
    key = ("number", "value")
    if not is_number(row[number]):
        yield failure(draft, key, "a number", f"`{number}` gives {row[number]}.")
    if _is_typed(draft, number):
        yield failure(draft, key, COMPUTED_KEY, f"`{number}` is typed.")


def _is_typed(draft: Draft, expression: str) -> bool:
    return names_in(expression) <= set(draft.sheet.vary or {})


def _comparable(text: str) -> str:
    return text.strip().replace("torch.Size([", "(").replace("])", ")").replace(",)", ")")
