"""The files of a folder as their authors wrote them, checked for all that can be seen without running anything."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.quiz.files.cross_field_rules import broken
from bot.quiz.files.problems import Problem, nearest
from bot.quiz.files.schema import NAME, PackSheet, QuestionSheet
from bot.quiz.files.toml_files import (
    LARGEST_FIGURE,
    PNG,
    TomlFile,
    UnreadableError,
    read_bytes,
    read_page,
)
from bot.quiz.files.validation import filled_in

PACK_FILE = "pack.toml"
MOST_PACKS = 500
LONGEST_NAME = 48
UNREAL = frozenset({"__pycache__", "node_modules"})


@dataclass(frozen=True, slots=True)
class Draft:
    """One question as written."""

    pack: str
    name: str
    page: TomlFile
    sheet: QuestionSheet
    picture: bytes | None

    @property
    def id(self) -> str:
        return f"{self.pack}/{self.name}"

    def problem(self, field: tuple[str | int, ...], wrong: str, remedy: str) -> Problem:
        return self.page.problem(field, wrong, remedy)


@dataclass(frozen=True, slots=True)
class PackDraft:
    name: str
    sheet: PackSheet
    drafts: tuple[Draft, ...]
    """In the pack's order."""


@dataclass(frozen=True, slots=True)
class ParsedFolder:
    """What could be read of a folder, and every problem met on the way."""

    packs: tuple[PackDraft, ...]
    problems: tuple[Problem, ...]


def read(folder: Path) -> ParsedFolder:
    """The drafts of a folder of packs."""
    try:
        folders = sorted(path for path in folder.iterdir() if _is_pack(path))
    except OSError as error:
        problem = Problem(
            str(folder),
            0,
            "",
            f"The folder cannot be read: {error.strerror}.",
            "Name one that can.",
        )
        return ParsedFolder((), (problem,))
    if not folders:
        return ParsedFolder(
            (),
            (
                Problem(
                    str(folder), 0, "", "There is no pack in it.", "Add a folder with a pack.toml."
                ),
            ),
        )
    problems: list[Problem] = []
    packs = [_pack(folder, path, problems) for path in folders[:MOST_PACKS]]
    return ParsedFolder(tuple(pack for pack in packs if pack), tuple(sorted(problems)))


def _is_pack(path: Path) -> bool:
    return not path.name.startswith(".") and path.name not in UNREAL and path.is_dir()


def _pack(root: Path, path: Path, problems: list[Problem]) -> PackDraft | None:
    if _misnamed(root, path, path.name, problems):
        return None
    files = sorted(file for file in path.glob("*.toml") if file.name != PACK_FILE)
    drafts = [
        _draft(root, file, problems)
        for file in files
        if not _misnamed(root, file, file.stem, problems)
    ]
    found = {draft.name: draft for draft in drafts if draft}
    try:
        page = read_page(root, path / PACK_FILE)
    except UnreadableError as error:
        problems.append(error.problem)
        return None
    sheet = filled_in(page, PackSheet)
    if not isinstance(sheet, PackSheet):
        problems.extend(sheet)
        return None
    problems.extend(_order(page, sheet.order, [file.stem for file in files]))
    return PackDraft(
        path.name, sheet, tuple(found[name] for name in dict.fromkeys(sheet.order) if name in found)
    )


def _misnamed(root: Path, path: Path, name: str, problems: list[Problem]) -> bool:
    fits = re.fullmatch(NAME, name, re.ASCII) is not None and len(name) <= LONGEST_NAME
    if not fits:
        file = path.relative_to(root).as_posix().encode(errors="backslashreplace").decode()
        remedy = f"Use small letters, digits and single hyphens, at most {LONGEST_NAME}."
        problems.append(Problem(file, 0, "", "Its name does not fit.", remedy))
    return not fits


def _order(page: TomlFile, order: list[str], names: list[str]) -> Iterator[Problem]:
    for index, name in enumerate(order):
        if name not in names:
            like = nearest(name, names)
            remedy = (
                f"Did you mean `{like}`?" if like else f"Add {name}.toml, or take the name out."
            )
            yield page.problem(("order", index), f"There is no file {name}.toml.", remedy)
        if name in order[:index]:
            yield page.problem(("order", index), f"`{name}` stands there twice.", "Keep it once.")
    for name in names:
        if name not in order:
            yield page.problem(
                ("order",), f"It does not list `{name}`.", "Add it where it is to be asked."
            )


def _draft(root: Path, path: Path, problems: list[Problem]) -> Draft | None:
    try:
        page = read_page(root, path)
    except UnreadableError as error:
        problems.append(error.problem)
        return None
    sheet = filled_in(page, QuestionSheet)
    if not isinstance(sheet, QuestionSheet):
        problems.extend(sheet)
        return None
    wrong = [page.problem(where, *words) for where, *words in broken(sheet)]
    picture = _picture(root, path, page, sheet, wrong)
    problems.extend(wrong)
    return None if wrong else Draft(path.parent.name, path.stem, page, sheet, picture)


def _picture(
    root: Path, path: Path, page: TomlFile, sheet: QuestionSheet, problems: list[Problem]
) -> bytes | None:
    if sheet.figure is None:
        return None
    try:
        picture = read_bytes(root, path.parent / sheet.figure.file, LARGEST_FIGURE)
    except UnreadableError as error:
        problems.append(page.problem(("figure", "file"), error.problem.wrong, error.problem.remedy))
        return None
    if not picture.startswith(PNG):
        problems.append(
            page.problem(("figure", "file"), "It is no PNG.", "Save the picture as PNG.")
        )
    return picture


def drafts(packs: Iterable[PackDraft]) -> tuple[Draft, ...]:
    return tuple(draft for pack in packs for draft in pack.drafts)
