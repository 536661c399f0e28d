"""The bank: every pack and question of a folder, ready to be asked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from bot.errors import UserError
from bot.quiz.files import drafts as reading
from bot.quiz.files.drafts import PackDraft
from bot.quiz.files.problems import BankError, Problem, nearest
from bot.quiz.files.proofs import ProofOutput, shown
from bot.quiz.files.templates import Template, template
from bot.quiz.files.variants import Row, rows, stored
from bot.quiz.questions import Pack, Question


@dataclass(frozen=True, slots=True)
class Bank:
    packs: tuple[Pack, ...]
    templates: Mapping[str, Template]
    """Each question by its id."""
    folders: Mapping[str, Path]
    """The folder that each pack came from."""

    def pack(self, name: str) -> Pack:
        for pack in self.packs:
            if pack.name == name:
                return pack
        like = nearest(name, (pack.name for pack in self.packs))
        raise UserError(
            f"There is no pack called {name[:48]}. "
            + (f"Did you mean {like}?" if like else "`/pack` shows all there are.")
        )

    def question(self, question_id: str) -> Question:
        """The question as everybody sees it."""
        return self._template(question_id).first

    def variant(self, question_id: str, seed: int) -> Question:
        """The question with one member's own figures, if it has any: the same seed gives the same."""
        return self._template(question_id).drawn(seed)

    def matching(
        self, pack: str | None = None, level: str | None = None, kind: str | None = None
    ) -> tuple[Question, ...]:
        """The questions of a pack, a level and a kind, each left open where it is None."""
        return tuple(
            question
            for each in self.packs
            for question in each.questions
            if pack in (None, each.name)
            and level in (None, question.level)
            and kind in (None, question.kind)
        )

    def figure(self, question: Question) -> bytes | None:
        known = self.templates.get(question.id)
        return known.draft.picture if known else None

    def shown(self, question: Question) -> ProofOutput | None:
        """What the question's proof showed with these very figures when it was last checked, if it is still that proof."""
        folder = self.folders.get(question.pack)
        return shown(folder, question) if folder else None

    def joined(self, other: "Bank") -> "Bank":
        """Both banks as one."""
        return Bank(
            (*self.packs, *other.packs),
            MappingProxyType({**self.templates, **other.templates}),
            MappingProxyType({**self.folders, **other.folders}),
        )

    def only(self, wanted: Callable[[str], bool]) -> "Bank":
        """The bank with those packs whose names are wanted."""
        return Bank(
            tuple(pack for pack in self.packs if wanted(pack.name)),
            MappingProxyType(
                {key: found for key, found in self.templates.items() if wanted(pack_of(key))}
            ),
            MappingProxyType(
                {name: folder for name, folder in self.folders.items() if wanted(name)}
            ),
        )

    def _template(self, question_id: str) -> Template:
        if question_id not in self.templates:
            raise UserError("This question is no longer in the bank. Ask for another one.")
        return self.templates[question_id]


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
    templates = dict(
        chain.from_iterable(_templates(folder, pack, problems) for pack in found.packs)
    )
    broken = {pack_of(problem.file) for problem in problems}
    whole = tuple(pack for pack in found.packs if pack.name not in broken)
    bank = Bank(
        tuple(_pack(pack, templates) for pack in whole),
        MappingProxyType({draft.id: templates[draft.id] for draft in reading.drafts(whole)}),
        MappingProxyType({pack.name: folder for pack in whole}),
    )
    return bank, tuple(sorted(problems))


def _pack(pack: PackDraft, templates: Mapping[str, Template]) -> Pack:
    sheet = pack.sheet
    questions = tuple(templates[draft.id].first for draft in pack.drafts)
    return Pack(
        pack.name, sheet.title, sheet.summary, sheet.badge, sheet.icon, sheet.minutes, questions
    )


def _templates(
    folder: Path, pack: PackDraft, problems: list[Problem]
) -> Iterator[tuple[str, Template]]:
    computed, wrong = stored(folder, pack.name)
    problems.extend(wrong)
    for draft in pack.drafts:
        found: tuple[Row, ...] | Problem = ({},)
        if draft.sheet.expressions():
            found = rows(draft, computed.get(draft.name))
        if isinstance(found, Problem):
            problems.append(found)
        else:
            yield draft.id, template(draft, found)
