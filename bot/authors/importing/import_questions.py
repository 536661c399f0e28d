"""Bringing questions in from elsewhere: what can be taken becomes question files, the rest is told with its reason."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

from bot.authors.importing import gift, red_trivia, spreadsheets
from bot.authors.importing.foreign_questions import ForeignQuestion, NotImported
from bot.authors.new_question import listed
from bot.authors.toml_writer import toml
from bot.errors import OperatorError
from bot.quiz.files.cross_field_rules import SHORTEST, aloud, broken
from bot.quiz.files.drafts import PACK_FILE
from bot.quiz.files.schema import MOST_QUESTIONS, NAME, QuestionSheet
from bot.quiz.files.toml_files import TomlFile
from bot.quiz.files.validation import filled_in

LARGEST = 4 * 1024 * 1024
LONGEST_NAME = 40
LONGEST_TITLE = 80
MOST_PHRASES, LONGEST_PHRASE = 20, 100
LONGEST_TIME = 600
NO_REASON = "The file that this question came from gives no reason."


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import came to."""

    written: tuple[Path, ...]
    left: tuple[NotImported, ...]
    told: tuple[str, ...]
    """What else was done, in words."""


def bring(file: Path, root: Path, into: str = "") -> ImportResult:
    """Write the questions of a foreign file into a pack under the folder of packs; nothing there is overwritten."""
    pack = into or slug(file.stem) or "imported"
    if not re.fullmatch(NAME, pack) or len(pack) > LONGEST_NAME:
        raise OperatorError(
            f"{pack[:80]} is no name for a pack: use at most {LONGEST_NAME} small letters, digits and hyphens."
        )
    folder, written, left = root / pack, list[str](), list[NotImported]()
    room = MOST_QUESTIONS - sum(path.name != PACK_FILE for path in folder.glob("*.toml"))
    for found in _unlike(_read(file)):
        done = _put(folder, found, written, room) if isinstance(found, ForeignQuestion) else found
        if isinstance(done, NotImported):
            left.append(done)
        else:
            written.append(done)
    told = listed(folder, written) if written else ()
    return ImportResult(tuple(folder / f"{name}.toml" for name in written), tuple(left), told)


def _read(file: Path) -> Iterable[ForeignQuestion | NotImported]:
    """What a file holds, by the ending of its name."""
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
            return spreadsheets.read_csv(_text(content))
        case ".yaml" | ".yml":
            return red_trivia.read(_text(content))
        case ".gift" | ".txt":
            return gift.read(_text(content))
    raise OperatorError(
        f"{file.name} is of no known format. I read GIFT (.gift, .txt), trivia lists (.yaml) and sheets (.csv, .xlsx)."
    )


def _text(content: bytes) -> str:
    """Text in whichever of the usual encodings it is, with plain line ends."""
    encodings = ["utf-16"] if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig"]
    for encoding in encodings:
        try:
            return _lines(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    return _lines(content.decode("cp1252", errors="replace"))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unlike(
    all_found: Iterable[ForeignQuestion | NotImported],
) -> Iterator[ForeignQuestion | NotImported]:
    """Every question once, even where a file holds it twice."""
    seen: dict[str, int] = {}
    for found in all_found:
        words = repr(replace(found, line=0)) if isinstance(found, ForeignQuestion) else ""
        if words in seen:
            yield NotImported(found.line, f"It is the same question as in line {seen[words]}.")
            continue
        if words:
            seen[words] = found.line
        yield found


def _put(folder: Path, found: ForeignQuestion, written: list[str], room: int) -> str | NotImported:
    """Write one question; its name, or why it was left."""
    if not found.prompt:
        return NotImported(found.line, "It asks nothing.")
    if not (found.answers or found.number or found.truth is not None or typeable(found.phrases)):
        return NotImported(found.line, "It has no answer that could be typed.")
    name = _name(found, written)
    path = folder / f"{name}.toml"
    if path.exists():
        return NotImported(found.line, f"{path.name} is there already, and nothing is overwritten.")
    if len(written) >= room:
        return NotImported(
            found.line,
            f"The pack is full with {MOST_QUESTIONS} questions: import into another one.",
        )
    text = "#:schema ../schema.json\n" + toml(values(found))
    if wrong := _wrong(path.name, text):
        return NotImported(found.line, wrong)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return name


def _wrong(file: str, text: str) -> str:
    """The first reason why the loader would refuse this question."""
    page = TomlFile(file, tomllib.loads(text), text)
    sheet = filled_in(page, QuestionSheet)
    if not isinstance(sheet, QuestionSheet):
        return f"{sheet[0].field}: {sheet[0].wrong} {sheet[0].remedy}"
    return next((f"{wrong} {remedy}" for _, wrong, remedy in broken(sheet)), "")


def _name(found: ForeignQuestion, written: list[str]) -> str:
    name = slug(found.title or found.prompt)
    if not name or f"{name}.toml" == PACK_FILE:
        name = f"line-{found.line}"
    count = 2
    fresh = name
    while fresh in written:
        fresh = f"{name}-{count}"
        count += 1
    return fresh


def slug(text: str) -> str:
    """A text as a name: its first letters and digits, with hyphens between the words."""
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:LONGEST_NAME].strip("-")


def values(found: ForeignQuestion) -> dict[str, Any]:
    """The question in our own form; what the other format does not know is filled in for an author to better."""
    title = (
        found.title
        if 0 < len(found.title) <= LONGEST_TITLE
        else _short(found.prompt, LONGEST_TITLE)
    )
    return {
        "title": title.replace("\n", " "),
        "kind": "conceptual",
        "level": "intermediate",
        "time": _time(found.seconds),
        "prompt": found.prompt,
        "explanation": found.explanation or f"The answer: {_answer(found)}.",
        "concept": title.replace("\n", " "),
        **_key(found),
    }


def _key(found: ForeignQuestion) -> Mapping[str, Any]:
    if found.truth is not None:
        return {"truth": found.truth, "why_not": found.why_not or NO_REASON}
    if found.number:
        return {"number": found.number}
    if found.answers:
        return {
            "options": [
                _option(answer.text, answer.why_not, right=answer.right) for answer in found.answers
            ]
        }
    return {"phrases": typeable(found.phrases)}


def typeable(phrases: Iterable[str]) -> list[str]:
    """The answers that a person could type, each sound once."""
    kept: dict[str, str] = {}
    for phrase in phrases:
        if aloud(phrase) and len(phrase) <= LONGEST_PHRASE:
            kept.setdefault(aloud(phrase), phrase)
    return list(kept.values())[:MOST_PHRASES]


def _option(text: str, why_not: str, *, right: bool) -> dict[str, Any]:
    return (
        {"text": text, "right": True} if right else {"text": text, "why_not": why_not or NO_REASON}
    )


def _answer(found: ForeignQuestion) -> str:
    if found.truth is not None:
        return str(found.truth).lower()
    if found.number:
        return f"{found.number['value']:g}"
    right = [answer.text for answer in found.answers if answer.right] or list(found.phrases[:1])
    return _short("; ".join(right), 1000)


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _time(seconds: int) -> str:
    if not seconds:
        return "1:30"
    minutes, rest = divmod(min(max(seconds, SHORTEST), LONGEST_TIME), 60)
    return f"{minutes}:{rest:02}"
