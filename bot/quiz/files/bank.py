"""The packs and questions of a folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import UserError
from bot.quiz.files import drafts
from bot.quiz.files.drafts import PackDraft
from bot.quiz.files.problems import BankError, Problem, nearest
from bot.quiz.files.proofs import ProofOutput, kept_output
from bot.quiz.files.templates import Template, build_question
from bot.quiz.files.variants import read_computed, rows_of
from bot.quiz.questions import Pack, Question


@dataclass(frozen=True, slots=True)
class Bank:
    packs: tuple[Pack, ...]
    templates: Mapping[str, Template]  # by the id of their question
    folders: Mapping[str, Path]  # the folder that each pack came from

    def pack(self, name: str) -> Pack:
        packs = {pack.name: pack for pack in self.packs}
        if name not in packs:
            raise UserError("no_such_pack", name=name[:48], like=nearest(name, packs))
        return packs[name]

    def question(self, question_id: str) -> Question:
        return self._template(question_id).first

    def variant(self, question_id: str, seed: int) -> Question:
        return self._template(question_id).variant(seed)

    def matching(
        self, pack: str | None = None, level: str | None = None, kind: str | None = None
    ) -> tuple[Question, ...]:
        return tuple(
            question
            for found in self.packs
            for question in found.questions
            if pack in (None, question.pack)
            and level in (None, question.level)
            and kind in (None, question.kind)
        )

    def figure(self, question: Question) -> bytes | None:
        template = self.templates.get(question.id)
        return template.draft.picture if template else None

    def proof_output(self, question: Question) -> ProofOutput | None:
        folder = self.folders.get(question.pack)
        return kept_output(folder, question) if folder else None

    def joined(self, other: "Bank") -> "Bank":
        return Bank(
            (*self.packs, *other.packs),
            {**self.templates, **other.templates},
            {**self.folders, **other.folders},
        )

    def only(self, wanted: Callable[[str], bool]) -> "Bank":
        templates = {key: found for key, found in self.templates.items() if wanted(pack_of(key))}
        folders = {name: folder for name, folder in self.folders.items() if wanted(name)}
        packs = tuple(pack for pack in self.packs if wanted(pack.name))
        return Bank(packs, templates, folders)

    def _template(self, question_id: str) -> Template:
        if question_id not in self.templates:
            raise UserError("question_gone")
        return self.templates[question_id]


def pack_of(question_id: str) -> str:
    return question_id.split("/", maxsplit=1)[0]


def load(folder: Path) -> Bank:
    bank, problems = load_with_problems(folder)
    if problems:
        raise BankError(problems)
    return bank


def load_with_problems(folder: Path) -> tuple[Bank, tuple[Problem, ...]]:
    found = drafts.read(folder)
    problems = list(found.problems)
    templates = {pack.name: _templates(folder, pack, problems) for pack in found.packs}
    broken = {pack_of(problem.file) for problem in problems}
    whole = [pack for pack in found.packs if pack.name not in broken]
    packs = tuple(
        Pack(
            pack.name,
            **pack.sheet.model_dump(exclude={"order"}),
            questions=tuple(template.first for template in templates[pack.name]),
        )
        for pack in whole
    )
    by_id = {found.draft.id: found for pack in whole for found in templates[pack.name]}
    folders = dict.fromkeys((pack.name for pack in whole), folder)
    return Bank(packs, by_id, folders), tuple(sorted(problems))


def _templates(folder: Path, pack: PackDraft, problems: list[Problem]) -> list[Template]:
    computed, wrong = read_computed(folder, pack.name)
    problems.extend(wrong)
    templates = []
    for draft in pack.drafts:
        rows = rows_of(draft, computed.get(draft.name))
        if isinstance(rows, Problem):
            problems.append(rows)
        else:
            templates.append(Template(draft, rows, build_question(draft, rows[0])))
    return templates
