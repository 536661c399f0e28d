"""Computed values, and sheets filled with them."""

import hashlib
import json
from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from bot.quiz.files.drafts import Draft
from bot.quiz.files.problems import Problem
from bot.quiz.files.schema import PLACEHOLDER, QuestionSheet, Sheet
from bot.quiz.files.toml_files import UnreadableError, read_bytes

COMPUTED_FILE = "computed.json"
REMEDY = "Run `python -m bot check --write`."
LARGEST = 4 * 1024 * 1024
Row = Mapping[str, str]  # each expression with its value as text


class ComputedRows(Sheet):
    recipe: str  # digest of what the values were computed from
    torch: str
    rows: Annotated[list[list[str]], Field(min_length=1)]


class ComputedFile(Sheet):
    questions: dict[str, ComputedRows]


def recipe(sheet: QuestionSheet) -> str:
    inputs = json.dumps([sheet.code, sheet.vary, sheet.expressions()])
    return hashlib.sha256(inputs.encode()).hexdigest()[:16]


def read_computed(root: Path, pack: str) -> tuple[dict[str, ComputedRows], list[Problem]]:
    path = root / pack / COMPUTED_FILE
    if not path.exists():
        return {}, []
    try:
        computed = ComputedFile.model_validate_json(read_bytes(root, path, LARGEST))
    except UnreadableError as error:
        return {}, [error.problem]
    except ValidationError:
        file = f"{pack}/{COMPUTED_FILE}"
        return {}, [Problem(file, 0, "", "It is not as `check` wrote it.", REMEDY)]
    return computed.questions, []


def rows_of(draft: Draft, computed: ComputedRows | None) -> tuple[Row, ...] | Problem:
    columns = draft.sheet.expressions()
    if not columns:
        return ({},)
    if computed is None:
        return draft.toml.problem((), "Its values were never computed.", REMEDY)
    is_whole = all(len(row) == len(columns) for row in computed.rows)
    if computed.recipe != recipe(draft.sheet) or not is_whole:
        return draft.toml.problem((), "It has changed since its values were computed.", REMEDY)
    rows = tuple(dict(zip(columns, row, strict=True)) for row in computed.rows)
    number = draft.sheet.computed_number
    if number is not None and not all(is_number(row[number]) for row in rows):
        wrong = "What was computed for it is no number."
        return draft.toml.problem(("number", "value"), wrong, REMEDY)
    return rows


def is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def fill_sheet(sheet: QuestionSheet, row: Row) -> QuestionSheet:
    if not row:
        return sheet

    def fill(text: str | None) -> str | None:
        return text and PLACEHOLDER.sub(lambda found: row[found[1].strip()], text)

    # Without parameters, double braces in code are only braces.
    code = ("code", "proof") if sheet.vary else ()
    names = ("prompt", "explanation", "concept", "why_not", *code)
    filled: dict[str, object] = {name: fill(getattr(sheet, name)) for name in names}
    filled["hints"] = list(map(fill, sheet.hints))
    if sheet.options:
        filled["options"] = [
            option.model_copy(
                update={
                    "text": fill(option.text) if option.value is None else row[option.value],
                    "why_not": fill(option.why_not),
                }
            )
            for option in sheet.options
        ]
    if sheet.number and sheet.computed_number is not None:
        value = float(row[sheet.computed_number])
        filled["number"] = sheet.number.model_copy(update={"value": value})
    return sheet.model_copy(update=filled)


def seeded_order(seed: str, count: int) -> list[int]:
    return sorted(
        range(count), key=lambda number: hashlib.sha256(f"{seed}:{number}".encode()).digest()
    )
