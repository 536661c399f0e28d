"""Reading the files of a folder of questions: nothing outside it, nothing huge, nothing that is no text."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.quiz.files.problems import Problem
from bot.quiz.files.toml_lines import Path as KeyPath
from bot.quiz.files.toml_lines import found_lines, line_of

LARGEST_TEXT = 64 * 1024
LARGEST_FIGURE = 512 * 1024
PNG = b"\x89PNG\r\n\x1a\n"


class UnreadableError(Exception):
    """A file that cannot be taken; carries its one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A TOML file that was read."""

    file: str
    values: Mapping[str, Any]
    text: str

    def line(self, path: KeyPath) -> int:
        """The line of a key, or of the nearest thing around it."""
        return line_of(found_lines(self.text), path)

    def problem(self, path: KeyPath, wrong: str, remedy: str) -> Problem:
        return Problem(self.file, self.line(path), spelled(path), wrong, remedy)


def spelled(path: KeyPath) -> str:
    """A path as an author reads it: options[2].why_not, options counted from 1."""
    words = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(words).removeprefix(".")


def read_page(root: Path, path: Path) -> TomlFile:
    file = path.relative_to(root).as_posix()
    text = _text(root, path, file)
    try:
        values = tomllib.loads(text)
    except RecursionError as error:
        raise UnreadableError(
            Problem(file, 0, "", "The nesting is too deep.", "Write it flat.")
        ) from error
    except ValueError as error:
        raise UnreadableError(_syntax(file, text, str(error))) from error
    return TomlFile(file, values, text)


def read_bytes(root: Path, path: Path, largest: int) -> bytes:
    """The bytes of a plain file inside the folder."""
    file = path.relative_to(root).as_posix()
    wrong = _unfit(root, path, largest)
    if wrong:
        raise UnreadableError(Problem(file, 0, "", *wrong))
    try:
        return path.read_bytes()
    except OSError as error:
        remedy = "Give the bot the right to read it."
        raise UnreadableError(
            Problem(file, 0, "", f"It cannot be read: {error.strerror}.", remedy)
        ) from error


def _unfit(root: Path, path: Path, largest: int) -> tuple[str, str] | None:
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(root.resolve()):
            return (
                "It is a link out of the folder of questions.",
                "Copy the file itself into the pack.",
            )
        if not real.is_file():
            return "It is no plain file.", "Put a file there."
        if real.stat().st_size > largest:
            return f"It is larger than {largest // 1024} KiB.", "Make it smaller."
    except (OSError, RuntimeError, ValueError):
        return "There is no such file.", "Add it, or mend its name."
    return None


def _text(root: Path, path: Path, file: str) -> str:
    content = read_bytes(root, path, LARGEST_TEXT)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError(
            Problem(file, line, "", "It is not UTF-8 text.", "Save it as UTF-8.")
        ) from error


def _syntax(file: str, text: str, words: str) -> Problem:
    place = re.search(r" \(at line (\d+), column \d+\)$", words)
    line = int(place[1]) if place else text.count("\n", 0, len(text.rstrip())) + 1
    wrong = words[: place.start()] if place else words.removesuffix(" (at end of document)")
    return Problem(
        file,
        line,
        "",
        f"TOML cannot be read here: {wrong}.",
        "Mend the line, or the string opened above it.",
    )
