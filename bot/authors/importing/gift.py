"""Moodle's GIFT: questions divided by empty lines, their answers between braces."""

import re
from collections.abc import Iterator
from dataclasses import replace
from math import isfinite

from bot.authors.importing.foreign_questions import (
    ForeignAnswer,
    ForeignQuestion,
    NotImported,
    has_picture,
    shown,
    without_tags,
)

FULL = 100.0
BLANK = "_____"
TITLE = re.compile(r"\s*::((?:\\.|[^\\])*?)::", re.DOTALL)
FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
BRACE = re.compile(r"\\.|([{}])", re.DOTALL)
PART = re.compile(r"\\.|([=~])", re.DOTALL)
NOTE = re.compile(r"\\.|(####?(?!#)|#)", re.DOTALL)
WEIGHT = re.compile(r"\s*%(-?[0-9]+(?:\.[0-9]+)?)%")
TRUTH = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?=#|$)", re.IGNORECASE)


def read(text: str) -> Iterator[ForeignQuestion | NotImported]:
    for line, block in blocks(text):
        found = question(line, block)
        if found is not None:
            yield found


def blocks(text: str) -> Iterator[tuple[int, str]]:
    """Each question's text with its first line; an empty line between open braces divides nothing."""
    rows: list[str] = []
    start = depth = 0
    for number, row in enumerate(text.split("\n"), 1):
        if row.lstrip().startswith("//"):
            continue
        if (not row.strip() and depth <= 0) or (rows and TITLE.match(row)):
            yield from [(start, "\n".join(rows))] if rows else []
            rows, depth = [], 0
        if row.strip():
            start = start if rows else number
            rows.append(row)
            depth += sum({"{": 1, "}": -1}.get(found[1] or "", 0) for found in BRACE.finditer(row))
    yield from [(start, "\n".join(rows))] if rows else []


def question(line: int, block: str) -> ForeignQuestion | NotImported | None:
    rows = [row for row in block.split("\n") if not row.lstrip().startswith("$CATEGORY:")]
    block = "\n".join(rows)
    if not block.strip():
        return None
    title = TITLE.match(block)
    rest = block[title.end() :] if title else block
    marked = FORMAT.match(rest)
    rest = rest[marked.end() :] if marked else rest
    braces = [found for found in BRACE.finditer(rest) if found[1]]
    if [found[1] for found in braces] != ["{", "}"]:
        return NotImported(line, _braces([found[1] for found in braces]))
    opened, closed = braces
    before, body, after = (
        rest[: opened.start()],
        rest[opened.end() : closed.start()],
        rest[closed.end() :],
    )
    if has_picture(rest):
        return NotImported(line, "It shows a picture, which the file does not hold.")
    asked = before.rstrip().endswith(("?", ":")) and not after.strip(" \n.")
    prompt = before if asked or not after.strip() else f"{before.rstrip()} {BLANK}{after.rstrip()}"
    found = key(line, body)
    if isinstance(found, NotImported):
        return found
    return replace(found, title=plain(title[1]) if title else "", prompt=plain(prompt))


def _braces(seen: list[str]) -> str:
    if not seen:
        return "It has no answers between braces: a description, no question."
    if seen.count("{") == seen.count("}"):
        return "It has more than one block of answers."
    return "Its braces do not match."


def key(line: int, body: str) -> ForeignQuestion | NotImported:
    """The key between the braces."""
    body, explanation = _explained(body)
    if not body.strip():
        return NotImported(line, "It asks for an essay, which no bot can judge.")
    if truth := TRUTH.match(body):
        notes = [plain(note) for note in _notes(body[truth.end() :])[1:]]
        right = truth[1].upper().startswith("T")
        return ForeignQuestion(
            line, "", truth=right, why_not=next(iter(notes), ""), explanation=explanation
        )
    if body.lstrip().startswith("#"):
        return _number(line, body.lstrip()[1:], explanation)
    return _answers(line, body, explanation)


def _answers(line: int, body: str, explanation: str) -> ForeignQuestion | NotImported:
    parts = list(_parts(body))
    if not parts:
        return NotImported(line, "Its answers begin neither with = nor with ~.")
    if any("->" in text for _, text in parts):
        return NotImported(line, "It asks to match pairs, which cannot be asked here.")
    if all(mark == "=" for mark, _ in parts):
        texts = [text for _, text in parts]
        weighed = [
            (FULL if weight is None else weight, plain(_notes(text)[0]))
            for weight, text in map(_weighed, texts)
        ]
        best = max(weight for weight, _ in weighed)
        return ForeignQuestion(
            line,
            "",
            phrases=[text for weight, text in weighed if weight == best],
            explanation=explanation,
        )
    one = any(mark == "=" for mark, _ in parts)
    return ForeignQuestion(
        line,
        "",
        answers=[_answer(mark, text, one=one) for mark, text in parts],
        explanation=explanation,
    )


def _answer(mark: str, part: str, *, one: bool) -> ForeignAnswer:
    """An answer that is right by its mark; where none is marked so, by a share that it earns."""
    weight, text = _weighed(part)
    words, *notes = map(plain, _notes(text))
    right = (
        mark == "=" and (weight is None or weight > 0) if one else weight is not None and weight > 0
    )
    return ForeignAnswer(words, right, next(iter(notes), ""))


def _number(line: int, body: str, explanation: str) -> ForeignQuestion | NotImported:
    """A number with a tolerance after a colon, or the two ends of a range; of several the one of most weight."""
    parts = [_weighed(text) for _, text in _parts(body)] or [_weighed(body)]
    _, best = max(parts, key=lambda part: FULL if part[0] is None else part[0])
    text = _notes(best)[0].strip()
    try:
        if ".." in text:
            low, high = map(float, text.split("..", 1))
            value, within = (low + high) / 2, abs(high - low) / 2
        else:
            first, _, second = text.partition(":")
            value, within = float(first), abs(float(second or 0))
    except ValueError:
        return NotImported(line, f"Its number cannot be read: {text[:40]}")
    if not (isfinite(value) and isfinite(within)):
        return NotImported(line, f"Its number is not finite: {text[:40]}")
    return ForeignQuestion(
        line, "", number={"value": value, "within": within}, explanation=explanation
    )


def _parts(body: str) -> Iterator[tuple[str, str]]:
    """Each answer with the mark before it."""
    marks = [found for found in PART.finditer(body) if found[1]]
    ends = [found.start() for found in marks[1:]] + [len(body)]
    for found, end in zip(marks, ends, strict=False):
        if body[found.end() : end].strip():
            yield found[1], body[found.end() : end]


def _weighed(part: str) -> tuple[float | None, str]:
    found = WEIGHT.match(part)
    return (float(found[1]), part[found.end() :]) if found else (None, part)


def _notes(text: str) -> list[str]:
    """The text, then each remark that a # divides from it."""
    places = [found for found in NOTE.finditer(text) if found[1]]
    starts = [0, *(found.end() for found in places)]
    return [
        text[start:end]
        for start, end in zip(starts, [*(f.start() for f in places), len(text)], strict=True)
    ]


def _explained(body: str) -> tuple[str, str]:
    head, mark, note = body.partition("####")
    return (head, plain(note)) if mark else (body, "")


def plain(text: str) -> str:
    """The words, without escapes and HTML; a line break of the file is only white space."""
    freed = re.sub(
        r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text.replace("\n", " ")
    )
    return shown(without_tags(freed))
