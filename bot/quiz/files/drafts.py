"""Reads question files without running code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.quiz.files.cross_field_rules import rule_violations
from bot.quiz.files.problems import Problem, nearest
from bot.quiz.files.schema import NAME, AnySheet, PackSheet, QuestionSheet
from bot.quiz.files.toml_files import TomlFile, UnreadableError, read_bytes, read_toml
from bot.quiz.files.validation import validate

PACK_FILE = "pack.toml"
PNG = b"\x89PNG\r\n\x1a\n"
LARGEST_FIGURE = 512 * 1024
MOST_PACKS = 500
LONGEST_NAME = 48
IGNORED = frozenset({"__pycache__", "node_modules"})


@dataclass(frozen=True, slots=True)
class Draft:
    pack: str
    name: str
    toml: TomlFile
    sheet: QuestionSheet
    picture: bytes | None

    @property
    def id(self) -> str:
        return f"{self.pack}/{self.name}"


@dataclass(frozen=True, slots=True)
class PackDraft:
    name: str
    sheet: PackSheet
    drafts: tuple[Draft, ...]  # in the pack's order


@dataclass(frozen=True, slots=True)
class ParsedFolder:
    packs: tuple[PackDraft, ...]
    problems: tuple[Problem, ...]


def read(folder: Path) -> ParsedFolder:
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError as error:
        wrong = f"The folder cannot be read: {error.strerror}."
        return _nothing(folder, wrong, "Name one that can.")
    paths = [path for path in paths if path.name not in IGNORED and path.name[0] != "."]
    if not paths:
        return _nothing(folder, "There is no pack in it.", "Add a folder with a pack.toml.")
    reader = _FolderReader(folder)
    packs = tuple(filter(None, map(reader.pack, paths[:MOST_PACKS])))
    return ParsedFolder(packs, tuple(sorted(reader.problems)))


def _nothing(folder: Path, wrong: str, remedy: str) -> ParsedFolder:
    return ParsedFolder((), (Problem(str(folder), 0, "", wrong, remedy),))


class _FolderReader:
    def __init__(self, root: Path) -> None:
        self.problems: list[Problem] = []
        self._root = root

    def pack(self, path: Path) -> PackDraft | None:
        if not self._check_name(path, path.name):
            return None
        files = sorted(file for file in path.glob("*.toml") if file.name != PACK_FILE)
        found = {
            file.stem: self._draft(file) for file in files if self._check_name(file, file.stem)
        }
        if (filled := self._sheet(path / PACK_FILE, PackSheet)) is None:
            return None
        toml, sheet = filled
        self.problems += _order_problems(toml, sheet.order, [file.stem for file in files])
        drafts = [found.get(name) for name in dict.fromkeys(sheet.order)]
        return PackDraft(path.name, sheet, tuple(filter(None, drafts)))

    def _check_name(self, path: Path, name: str) -> bool:
        if re.fullmatch(NAME, name, re.ASCII) and len(name) <= LONGEST_NAME:
            return True
        file = path.relative_to(self._root).as_posix().encode(errors="backslashreplace").decode()
        remedy = f"Use small letters, digits and single hyphens, at most {LONGEST_NAME}."
        self.problems.append(Problem(file, 0, "", "Its name does not fit.", remedy))
        return False

    def _sheet(self, path: Path, form: type[AnySheet]) -> tuple[TomlFile, AnySheet] | None:
        try:
            toml = read_toml(self._root, path)
        except UnreadableError as error:
            self.problems.append(error.problem)
            return None
        sheet = validate(toml, form)
        if not isinstance(sheet, list):
            return toml, sheet
        self.problems += sheet
        return None

    def _draft(self, path: Path) -> Draft | None:
        if (filled := self._sheet(path, QuestionSheet)) is None:
            return None
        toml, sheet = filled
        count = len(self.problems)
        for key, wrong, remedy in rule_violations(sheet):
            self.problems.append(toml.problem(key, wrong, remedy))
        picture = self._picture(path, toml, sheet)
        if len(self.problems) > count:
            return None
        return Draft(path.parent.name, path.stem, toml, sheet, picture)

    def _picture(self, path: Path, toml: TomlFile, sheet: QuestionSheet) -> bytes | None:
        if sheet.figure is None:
            return None
        key = ("figure", "file")
        try:
            picture = read_bytes(self._root, path.parent / sheet.figure.file, LARGEST_FIGURE)
        except UnreadableError as error:
            self.problems.append(toml.problem(key, error.problem.wrong, error.problem.remedy))
            return None
        if not picture.startswith(PNG):
            self.problems.append(toml.problem(key, "It is no PNG.", "Save the picture as PNG."))
        return picture


def _order_problems(toml: TomlFile, order: list[str], names: list[str]) -> Iterator[Problem]:
    for index, name in enumerate(order):
        key = ("order", index)
        if name not in names:
            like = nearest(name, names)
            remedy = (
                f"Did you mean `{like}`?" if like else f"Add {name}.toml, or take the name out."
            )
            yield toml.problem(key, f"There is no file {name}.toml.", remedy)
        if name in order[:index]:
            yield toml.problem(key, f"`{name}` stands there twice.", "Keep it once.")
    for name in names:
        if name not in order:
            wrong = f"It does not list `{name}`."
            yield toml.problem(("order",), wrong, "Add it where it is to be asked.")
