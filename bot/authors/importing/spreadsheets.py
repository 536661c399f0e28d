"""Sheets of questions, as Kahoot and its kin have them: one row a question, one column an answer."""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.authors.importing.foreign_questions import (
    ForeignAnswer,
    ForeignQuestion,
    NotImported,
    shown,
)
from bot.errors import OperatorError

Row = tuple[int, list[str]]
"""A row's number in its file, and its cells."""

LARGEST_UNPACKED = 64 * 1024 * 1024
MOST_ROWS = 5000
HEAD = 30
QUESTION = re.compile(
    r"(?:question|prompt|q|frage|pregunta|pergunta|domanda|vraag)\b(?!.*\b(?:type|time|id|number|no|image|link|tags?)\b)",
    re.IGNORECASE,
)
OPTION = re.compile(
    r"(?:(?:answer|option|choice|response|antwort|respuesta|resposta|risposta|réponse|antwoord)\s*[-_#(]*\s*(?:[1-9]|[a-h])\b"
    r"|[a-h]$)",
    re.IGNORECASE,
)
CORRECT = re.compile(
    r".*(?:corre[ct]t|richtig|\bright\b|\bkey\b|\bsolution\b)|answers?$", re.IGNORECASE
)
TIME = re.compile(r".*\b(?:time|seconds)\b", re.IGNORECASE)
REASON = re.compile(r".*\b(?:explanation|feedback|rationale|reason)\b", re.IGNORECASE)


def read_csv(text: str) -> Iterator[ForeignQuestion | NotImported]:
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), _dialect(text))
    while len(rows) < MOST_ROWS:
        try:
            rows.append((reader.line_num + 1, next(reader)))
        except StopIteration:
            break
        except csv.Error as error:
            yield NotImported(reader.line_num, f"The row cannot be read: {error}.")
    yield from questions(rows)


def _dialect(text: str) -> type[csv.Dialect]:
    """Commas unless the first rows speak for something else."""

    class Divided(csv.excel):
        delimiter = max(",;\t|", key="\n".join(text.split("\n")[:HEAD]).count)

    return Divided


def read_xlsx(path: Path) -> Iterator[ForeignQuestion | NotImported]:
    """Every sheet of a workbook, one after the other."""
    from openpyxl import load_workbook  # noqa: PLC0415 - it is slow to load and only this format needs it

    try:
        if _unpacked(path) <= LARGEST_UNPACKED:
            with warnings.catch_warnings(action="ignore"):
                book = load_workbook(path, read_only=True, data_only=True)
                sheets = [
                    list(_rows(each.iter_rows(max_row=MOST_ROWS, values_only=True)))
                    for each in book.worksheets
                ]
        else:
            sheets = None
    except Exception as error:  # a spoiled workbook fails in as many ways as it has parts
        raise OperatorError(
            f"{path.name} cannot be opened as a workbook. Save it again as .xlsx, or as .csv."
        ) from error
    if sheets is None:
        raise OperatorError(f"{path.name} is too large once unpacked. Divide it.")
    for rows in sheets:
        yield from questions(rows)


def _unpacked(path: Path) -> int:
    with zipfile.ZipFile(path) as file:
        return sum(part.file_size for part in file.infolist())


def _rows(rows: Iterable[Sequence[object]]) -> Iterator[Row]:
    for number, row in enumerate(rows, 1):
        yield number, [_cell(cell) for cell in row]


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


@dataclass(frozen=True, slots=True)
class Columns:
    question: int
    options: tuple[int, ...]
    correct: int
    time: int | None
    reason: int | None


def questions(rows: Sequence[Row]) -> Iterator[ForeignQuestion | NotImported]:
    """What the rows below the row of headings ask."""
    columns, below = _columns(rows)
    if columns is None:
        yield from (
            [
                NotImported(
                    1,
                    "There is no row of headings: question, answer 1, answer 2, … and correct answer.",
                )
            ]
            if rows
            else []
        )
        return
    numbered = all(_places(*_told(columns, row)) for _, row in below if _at(row, columns.question))
    for line, row in below:
        if _at(row, columns.question):
            yield _question(columns, line, row, numbered=numbered)


def _columns(rows: Sequence[Row]) -> tuple[Columns | None, Sequence[Row]]:
    for place, (_, row) in enumerate(rows[:HEAD]):
        if columns := _headings([shown(cell) for cell in row]):
            return columns, rows[place + 1 :]
    return None, ()


def _headings(cells: list[str]) -> Columns | None:
    options = tuple(place for place, cell in enumerate(cells) if OPTION.match(cell))

    def first(pattern: re.Pattern[str], *, but: tuple[int | None, ...] = ()) -> int | None:
        free = (place for place in range(len(cells)) if place not in options and place not in but)
        return next((place for place in free if pattern.match(cells[place])), None)

    question = first(QUESTION)
    correct = first(CORRECT, but=(question,))
    if question is None or correct is None:
        return None
    return Columns(
        question,
        options,
        correct,
        first(TIME, but=(question, correct)),
        first(REASON, but=(question, correct)),
    )


def _at(row: list[str], place: int | None) -> str:
    return shown(row[place]) if place is not None and place < len(row) else ""


def _told(columns: Columns, row: list[str]) -> tuple[str, dict[int, str]]:
    """What a row says is correct, and its options by their numbers from 1."""
    options = {number: _at(row, place) for number, place in enumerate(columns.options, 1)}
    return _at(row, columns.correct), {number: text for number, text in options.items() if text}


def _places(correct: str, options: Mapping[int, str]) -> list[int]:
    """The numbers of the correct options, given as numbers or letters; none where they are given otherwise."""
    marks = re.findall(r"[0-9]+|[a-z]+", correct.casefold())
    numbers = [
        int(mark) if mark.isdecimal() else " abcdefgh".find(mark)
        for mark in marks
        if len(mark) <= len("10")
    ]
    fits = len(numbers) == len(marks) and all(number in options for number in numbers)
    return numbers if fits and re.fullmatch(r"[0-9a-zA-Z\s,;.&/|+]*", correct) else []


def _question(
    columns: Columns, line: int, row: list[str], *, numbered: bool
) -> ForeignQuestion | NotImported:
    correct, options = _told(columns, row)
    if not correct:
        return NotImported(line, "It does not say which answer is correct.")
    found = ForeignQuestion(
        line,
        _at(row, columns.question),
        explanation=_at(row, columns.reason),
        seconds=_seconds(_at(row, columns.time)),
    )
    if not options:
        return replace(
            found, phrases=[text for part in correct.split("|") if (text := shown(part))]
        )
    right = (
        (_places(correct, options) if numbered else [])
        or _named(correct, options)
        or _places(correct, options)
    )
    if not right:
        return NotImported(line, f"Its correct answer is none of its answers: {correct[:60]}")
    texts = [text.casefold() for text in options.values()]
    if sorted(texts) == ["false", "true"]:
        return replace(found, truth=options[right[0]].casefold() == "true")
    return replace(
        found, answers=[ForeignAnswer(text, number in right) for number, text in options.items()]
    )


def _named(correct: str, options: Mapping[int, str]) -> list[int]:
    """The numbers of the options that are named by their words."""
    whole = [number for number, text in options.items() if text.casefold() == correct.casefold()]
    parts = {shown(part).casefold() for part in re.split(r"[,;|\n]", correct)}
    listed = [number for number, text in options.items() if text.casefold() in parts]
    return whole or (listed if len(listed) == len(parts) else [])


def _seconds(text: str) -> int:
    found = re.search(r"[0-9]{1,5}", text)
    return int(found[0]) if found else 0
