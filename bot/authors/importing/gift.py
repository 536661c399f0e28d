"""Reads GIFT, the format of Moodle."""

import re
from collections.abc import Iterator
from dataclasses import replace
from math import isfinite

from bot.authors.importing.foreign_questions import (
    ForeignAnswer,
    ForeignQuestion,
    Found,
    NotImported,
    clean,
    has_picture,
    without_tags,
)

FULL_WEIGHT = 100.0
BLANK = "_____"
TITLE = re.compile(r"\s*::((?:\\.|[^\\])*?)::", re.DOTALL)
FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
# These skip escaped characters: a match without its group is one.
BRACE = re.compile(r"\\.|([{}])", re.DOTALL)
ANSWER = re.compile(r"\\.|([=~])", re.DOTALL)
REMARK = re.compile(r"\\.|(####?(?!#)|#)", re.DOTALL)
WEIGHT = re.compile(r"^\s*%(-?[0-9]+(?:\.[0-9]+)?)%")
TRUTH = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?=#|$)", re.IGNORECASE)


def read(text: str) -> Iterator[Found]:
    for line, block in _blocks(text):
        rows = [row for row in block.split("\n") if not row.lstrip().startswith("$CATEGORY:")]
        if any(row.strip() for row in rows):
            yield _question(line, "\n".join(rows))


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    # An empty line between braces divides nothing.
    rows: list[str] = []
    start = 0
    depth = 0
    for number, row in enumerate(text.split("\n"), 1):
        if row.lstrip().startswith("//"):
            continue
        if (not row.strip() and depth <= 0) or (rows and TITLE.match(row)):
            if rows:
                yield start, "\n".join(rows)
            rows = []
            depth = 0
        if row.strip():
            if not rows:
                start = number
            rows.append(row)
            braces = [found[1] for found in BRACE.finditer(row)]
            depth += braces.count("{") - braces.count("}")
    if rows:
        yield start, "\n".join(rows)


def _question(line: int, block: str) -> Found:
    title = TITLE.match(block)
    text = block[title.end() :] if title else block
    if declared := FORMAT.match(text):
        text = text[declared.end() :]
    braces = [found for found in BRACE.finditer(text) if found[1]]
    if problem := _brace_problem([found[1] for found in braces]):
        return NotImported(line, problem)
    if has_picture(text):
        return NotImported(line, "It shows a picture, which the file does not hold.")
    opening, closing = braces
    before = text[: opening.start()]
    after = text[closing.end() :]
    found = _key(line, text[opening.end() : closing.start()])
    if isinstance(found, NotImported):
        return found
    is_asked = before.rstrip().endswith(("?", ":")) and not after.strip(" \n.")
    if after.strip() and not is_asked:
        before = f"{before.rstrip()} {BLANK}{after.rstrip()}"
    return replace(found, title=_words(title[1]) if title else "", prompt=_words(before))


def _brace_problem(braces: list[str]) -> str:
    if braces == ["{", "}"]:
        return ""
    if not braces:
        return "It has no answers between braces: a description, no question."
    if braces.count("{") == braces.count("}"):
        return "It has more than one block of answers."
    return "Its braces do not match."


def _key(line: int, body: str) -> Found:
    body, _, explanation = body.partition("####")
    if not body.strip():
        return NotImported(line, "It asks for an essay, which no bot can judge.")
    if truth := TRUTH.match(body):
        _, why_not = _divide_remark(body[truth.end() :])
        is_true = truth[1].upper().startswith("T")
        found: Found = ForeignQuestion(line, "", truth=is_true, why_not=_words(why_not))
    elif body.lstrip().startswith("#"):
        found = _number(line, body.lstrip()[1:])
    else:
        found = _answers(line, body)
    if isinstance(found, ForeignQuestion):
        return replace(found, explanation=_words(explanation))
    return found


def _answers(line: int, body: str) -> Found:
    answers = list(_divide_answers(body))
    if not answers:
        return NotImported(line, "Its answers begin neither with = nor with ~.")
    if any("->" in text for _, text in answers):
        return NotImported(line, "It asks to match pairs, which cannot be asked here.")
    marks = {mark for mark, _ in answers}
    if marks == {"="}:
        most = max(_weight(text) for _, text in answers)
        best = [text for _, text in answers if _weight(text) == most]
        phrases = [_words(_divide_remark(text)[0]) for text in best]
        return ForeignQuestion(line, "", phrases=phrases)
    return ForeignQuestion(
        line, "", answers=[_answer(mark, text, is_marked="=" in marks) for mark, text in answers]
    )


def _answer(mark: str, text: str, *, is_marked: bool) -> ForeignAnswer:
    # Right by its mark; where none is marked, by its weight.
    right = _weight(text, default=0 if mark == "~" else FULL_WEIGHT) > 0
    words, why_not = map(_words, _divide_remark(text))
    return ForeignAnswer(words, right and (mark == "=" or not is_marked), why_not)


def _number(line: int, body: str) -> Found:
    # With a tolerance, or a range; of several the one of most weight.
    texts = [text for _, text in _divide_answers(body)] or [body]
    text = _divide_remark(max(texts, key=_weight))[0].strip()
    try:
        if ".." in text:
            low, high = map(float, text.split("..", 1))
            value = (low + high) / 2
            within = abs(high - low) / 2
        else:
            number, _, tolerance = text.partition(":")
            value = float(number)
            within = abs(float(tolerance or 0))
    except ValueError:
        return NotImported(line, f"Its number cannot be read: {text[:40]}")
    if not (isfinite(value) and isfinite(within)):
        return NotImported(line, f"Its number is not finite: {text[:40]}")
    return ForeignQuestion(line, "", number={"value": value, "within": within})


def _divide_answers(body: str) -> Iterator[tuple[str, str]]:
    marks = [found for found in ANSWER.finditer(body) if found[1]]
    ends = [*(found.start() for found in marks[1:]), len(body)]
    for found, end in zip(marks, ends, strict=False):
        text = body[found.end() : end]
        if text.strip():
            yield found[1], text


def _divide_remark(text: str) -> tuple[str, str]:
    # The words, and the first of the remarks.
    text = WEIGHT.sub("", text)
    marks = [found for found in REMARK.finditer(text) if found[1]]
    starts = [0, *(found.end() for found in marks)]
    ends = [*(found.start() for found in marks), len(text)]
    words, *remarks = (text[start:end] for start, end in zip(starts, ends, strict=True))
    return words, "".join(remarks[:1])


def _weight(answer: str, default: float = FULL_WEIGHT) -> float:
    found = WEIGHT.match(answer)
    return float(found[1]) if found else default


def _words(text: str) -> str:
    text = text.replace("\n", " ")  # a line break of the file is only white space
    text = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)
    return clean(without_tags(text))
