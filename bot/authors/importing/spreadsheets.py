"""Reads sheets with one row a question."""

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
    Found,
    NotImported,
    clean,
)
from bot.errors import OperatorError

Row = tuple[int, list[str]]  # a row's number in its file, and its cells

LARGEST_UNPACKED = 64 * 1024 * 1024
MOST_ROWS = 5000
MOST_ROWS_ABOVE = 30  # rows in which the headings are looked for
QUESTION = re.compile(
    r"(?:question|prompt|q|frage|pregunta|pergunta|domanda|vraag)\b"
    r"(?!.*\b(?:type|time|id|number|no|image|link|tags?)\b)",
    re.IGNORECASE,
)
OPTION = re.compile(
    r"(?:(?:answer|option|choice|response|antwort|respuesta|resposta|risposta|réponse|antwoord)"
    r"\s*[-_#(]*\s*(?:[1-9]|[a-h])\b|[a-h]$)",
    re.IGNORECASE,
)
CORRECT = re.compile(
    r".*(?:corre[ct]t|richtig|\bright\b|\bkey\b|\bsolution\b)|answers?$", re.IGNORECASE
)
TIME = re.compile(r".*\b(?:time|seconds)\b", re.IGNORECASE)
REASON = re.compile(r".*\b(?:explanation|feedback|rationale|reason)\b", re.IGNORECASE)


def read_csv(text: str) -> Iterator[Found]:
    rows: list[Row] = []
    head = "\n".join(text.split("\n")[:MOST_ROWS_ABOVE])
    lines = io.StringIO(text.replace("\0", ""), newline="")
    reader = csv.reader(lines, delimiter=max(",;\t|", key=head.count))
    while len(rows) < MOST_ROWS:
        try:
            rows.append((reader.line_num + 1, next(reader)))
        except StopIteration:
            break
        except csv.Error as error:
            yield NotImported(reader.line_num, f"The row cannot be read: {error}.")
    yield from _questions(rows)


def read_xlsx(path: Path) -> Iterator[Found]:
    try:
        sheets = _sheets(path)
    except OperatorError:
        raise
    except Exception as error:  # a spoiled workbook fails in as many ways as it has parts
        raise OperatorError(
            f"{path.name} cannot be opened as a workbook. Save it again as .xlsx, or as .csv."
        ) from error
    for rows in sheets:
        yield from _questions(rows)


def _sheets(path: Path) -> list[list[Row]]:
    from openpyxl import load_workbook  # noqa: PLC0415 (slow to load, for this format alone)

    with zipfile.ZipFile(path) as file:
        if sum(part.file_size for part in file.infolist()) > LARGEST_UNPACKED:
            raise OperatorError(f"{path.name} is too large once unpacked. Divide it.")
    with warnings.catch_warnings(action="ignore"):
        workbook = load_workbook(path, read_only=True, data_only=True)
        return [
            list(enumerate(map(_cells, sheet.iter_rows(None, MOST_ROWS, values_only=True)), 1))
            for sheet in workbook.worksheets
        ]


def _cells(values: Iterable[object]) -> list[str]:
    numbers = (
        int(value) if isinstance(value, float) and value.is_integer() else value for value in values
    )
    return ["" if value is None else str(value) for value in numbers]


@dataclass(frozen=True, slots=True)
class Columns:
    question: int
    options: list[int]
    correct: int
    time: int | None
    reason: int | None

    def options_in(self, row: list[str]) -> dict[int, str]:
        texts = {number: _text(row, place) for number, place in enumerate(self.options, 1)}
        return {number: text for number, text in texts.items() if text}


def _text(row: list[str], place: int | None) -> str:
    return clean(row[place]) if place is not None and place < len(row) else ""


def _questions(rows: Sequence[Row]) -> Iterator[Found]:
    for count, (_, headings) in enumerate(rows[:MOST_ROWS_ABOVE], 1):
        if columns := _columns([clean(heading) for heading in headings]):
            yield from _questions_below(columns, rows[count:])
            return
    if rows:
        reason = "There is no row of headings: question, answer 1, answer 2, … and correct answer."
        yield NotImported(1, reason)


def _columns(headings: list[str]) -> Columns | None:
    options = [place for place, heading in enumerate(headings) if OPTION.match(heading)]
    taken = set(options)

    def find(pattern: re.Pattern[str]) -> int | None:
        free = (place for place in range(len(headings)) if place not in taken)
        return next((place for place in free if pattern.match(headings[place])), None)

    if (question := find(QUESTION)) is None:
        return None
    taken.add(question)
    if (correct := find(CORRECT)) is None:
        return None
    taken.add(correct)
    return Columns(question, options, correct, find(TIME), find(REASON))


def _questions_below(columns: Columns, rows: Sequence[Row]) -> Iterator[Found]:
    asked = [(line, row) for line, row in rows if _text(row, columns.question)]
    are_numbers = all(
        _numbers(_text(row, columns.correct), columns.options_in(row)) for _, row in asked
    )
    for line, row in asked:
        yield _question(columns, line, row, are_numbers=are_numbers)


def _question(columns: Columns, line: int, row: list[str], *, are_numbers: bool) -> Found:
    correct = _text(row, columns.correct)
    options = columns.options_in(row)
    if not correct:
        return NotImported(line, "It does not say which answer is correct.")
    seconds = re.search(r"[0-9]{1,5}", _text(row, columns.time))
    found = ForeignQuestion(
        line,
        _text(row, columns.question),
        explanation=_text(row, columns.reason),
        seconds=int(seconds[0]) if seconds else 0,
    )
    if not options:
        return replace(found, phrases=[text for text in map(clean, correct.split("|")) if text])
    numbers = _numbers(correct, options)
    right = (are_numbers and numbers) or _numbers_by_text(correct, options) or numbers
    if not right:
        return NotImported(line, f"Its correct answer is none of its answers: {correct[:60]}")
    if sorted(text.casefold() for text in options.values()) == ["false", "true"]:
        return replace(found, truth=options[right[0]].casefold() == "true")
    answers = [ForeignAnswer(text, number in right) for number, text in options.items()]
    return replace(found, answers=answers)


def _numbers(correct: str, options: Mapping[int, str]) -> list[int]:
    if not re.fullmatch(r"[0-9a-zA-Z\s,;.&/|+]*", correct):
        return []
    numbers = []
    for mark in re.findall(r"[0-9]+|[a-z]+", correct.casefold()):
        if len(mark) > len("10"):
            return []
        numbers.append(int(mark) if mark.isdecimal() else " abcdefgh".find(mark))
    return numbers if all(number in options for number in numbers) else []


def _numbers_by_text(correct: str, options: Mapping[int, str]) -> list[int]:
    whole = [number for number, text in options.items() if text.casefold() == correct.casefold()]
    parts = {clean(part).casefold() for part in re.split(r"[,;|\n]", correct)}
    listed = [number for number, text in options.items() if text.casefold() in parts]
    return whole or (listed if len(listed) == len(parts) else [])
