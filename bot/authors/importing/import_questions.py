"""Imports questions from other formats."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

from bot.authors.importing import gift, red_trivia, spreadsheets
from bot.authors.importing.foreign_questions import ForeignQuestion, Found, NotImported
from bot.authors.new_question import add_to_order, toml
from bot.errors import OperatorError
from bot.quiz.files.cross_field_rules import SHORTEST, as_spoken, rule_violations
from bot.quiz.files.drafts import PACK_FILE
from bot.quiz.files.schema import MOST_QUESTIONS, NAME, QuestionSheet
from bot.quiz.files.toml_files import TomlFile
from bot.quiz.files.validation import validate

LARGEST = 4 * 1024 * 1024
LONGEST_NAME = 40
LONGEST_TITLE = 80
MOST_PHRASES = 20
LONGEST_PHRASE = 100
LONGEST_ANSWER = 1000
LONGEST_TIME = 600
NO_REASON = "The file that this question came from gives no reason."


@dataclass(frozen=True, slots=True)
class ImportResult:
    written: tuple[Path, ...]
    left_out: tuple[NotImported, ...]
    remarks: tuple[str, ...]  # what else was done, in sentences


def import_file(file: Path, root: Path, into: str = "") -> ImportResult:
    pack = into or slug(file.stem) or "imported"
    if not re.fullmatch(NAME, pack) or len(pack) > LONGEST_NAME:
        raise OperatorError(
            f"{pack[:80]} is no name for a pack: "
            f"use at most {LONGEST_NAME} small letters, digits and hyphens."
        )
    writer = _PackWriter(root / pack)
    left_out = []
    for found in _without_repeats(_read(file)):
        reason = found if isinstance(found, NotImported) else writer.write(found)
        if reason:
            left_out.append(reason)
    remarks = add_to_order(writer.folder, writer.names) if writer.names else ()
    written = tuple(writer.folder / f"{name}.toml" for name in writer.names)
    return ImportResult(written, tuple(left_out), remarks)


def _read(file: Path) -> Iterable[Found]:
    try:
        if file.stat().st_size > LARGEST:
            raise OperatorError(f"{file} is larger than {LARGEST // 1024 // 1024} MiB. Divide it.")
        content = file.read_bytes()
    except OSError as error:
        raise OperatorError(f"{file} cannot be read: {error.strerror}.") from error
    match file.suffix.lower():
        case ".xlsx":
            return spreadsheets.read_xlsx(file)
        case ".csv" | ".tsv":
            return spreadsheets.read_csv(_decode(content))
        case ".yaml" | ".yml":
            return red_trivia.read(_decode(content))
        case ".gift" | ".txt":
            return gift.read(_decode(content))
    raise OperatorError(
        f"{file.name} is of no known format. I read GIFT (.gift, .txt), "
        "trivia lists (.yaml) and sheets (.csv, .xlsx)."
    )


def _decode(content: bytes) -> str:
    is_utf_16 = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    try:
        text = content.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _without_repeats(all_found: Iterable[Found]) -> Iterator[Found]:
    lines: dict[str, int] = {}
    for found in all_found:
        if isinstance(found, ForeignQuestion):
            content = repr(replace(found, line=0))
            if content in lines:
                reason = f"It is the same question as in line {lines[content]}."
                yield NotImported(found.line, reason)
                continue
            lines[content] = found.line
        yield found


class _PackWriter:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []  # of the questions that were written
        taken = sum(path.name != PACK_FILE for path in folder.glob("*.toml"))
        self._most = MOST_QUESTIONS - taken

    def write(self, question: ForeignQuestion) -> NotImported | None:
        name = self._name(question)
        path = self.folder / f"{name}.toml"
        text = "#:schema ../schema.json\n" + toml(question_values(question))
        if reason := self._refusal(question, path, text):
            return NotImported(question.line, reason)
        self.folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.names.append(name)
        return None

    def _refusal(self, question: ForeignQuestion, path: Path, text: str) -> str:
        if not question.prompt:
            return "It asks nothing."
        has_choices = question.answers or question.number or question.truth is not None
        if not has_choices and not typeable(question.phrases):
            return "It has no answer that could be typed."
        if path.exists():
            return f"{path.name} is there already, and nothing is overwritten."
        if len(self.names) >= self._most:
            return f"The pack is full with {MOST_QUESTIONS} questions: import into another one."
        return _first_problem(path.name, text)

    def _name(self, question: ForeignQuestion) -> str:
        name = slug(question.title or question.prompt)
        if not name or f"{name}.toml" == PACK_FILE:
            name = f"line-{question.line}"
        count = 1
        numbered = name
        while numbered in self.names:
            count += 1
            numbered = f"{name}-{count}"
        return numbered


def _first_problem(file: str, text: str) -> str:
    # Why the loader would refuse it.
    sheet = validate(TomlFile(file, tomllib.loads(text), text), QuestionSheet)
    if isinstance(sheet, list):
        return f"{sheet[0].field}: {sheet[0].wrong} {sheet[0].remedy}"
    return next((f"{wrong} {remedy}" for _, wrong, remedy in rule_violations(sheet)), "")


def slug(text: str) -> str:
    ascii_text = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", ascii_text))[:LONGEST_NAME].strip("-")


def question_values(question: ForeignQuestion) -> dict[str, Any]:
    title = question.title
    if not 0 < len(title) <= LONGEST_TITLE:
        title = _shorten(question.prompt, LONGEST_TITLE)
    title = title.replace("\n", " ")
    return {
        "title": title,
        "kind": "conceptual",
        "level": "intermediate",
        "time": _time(question.seconds),
        "prompt": question.prompt,
        "explanation": question.explanation or f"The answer: {_answer(question)}.",
        "concept": title,
        **_key(question),
    }


def _key(question: ForeignQuestion) -> Mapping[str, Any]:
    if question.truth is not None:
        return {"truth": question.truth, "why_not": question.why_not or NO_REASON}
    if question.number:
        return {"number": question.number}
    if not question.answers:
        return {"phrases": typeable(question.phrases)}
    return {
        "options": [
            {"text": answer.text}
            | ({"right": True} if answer.right else {"why_not": answer.why_not or NO_REASON})
            for answer in question.answers
        ]
    }


def typeable(phrases: Iterable[str]) -> list[str]:
    kept: dict[str, str] = {}
    for phrase in phrases:
        spoken = as_spoken(phrase)
        if spoken and len(phrase) <= LONGEST_PHRASE:
            kept.setdefault(spoken, phrase)
    return list(kept.values())[:MOST_PHRASES]


def _answer(question: ForeignQuestion) -> str:
    if question.truth is not None:
        return str(question.truth).lower()
    if question.number:
        return f"{question.number['value']:g}"
    right = [answer.text for answer in question.answers if answer.right]
    return _shorten("; ".join(right or question.phrases[:1]), LONGEST_ANSWER)


def _shorten(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _time(seconds: int) -> str:
    if not seconds:
        return "1:30"
    minutes, rest = divmod(min(max(seconds, SHORTEST), LONGEST_TIME), 60)
    return f"{minutes}:{rest:02}"
