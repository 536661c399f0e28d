"""Computed values, and sheets filled with them."""

import hashlib
import json
from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.quiz.files.drafts import Draft
from bot.quiz.files.problems import Problem
from bot.quiz.files.schema import PLACEHOLDER, OptionSheet, QuestionSheet
from bot.quiz.files.toml_files import UnreadableError, read_bytes

COMPUTED_FILE = "computed.json"
REMEDY = "Run `python -m bot check --write`."
LARGEST = 4 * 1024 * 1024
Row = Mapping[str, str]  # each expression with its value as text


class ComputedRows(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    recipe: str  # digest of what the values were computed from
    torch: str
    rows: Annotated[list[list[str]], Field(min_length=1)]


class ComputedFile(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

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
    filled: dict[str, object] = {}
    # Without parameters, double braces in code are only braces.
    code = ("code", "proof") if sheet.vary else ()
    for name in ("prompt", "explanation", "concept", "why_not", *code):
        text = getattr(sheet, name)
        filled[name] = text and _fill(text, row)
    filled["hints"] = [_fill(hint, row) for hint in sheet.hints]
    if sheet.options:
        filled["options"] = [_fill_option(option, row) for option in sheet.options]
    if sheet.number and sheet.computed_number is not None:
        value = float(row[sheet.computed_number])
        filled["number"] = sheet.number.model_copy(update={"value": value})
    return sheet.model_copy(update=filled)


def _fill(text: str, row: Row) -> str:
    return PLACEHOLDER.sub(lambda found: row[found[1].strip()], text)


def _fill_option(option: OptionSheet, row: Row) -> OptionSheet:
    text = row[option.value] if option.value is not None else _fill(option.text or "", row)
    why_not = option.why_not and _fill(option.why_not, row)
    return option.model_copy(update={"text": text, "why_not": why_not})


def seeded_order(seed: str, count: int) -> list[int]:

    def digest(number: int) -> bytes:
        return hashlib.sha256(f"{seed}:{number}".encode()).digest()

    return sorted(range(count), key=digest)
