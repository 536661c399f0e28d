"""What was computed for a question when it was last checked, and the question filled with it.

A template's expressions are columns, each drawn variant is a row; the bot asks them without running anything.
"""

import hashlib
import json
from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.quiz.files.drafts import Draft
from bot.quiz.files.problems import Problem
from bot.quiz.files.schema import FIELD, OptionSheet, QuestionSheet
from bot.quiz.files.toml_files import UnreadableError, read_bytes

COMPUTED_FILE = "computed.json"
LARGEST = 4 * 1024 * 1024
Row = Mapping[str, str]
"""Each expression with the text it gives."""


class Computed(BaseModel):
    """One question's values: `recipe` names what they were computed from."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    recipe: str
    torch: str
    rows: Annotated[list[list[str]], Field(min_length=1)]


class Store(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    questions: dict[str, Computed]


def recipe(sheet: QuestionSheet) -> str:
    """Changes with whatever the computed values depend on, and with nothing else."""
    return hashlib.sha256(
        json.dumps([sheet.code, sheet.vary, sheet.expressions()]).encode()
    ).hexdigest()[:16]


def stored(root: Path, pack: str) -> tuple[Mapping[str, Computed], tuple[Problem, ...]]:
    """The computed values of a pack's questions by name; none where nothing was ever computed."""
    path = root / pack / COMPUTED_FILE
    if not path.exists():
        return {}, ()
    try:
        return Store.model_validate_json(read_bytes(root, path, LARGEST)).questions, ()
    except UnreadableError as error:
        return {}, (error.problem,)
    except ValidationError:
        return {}, (
            Problem(f"{pack}/{COMPUTED_FILE}", 0, "", "It is not as `check` wrote it.", REMEDY),
        )


REMEDY = "Run `python -m bot check --write`."


def rows(draft: Draft, computed: Computed | None) -> tuple[Row, ...] | Problem:
    """The rows that belong to this very draft."""
    columns = draft.sheet.expressions()
    if computed is None:
        return draft.problem((), "Its values were never computed.", REMEDY)
    if computed.recipe != recipe(draft.sheet) or any(
        len(row) != len(columns) for row in computed.rows
    ):
        return draft.problem((), "It has changed since its values were computed.", REMEDY)
    found = tuple(dict(zip(columns, row, strict=True)) for row in computed.rows)
    number = draft.sheet.number
    if (
        number
        and isinstance(number.value, str)
        and not all(is_number(row[number.value]) for row in found)
    ):
        return draft.problem(("number", "value"), "What was computed for it is no number.", REMEDY)
    return found


def is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def filled(sheet: QuestionSheet, row: Row) -> QuestionSheet:
    """The question with one row of values in its fields."""
    if not row:
        return sheet
    number = sheet.number
    if number and isinstance(number.value, str):
        number = number.model_copy(update={"value": float(row[number.value])})
    return sheet.model_copy(
        update={
            "prompt": put(sheet.prompt, row),
            "code": put(sheet.code, row) if sheet.code and sheet.vary else sheet.code,
            "explanation": put(sheet.explanation, row),
            "concept": put(sheet.concept, row),
            "why_not": sheet.why_not and put(sheet.why_not, row),
            "proof": put(sheet.proof, row) if sheet.proof and sheet.vary else sheet.proof,
            "hints": [put(hint, row) for hint in sheet.hints],
            "options": sheet.options and [_option(option, row) for option in sheet.options],
            "number": number,
        }
    )


def put(text: str, row: Row) -> str:
    return FIELD.sub(lambda found: row[found[1].strip()], text)


def _option(option: OptionSheet, row: Row) -> OptionSheet:
    text = row[option.value] if option.value is not None else put(option.text or "", row)
    return option.model_copy(
        update={"text": text, "why_not": option.why_not and put(option.why_not, row)}
    )


def dealt(seed: str, count: int) -> tuple[int, ...]:
    """The numbers below `count` in an order that depends on nothing but the seed."""

    def place(number: int) -> bytes:
        return hashlib.sha256(f"{seed}:{number}".encode()).digest()

    return tuple(sorted(range(count), key=place))
