"""The bank: every pack and question of a folder, ready to be asked."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from bot.errors import UserError
from bot.quiz import drafts as reading
from bot.quiz.drafts import Draft, PackDraft
from bot.quiz.problems import BankError, Problem, nearest
from bot.quiz.proofs import Shown, shown
from bot.quiz.questions import Choices, Figure, Key, Number, Option, Pack, Phrase, Question
from bot.quiz.sheets import QuestionSheet
from bot.quiz.variants import Row, dealt, filled, rows, stored

LETTERS = "ABCDEF"
DEFAULT_TRIES = 2


@dataclass(frozen=True, slots=True)
class Bank:
    packs: tuple[Pack, ...]
    variants: Mapping[str, tuple[Question, ...]]
    """Each question's variants by its id, the first being the one that everybody sees."""
    figures: Mapping[str, bytes]
    folders: Mapping[str, Path]
    """The folder that each pack came from."""

    def pack(self, name: str) -> Pack:
        for pack in self.packs:
            if pack.name == name:
                return pack
        like = nearest(name, (pack.name for pack in self.packs))
        raise UserError(f"There is no pack called {name[:48]}. " + (f"Did you mean {like}?" if like else "See /help."))

    def question(self, question_id: str) -> Question:
        return self._variants(question_id)[0]

    def variant(self, question_id: str, seed: int) -> Question:
        """One member's own figures: the same seed gives the same question. Its letters are dealt anew."""
        found = self._variants(question_id)
        if len(found) == 1:
            return found[0]
        return _shuffled(found[dealt(f"{question_id}:{seed}", len(found))[0]], seed)

    def matching(
        self, pack: str | None = None, level: str | None = None, kind: str | None = None
    ) -> tuple[Question, ...]:
        """The questions of a pack, a level and a kind, each left open where it is None."""
        return tuple(
            question
            for each in self.packs
            for question in each.questions
            if pack in (None, each.name) and level in (None, question.level) and kind in (None, question.kind)
        )

    def figure(self, question: Question) -> bytes | None:
        return self.figures.get(question.id)

    def shown(self, question: Question) -> Shown | None:
        """What the question's proof showed when it was last checked, if it is still that proof."""
        known = self.variants.get(question.id, ())
        if not any(variant.proof == question.proof for variant in known):
            return None
        return shown(self.folders[question.pack], known[0])

    def joined(self, other: "Bank") -> "Bank":
        """Both banks as one."""
        return Bank(
            (*self.packs, *other.packs),
            MappingProxyType({**self.variants, **other.variants}),
            MappingProxyType({**self.figures, **other.figures}),
            MappingProxyType({**self.folders, **other.folders}),
        )

    def only(self, packs: Collection[str]) -> "Bank":
        """The bank without any other packs."""
        return Bank(
            tuple(pack for pack in self.packs if pack.name in packs),
            MappingProxyType({key: found for key, found in self.variants.items() if pack_of(key) in packs}),
            MappingProxyType({key: found for key, found in self.figures.items() if pack_of(key) in packs}),
            MappingProxyType({name: folder for name, folder in self.folders.items() if name in packs}),
        )

    def _variants(self, question_id: str) -> tuple[Question, ...]:
        if question_id not in self.variants:
            raise UserError("This question is no longer in the bank. Ask for another one.")
        return self.variants[question_id]


def pack_of(question_id: str) -> str:
    return question_id.split("/", maxsplit=1)[0]


def load(folder: Path) -> Bank:
    """The bank of a folder, or a BankError with every problem that stands in its way."""
    bank, problems = gathered(folder)
    if problems:
        raise BankError(problems)
    return bank


def gathered(folder: Path) -> tuple[Bank, tuple[Problem, ...]]:
    """The packs of a folder that are whole, and every problem of the others."""
    found = reading.read(folder)
    problems = list(found.problems)
    variants = dict(chain.from_iterable(_pack_variants(folder, pack, problems) for pack in found.packs))
    broken = {pack_of(problem.file) for problem in problems}
    whole = tuple(pack for pack in found.packs if pack.name not in broken)
    drafts = reading.drafts(whole)
    bank = Bank(
        tuple(_pack(pack, variants) for pack in whole),
        MappingProxyType({draft.id: variants[draft.id] for draft in drafts}),
        MappingProxyType({draft.id: draft.picture for draft in drafts if draft.picture is not None}),
        MappingProxyType({pack.name: folder for pack in whole}),
    )
    return bank, tuple(sorted(problems))


def _pack(pack: PackDraft, variants: Mapping[str, tuple[Question, ...]]) -> Pack:
    sheet = pack.sheet
    questions = tuple(variants[draft.id][0] for draft in pack.drafts)
    return Pack(pack.name, sheet.title, sheet.summary, sheet.badge, sheet.icon, sheet.minutes, questions)


def _pack_variants(
    folder: Path, pack: PackDraft, problems: list[Problem]
) -> Iterator[tuple[str, tuple[Question, ...]]]:
    computed, wrong = stored(folder, pack.name)
    problems.extend(wrong)
    for draft in pack.drafts:
        found: tuple[Row, ...] | Problem = ({},)
        if draft.sheet.expressions():
            found = rows(draft, computed.get(draft.name))
        if isinstance(found, Problem):
            problems.append(found)
        else:
            yield draft.id, tuple(question(draft, row) for row in found)


def question(draft: Draft, row: Row) -> Question:
    """A draft as it is asked, with one row of computed values."""
    sheet = filled(draft.sheet, row) if row else draft.sheet
    key = _key(sheet)
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
        key=key,
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
    dealt_anew = tuple(replace(options[place], letter=letter) for letter, place in zip(LETTERS, order, strict=False))
    shuffled = replace(asked, key=replace(asked.key, options=dealt_anew))
    return replace(shuffled, digest=_digest(shuffled, None))


def _digest(asked: Question, picture: bytes | None) -> str:
    content = json.dumps({**asdict(asked), "digest": ""}, sort_keys=True).encode()
    return hashlib.sha256(content + (picture or b"")).hexdigest()[:16]
