"""Questions as asked, with values that a seed draws."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from bot.quiz.files.drafts import Draft
from bot.quiz.files.schema import QuestionSheet
from bot.quiz.files.variants import Row, fill_sheet, seeded_order
from bot.quiz.questions import Choices, Figure, Key, Number, Option, Phrase, Question

LETTERS = "ABCDEF"
DEFAULT_TRIES = 2


@dataclass(frozen=True, slots=True)
class Template:
    draft: Draft
    rows: Sequence[Row]
    first: Question  # as everybody sees it

    def variant(self, seed: int) -> Question:
        if len(self.rows) == 1:
            return self.first
        number = seeded_order(f"{self.draft.id}:{seed}", len(self.rows))[0]
        return _shuffled(build_question(self.draft, self.rows[number]), seed)


def build_question(draft: Draft, row: Row) -> Question:
    sheet = fill_sheet(draft.sheet, row)
    question = Question(
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
    return replace(question, digest=_digest(question, draft.picture))


def _key(sheet: QuestionSheet) -> Key:
    if sheet.truth is not None:
        options = []
        for letter, truth in (("A", True), ("B", False)):
            why_not = "" if truth is sheet.truth else sheet.why_not or ""
            options.append(Option(letter, str(truth), truth is sheet.truth, why_not))
        return Choices(tuple(options))
    if sheet.number is not None:
        return Number(float(sheet.number.value), float(sheet.number.within))
    if sheet.phrases is not None:
        return Phrase(tuple(sheet.phrases))
    options = [
        Option(letter, option.text or "", option.right, option.why_not or "")
        for letter, option in zip(LETTERS, sheet.options or (), strict=False)
    ]
    return Choices(tuple(options), several=sum(option.right for option in options) > 1)


def _shuffled(question: Question, seed: int) -> Question:
    if not isinstance(question.key, Choices):
        return question
    options = question.key.options
    order = seeded_order(f"{question.digest}:{seed}", len(options))
    shuffled = tuple(
        replace(options[place], letter=letter)
        for letter, place in zip(LETTERS, order, strict=False)
    )
    question = replace(question, key=replace(question.key, options=shuffled))
    return replace(question, digest=_digest(question, None))


def _digest(question: Question, picture: bytes | None) -> str:
    content = json.dumps({**asdict(question), "digest": ""}, sort_keys=True).encode()
    return hashlib.sha256(content + (picture or b"")).hexdigest()[:16]
