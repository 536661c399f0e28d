"""From a draft to the question that is asked: with its first values, or with those that a seed draws."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from bot.quiz.files.drafts import Draft
from bot.quiz.files.schema import QuestionSheet
from bot.quiz.files.variants import Row, dealt, filled
from bot.quiz.questions import Choices, Figure, Key, Number, Option, Phrase, Question

LETTERS = "ABCDEF"
DEFAULT_TRIES = 2


@dataclass(frozen=True, slots=True)
class Template:
    """A question with every row of values that it may be asked with."""

    draft: Draft
    rows: Sequence[Row]
    first: Question
    """As everybody sees it."""

    def drawn(self, seed: int) -> Question:
        """One member's own figures: the same seed gives the same question. Its letters are dealt anew."""
        if len(self.rows) == 1:
            return self.first
        row = self.rows[dealt(f"{self.draft.id}:{seed}", len(self.rows))[0]]
        return _shuffled(question(self.draft, row), seed)


def template(draft: Draft, rows: Sequence[Row]) -> Template:
    return Template(draft, rows, question(draft, rows[0]))


def question(draft: Draft, row: Row) -> Question:
    """A draft as it is asked, with one row of computed values."""
    sheet = filled(draft.sheet, row)
    asked = Question(
        id=draft.id,
        pack=draft.pack,
        kind=sheet.kind,
        level=sheet.level,
        seconds=sheet.seconds,
        tries=1 if sheet.truth is not None else sheet.tries or DEFAULT_TRIES,
        title=sheet.title,
        prompt=sheet.prompt,
        code=sheet.code or "",
        figure=Figure(sheet.figure.file, sheet.figure.alt) if sheet.figure else None,
        hints=tuple(sheet.hints),
        explanation=sheet.explanation,
        concept=sheet.concept,
        key=_key(sheet),
        proof=sheet.proof or "",
        digest="",
    )
    return replace(asked, digest=_digest(asked, draft.picture))


def _key(sheet: QuestionSheet) -> Key:
    if sheet.truth is not None:
        return Choices((_truth("A", sheet, says=True), _truth("B", sheet, says=False)))
    if sheet.number is not None:
        return Number(float(sheet.number.value), float(sheet.number.within))
    if sheet.phrases is not None:
        return Phrase(tuple(sheet.phrases))
    options = tuple(
        Option(letter, option.text or "", option.right, option.why_not or "")
        for letter, option in zip(LETTERS, sheet.options or (), strict=False)
    )
    return Choices(options, several=sum(option.right for option in options) > 1)


def _truth(letter: str, sheet: QuestionSheet, *, says: bool) -> Option:
    right = sheet.truth is says
    return Option(letter, str(says), right, "" if right else sheet.why_not or "")


def _shuffled(asked: Question, seed: int) -> Question:
    if not isinstance(asked.key, Choices):
        return asked
    options = asked.key.options
    order = dealt(f"{asked.digest}:{seed}", len(options))
    dealt_anew = tuple(
        replace(options[place], letter=letter)
        for letter, place in zip(LETTERS, order, strict=False)
    )
    shuffled = replace(asked, key=replace(asked.key, options=dealt_anew))
    return replace(shuffled, digest=_digest(shuffled, None))


def _digest(asked: Question, picture: bytes | None) -> str:
    content = json.dumps({**asdict(asked), "digest": ""}, sort_keys=True).encode()
    return hashlib.sha256(content + (picture or b"")).hexdigest()[:16]
